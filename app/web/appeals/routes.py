"""URL table: appeals and complaints."""

from __future__ import annotations

from flask import Blueprint

from app.web.appeals import handling_views, own_views

blueprint = Blueprint("appeals", __name__)
blueprint.add_url_rule("/attempts/<int:attempt_id>/appeal", view_func=own_views.new)
blueprint.add_url_rule(
    "/attempts/<int:attempt_id>/appeal", view_func=own_views.file, methods=["POST"]
)
blueprint.add_url_rule("/my/appeals/<int:appeal_id>", view_func=own_views.letter)
blueprint.add_url_rule("/my/appeals/<int:appeal_id>.pdf", view_func=own_views.letter_pdf)
blueprint.add_url_rule(
    "/my/appeals/<int:appeal_id>/withdraw", view_func=own_views.withdraw, methods=["POST"]
)
blueprint.add_url_rule("/appeals", view_func=handling_views.index)
blueprint.add_url_rule("/appeals/<int:appeal_id>", view_func=handling_views.appeal)
for act in ("take", "grade", "correct", "answer"):
    blueprint.add_url_rule(
        f"/appeals/<int:appeal_id>/{act}",
        view_func=getattr(handling_views, act),
        methods=["POST"],
    )
