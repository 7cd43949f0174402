"""URL table: the first page."""

from __future__ import annotations

from flask import Blueprint

from app.web.home import views

blueprint = Blueprint("home", __name__)
blueprint.add_url_rule("/", view_func=views.index)
