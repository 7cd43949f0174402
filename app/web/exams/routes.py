"""URL table: sitting an exam, from the list to the result, and the staff's list of sittings."""

from __future__ import annotations

from flask import Blueprint

from app.extensions import csrf
from app.web.exams import attempt_views, views

blueprint = Blueprint("exams", __name__)
blueprint.add_url_rule("/exams", view_func=views.index)
blueprint.add_url_rule("/exams/<int:sitting_id>", view_func=views.sitting)
blueprint.add_url_rule(
    "/exams/<int:sitting_id>/register", view_func=views.register, methods=["POST"]
)
blueprint.add_url_rule("/exams/<int:sitting_id>/start", view_func=views.start, methods=["POST"])
blueprint.add_url_rule("/attempts/<int:attempt_id>", view_func=attempt_views.page)
blueprint.add_url_rule(
    "/attempts/<int:attempt_id>/tab", view_func=attempt_views.claim, methods=["POST"]
)
blueprint.add_url_rule(
    "/attempts/<int:attempt_id>/saves", view_func=attempt_views.save, methods=["POST"]
)
blueprint.add_url_rule(
    "/attempts/<int:attempt_id>/submit", view_func=attempt_views.submit, methods=["POST"]
)
blueprint.add_url_rule("/attempts/<int:attempt_id>/done", view_func=attempt_views.done)
blueprint.add_url_rule("/sittings", view_func=views.staff_sittings)

# The tab's token is a secret that no other site's page can know.
csrf.exempt(attempt_views.save)
