"""URL table: logging in and one's own account."""

from __future__ import annotations

from flask import Blueprint

from app.web.accounts import views

blueprint = Blueprint("accounts", __name__)
blueprint.add_url_rule("/login", view_func=views.sign_in, methods=["GET", "POST"])
blueprint.add_url_rule("/logout", view_func=views.sign_out, methods=["POST"])
blueprint.add_url_rule("/language", view_func=views.language, methods=["POST"])
blueprint.add_url_rule("/account", view_func=views.account)
blueprint.add_url_rule("/account/password", view_func=views.password, methods=["GET", "POST"])
blueprint.add_url_rule(
    "/account/sessions/<int:session_id>/end", view_func=views.end_session, methods=["POST"]
)
