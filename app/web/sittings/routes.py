"""URL table: sittings, their rosters and tickets, and the log-in with a ticket."""

from __future__ import annotations

from flask import Blueprint

from app.web.sittings import edit_views, roster_views, ticket_views, views, wording

blueprint = Blueprint("sittings", __name__)
blueprint.context_processor(wording.known)
blueprint.add_url_rule("/sittings", view_func=views.index)
blueprint.add_url_rule("/sittings/new", view_func=edit_views.new, methods=["GET", "POST"])
blueprint.add_url_rule("/sittings/<int:sitting_id>", view_func=views.sitting)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/edit", view_func=edit_views.edit, methods=["GET", "POST"]
)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/cancel", view_func=edit_views.cancel, methods=["POST"]
)
blueprint.add_url_rule("/sittings/<int:sitting_id>/roster", view_func=roster_views.roster)
blueprint.add_url_rule("/sittings/<int:sitting_id>/roster.xlsx", view_func=roster_views.excel)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/roster/add",
    view_func=roster_views.add,
    methods=["GET", "POST"],
)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/roster/<int:registration_id>",
    view_func=roster_views.place,
)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/roster/<int:registration_id>/off",
    view_func=roster_views.take_off,
    methods=["POST"],
)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/tickets", view_func=ticket_views.issue, methods=["POST"]
)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/roster/<int:registration_id>/ticket",
    view_func=ticket_views.issue_one,
    methods=["POST"],
)
blueprint.add_url_rule("/ticket", view_func=ticket_views.enter, methods=["GET", "POST"])
