"""URL table: who trained whom."""

from __future__ import annotations

from flask import Blueprint

from app.web.trainers import views

blueprint = Blueprint("trainers", __name__)
blueprint.add_url_rule("/trainers", view_func=views.index)
blueprint.add_url_rule("/trainers", view_func=views.name, methods=["POST"])
blueprint.add_url_rule("/trainers/remove", view_func=views.remove, methods=["POST"])
