"""URL table: accommodations."""

from __future__ import annotations

from flask import Blueprint

from app.web.accommodations import views

blueprint = Blueprint("accommodations", __name__)
blueprint.add_url_rule("/accommodations", view_func=views.index)
blueprint.add_url_rule("/accommodations/new", view_func=views.new, methods=["GET", "POST"])
blueprint.add_url_rule("/accommodations/<int:accommodation_id>", view_func=views.approval)
blueprint.add_url_rule(
    "/accommodations/<int:accommodation_id>/revoke", view_func=views.revoke, methods=["POST"]
)
