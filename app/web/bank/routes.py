"""URL table: the question bank."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from app.web.bank import (
    bulk_views,
    filter_views,
    list_views,
    question_views,
    review_views,
)
from app.web.bank.names import NAMES

blueprint = Blueprint("bank", __name__)
blueprint.add_url_rule("/questions", view_func=list_views.index)
blueprint.add_url_rule("/questions", view_func=filter_views.save_filter, methods=["POST"])
blueprint.add_url_rule(
    "/questions/filters/<int:filter_id>/delete",
    view_func=filter_views.delete_filter,
    methods=["POST"],
)
blueprint.add_url_rule("/questions/bulk", view_func=bulk_views.bulk)
blueprint.add_url_rule("/questions/bulk", view_func=bulk_views.do_bulk, methods=["POST"])
blueprint.add_url_rule("/questions/bulk/preview", view_func=bulk_views.bulk_preview)
blueprint.add_url_rule("/questions/bulk/changes", view_func=bulk_views.changes)
blueprint.add_url_rule(
    "/questions/bulk/changes/<int:change_id>/undo",
    view_func=bulk_views.undo_change,
    methods=["POST"],
)
blueprint.add_url_rule("/questions/review", view_func=review_views.review)
blueprint.add_url_rule("/questions/mine", view_func=review_views.own)
blueprint.add_url_rule("/questions/<question_id>", view_func=question_views.question)
blueprint.add_url_rule("/questions/<question_id>/differences", view_func=question_views.differences)
blueprint.add_url_rule(
    "/questions/<question_id>/submit", view_func=review_views.submit, methods=["POST"]
)
blueprint.add_url_rule(
    "/questions/<question_id>/decide", view_func=review_views.decide, methods=["POST"]
)
blueprint.add_url_rule(
    "/questions/<question_id>/retire", view_func=review_views.retire, methods=["GET", "POST"]
)
blueprint.add_url_rule(
    "/questions/<question_id>/revive", view_func=review_views.revive, methods=["POST"]
)
blueprint.add_url_rule(
    "/questions/<question_id>/comments", view_func=review_views.comment, methods=["POST"]
)
blueprint.add_url_rule(
    "/questions/<question_id>/comments/<int:comment_id>",
    view_func=review_views.resolve,
    methods=["POST"],
)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    """What the templates of this area call things."""
    return NAMES
