"""URL table: certificates, and their public verification."""

from __future__ import annotations

from flask import Blueprint

from app.web.certificates import views

blueprint = Blueprint("certificates", __name__)
blueprint.add_url_rule("/certificates", view_func=views.mine)
blueprint.add_url_rule("/certificates/<number>", view_func=views.certificate)
blueprint.add_url_rule("/certificates/<number>.pdf", view_func=views.pdf)
blueprint.add_url_rule("/verify", view_func=views.ask)
blueprint.add_url_rule("/verify/<number>", view_func=views.verify)
blueprint.add_url_rule("/.well-known/qijue-keys.json", view_func=views.keys)
