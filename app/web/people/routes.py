"""URL table: accounts, for administrators."""

from __future__ import annotations

from flask import Blueprint

from app.web.people import views

blueprint = Blueprint("people", __name__)
blueprint.add_url_rule("/people", view_func=views.index)
blueprint.add_url_rule("/people/new", view_func=views.new, methods=["GET", "POST"])
blueprint.add_url_rule("/people/<int:user_id>", view_func=views.person, methods=["GET", "POST"])
blueprint.add_url_rule("/people/<int:user_id>/email", view_func=views.email, methods=["POST"])
blueprint.add_url_rule("/people/<int:user_id>/password", view_func=views.reset, methods=["POST"])
blueprint.add_url_rule("/people/<int:user_id>/sessions", view_func=views.sign_out, methods=["POST"])
blueprint.add_url_rule("/people/<int:user_id>/active", view_func=views.active, methods=["POST"])
