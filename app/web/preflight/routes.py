"""URL table: the checks before an exam."""

from __future__ import annotations

from flask import Blueprint

from app.web.preflight import views

blueprint = Blueprint("preflight", __name__)
blueprint.add_url_rule("/sittings/<int:sitting_id>/preflight", view_func=views.show)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/preflight", view_func=views.run, methods=["POST"]
)
