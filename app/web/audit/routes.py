"""URL table: the audit log."""

from __future__ import annotations

from flask import Blueprint

from app.web.audit import views

blueprint = Blueprint("audit", __name__)
blueprint.add_url_rule("/audit", view_func=views.index)
