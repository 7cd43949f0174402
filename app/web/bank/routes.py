"""URL table: the question bank."""

from __future__ import annotations

from flask import Blueprint

from app.web.bank import views

blueprint = Blueprint("bank", __name__)
blueprint.add_url_rule("/questions", view_func=views.index)
blueprint.add_url_rule("/questions/<question_id>", view_func=views.question)
blueprint.add_url_rule(
    "/questions/<question_id>/edit", view_func=views.edit, methods=["GET", "POST"]
)
