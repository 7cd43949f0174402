"""URL table: releases of results."""

from __future__ import annotations

from flask import Blueprint

from app.web.releases import views

blueprint = Blueprint("releases", __name__)
blueprint.add_url_rule("/releases", view_func=views.index)
blueprint.add_url_rule("/releases/<int:release_id>", view_func=views.release)
blueprint.add_url_rule(
    "/releases/<int:release_id>/decide", view_func=views.decide, methods=["POST"]
)
blueprint.add_url_rule("/sittings/<int:sitting_id>/release", view_func=views.new)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/release", view_func=views.propose, methods=["POST"]
)
