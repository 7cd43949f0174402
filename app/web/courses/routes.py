"""URL table: the course and its lessons."""

from __future__ import annotations

from flask import Blueprint

from app.web.courses import views

blueprint = Blueprint("courses", __name__)
blueprint.add_url_rule("/course", view_func=views.course)
blueprint.add_url_rule("/lessons/<lesson_id>", view_func=views.lesson)
blueprint.add_url_rule("/lessons/<lesson_id>/done", view_func=views.done, methods=["POST"])
blueprint.add_url_rule("/lessons/<lesson_id>/time", view_func=views.time, methods=["POST"])
