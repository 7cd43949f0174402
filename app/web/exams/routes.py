"""URL table: sitting an exam, from the list to the result."""

from __future__ import annotations

from flask import Blueprint

from app.extensions import csrf
from app.web.exams import attempt_views, media_views, slips, views

blueprint = Blueprint("exams", __name__)
blueprint.add_url_rule("/exams", view_func=views.index)
blueprint.add_url_rule("/exams/<int:sitting_id>", view_func=views.sitting)
blueprint.add_url_rule(
    "/exams/<int:sitting_id>/register", view_func=views.register, methods=["POST"]
)
blueprint.add_url_rule("/exams/<int:sitting_id>/agree", view_func=views.agree, methods=["POST"])
blueprint.add_url_rule("/exams/<int:sitting_id>/place", view_func=views.place)
blueprint.add_url_rule("/exams/<int:sitting_id>/slip.pdf", view_func=slips.slip)
blueprint.add_url_rule("/exams/<int:sitting_id>/start", view_func=views.start, methods=["POST"])
blueprint.add_url_rule("/attempts/<int:attempt_id>", view_func=attempt_views.page)
blueprint.add_url_rule(
    "/attempts/<int:attempt_id>/tab", view_func=attempt_views.claim, methods=["POST"]
)
blueprint.add_url_rule(
    "/attempts/<int:attempt_id>/saves", view_func=attempt_views.save, methods=["POST"]
)
blueprint.add_url_rule("/attempts/<int:attempt_id>/state", view_func=attempt_views.state)
blueprint.add_url_rule(
    "/attempts/<int:attempt_id>/section", view_func=attempt_views.close_section, methods=["POST"]
)
blueprint.add_url_rule(
    "/attempts/<int:attempt_id>/break", view_func=attempt_views.take_break, methods=["POST"]
)
blueprint.add_url_rule(
    "/attempts/<int:attempt_id>/break/end", view_func=attempt_views.end_break, methods=["POST"]
)
blueprint.add_url_rule(
    "/attempts/<int:attempt_id>/submit", view_func=attempt_views.submit, methods=["POST"]
)
blueprint.add_url_rule("/attempts/<int:attempt_id>/media/<name>", view_func=media_views.medium)
blueprint.add_url_rule("/attempts/<int:attempt_id>/done", view_func=attempt_views.done)

# The tab's token is a secret that no other site's page can know.
csrf.exempt(attempt_views.save)
