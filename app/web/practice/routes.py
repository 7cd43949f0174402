"""URL table: practice."""

from __future__ import annotations

from flask import Blueprint

from app.web.practice import views

blueprint = Blueprint("practice", __name__)
blueprint.add_url_rule("/practice", view_func=views.index)
blueprint.add_url_rule("/practice/<scope>", view_func=views.question)
blueprint.add_url_rule("/practice/<scope>/answer", view_func=views.answer, methods=["POST"])
blueprint.add_url_rule("/practice/<scope>/feedback/<int:answer_id>", view_func=views.feedback)
