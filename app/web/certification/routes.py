"""URL table: decisions on certificates."""

from __future__ import annotations

from flask import Blueprint

from app.web.certification import views

blueprint = Blueprint("certification", __name__)
blueprint.add_url_rule("/certification", view_func=views.index)
blueprint.add_url_rule(
    "/certification/<int:user_id>/<int:scheme_version_id>", view_func=views.person
)
blueprint.add_url_rule(
    "/certification/<int:user_id>/<int:scheme_version_id>",
    view_func=views.decide,
    methods=["POST"],
)
blueprint.add_url_rule("/certification/reviews", view_func=views.reviews)
blueprint.add_url_rule("/certification/reviews/<int:review_id>", view_func=views.review)
blueprint.add_url_rule(
    "/certification/reviews/<int:review_id>", view_func=views.decide_review, methods=["POST"]
)
