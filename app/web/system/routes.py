"""URL table: what machines ask."""

from __future__ import annotations

from flask import Blueprint

from app.web.system import views

blueprint = Blueprint("system", __name__)
blueprint.add_url_rule("/healthz", view_func=views.healthz)
blueprint.add_url_rule("/readyz", view_func=views.readyz)
blueprint.add_url_rule("/favicon.ico", view_func=views.favicon)
blueprint.add_url_rule("/sw.js", view_func=views.offline_worker)
