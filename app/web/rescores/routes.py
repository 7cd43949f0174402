"""URL table: re-scores of questions."""

from __future__ import annotations

from flask import Blueprint

from app.web.rescores import views

blueprint = Blueprint("rescores", __name__)
blueprint.add_url_rule("/rescores", view_func=views.index)
blueprint.add_url_rule("/rescores/new", view_func=views.choose)
blueprint.add_url_rule("/rescores/new/<int:exam_id>/<int:version_id>", view_func=views.new)
blueprint.add_url_rule(
    "/rescores/new/<int:exam_id>/<int:version_id>", view_func=views.propose, methods=["POST"]
)
blueprint.add_url_rule("/rescores/<int:rescore_id>", view_func=views.rescore)
blueprint.add_url_rule(
    "/rescores/<int:rescore_id>/decide", view_func=views.decide, methods=["POST"]
)
