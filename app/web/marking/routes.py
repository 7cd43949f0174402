"""URL table: marking by people."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from app.web.marking import check_views, desk_views, lead_views, work_views
from app.web.marking.names import NAMES

blueprint = Blueprint("marking", __name__)
blueprint.add_url_rule("/marking", view_func=desk_views.index)
blueprint.add_url_rule(
    "/marking/<int:exam_id>/<int:version_id>/next", view_func=desk_views.take, methods=["POST"]
)
blueprint.add_url_rule("/marking/scripts/<script>", view_func=desk_views.answer)
blueprint.add_url_rule("/marking/scripts/<script>", view_func=desk_views.finish, methods=["POST"])
blueprint.add_url_rule(
    "/marking/scripts/<script>/draft", view_func=desk_views.draft, methods=["POST"]
)
blueprint.add_url_rule(
    "/marking/scripts/<script>/hand-back", view_func=desk_views.hand_back, methods=["POST"]
)
blueprint.add_url_rule(
    "/marking/scripts/<script>/comments", view_func=desk_views.add_comment, methods=["POST"]
)
blueprint.add_url_rule(
    "/marking/scripts/<script>/comments/<int:comment_id>/retire",
    view_func=desk_views.retire_comment,
    methods=["POST"],
)
blueprint.add_url_rule("/marking/table", view_func=lead_views.table)
blueprint.add_url_rule("/marking/table/figures", view_func=lead_views.figures)
blueprint.add_url_rule("/marking/disputes", view_func=lead_views.disputes)
blueprint.add_url_rule("/marking/reading", view_func=lead_views.reading)
blueprint.add_url_rule("/marking/scripts/<script>/marks", view_func=lead_views.marks)
blueprint.add_url_rule(
    "/marking/scripts/<script>/marks", view_func=lead_views.decide, methods=["POST"]
)
blueprint.add_url_rule(
    "/marking/scripts/<script>/agree", view_func=lead_views.agree, methods=["POST"]
)
blueprint.add_url_rule("/marking/work", view_func=work_views.work)
blueprint.add_url_rule("/marking/work", view_func=work_views.hand_out, methods=["POST"])
blueprint.add_url_rule("/marking/checks", view_func=check_views.checks)
blueprint.add_url_rule("/marking/checks/new", view_func=check_views.new_check)
blueprint.add_url_rule("/marking/checks/new", view_func=check_views.make_check, methods=["POST"])
blueprint.add_url_rule(
    "/marking/checks/<script>/approve", view_func=check_views.approve, methods=["POST"]
)
blueprint.add_url_rule(
    "/marking/checks/<script>/retire", view_func=check_views.retire, methods=["POST"]
)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    """What the templates of this area call things."""
    return dict(NAMES)
