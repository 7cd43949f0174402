"""URL table: held answers, answer files, integrity signals and statements."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from app.web.reviews import held_views, record_views, signal_views
from app.web.reviews.names import NAMES

blueprint = Blueprint("reviews", __name__)
blueprint.add_url_rule("/sittings/<int:sitting_id>/held", view_func=held_views.held)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/held/file",
    view_func=held_views.answer_file,
    methods=["GET", "POST"],
)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/held/<int:attempt_id>", view_func=held_views.held_attempt
)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/held/<int:attempt_id>/decide",
    view_func=held_views.decide,
    methods=["POST"],
)
blueprint.add_url_rule("/sittings/<int:sitting_id>/signals", view_func=signal_views.signals)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/signals/<int:attempt_id>", view_func=signal_views.signals_of
)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/signals/<int:attempt_id>/review",
    view_func=signal_views.review,
    methods=["POST"],
)
blueprint.add_url_rule("/attempts/<int:attempt_id>/record", view_func=record_views.record)
blueprint.add_url_rule(
    "/attempts/<int:attempt_id>/statements",
    view_func=record_views.make_statement,
    methods=["POST"],
)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return NAMES
