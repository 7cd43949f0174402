"""URL table: results for HR."""

from __future__ import annotations

from flask import Blueprint

from app.web.results import views

blueprint = Blueprint("results", __name__)
blueprint.add_url_rule("/results", view_func=views.index)
blueprint.add_url_rule("/results.xlsx", view_func=views.excel)
