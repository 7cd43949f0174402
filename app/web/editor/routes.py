"""URL table: writing questions, and the pictures in them."""

from __future__ import annotations

from flask import Blueprint

from app.web.editor import live_views, picture_views, views

blueprint = Blueprint("editor", __name__)
blueprint.add_url_rule("/questions/new", view_func=views.new)
blueprint.add_url_rule("/questions/new", view_func=views.create, methods=["POST"])
blueprint.add_url_rule("/questions/<question_id>/edit", view_func=views.edit)
blueprint.add_url_rule("/questions/<question_id>/edit", view_func=views.save, methods=["POST"])
blueprint.add_url_rule("/questions/<question_id>/duplicate", view_func=views.duplicate)
blueprint.add_url_rule("/questions/<question_id>/presence", view_func=live_views.presence)
blueprint.add_url_rule("/questions/<question_id>/stem", view_func=live_views.stem, methods=["POST"])
blueprint.add_url_rule("/questions/drafts/discard", view_func=views.discard, methods=["POST"])
blueprint.add_url_rule("/questions/autosave", view_func=live_views.autosave, methods=["POST"])
blueprint.add_url_rule("/questions/preview", view_func=live_views.preview, methods=["POST"])
blueprint.add_url_rule("/questions/check", view_func=live_views.check, methods=["POST"])
blueprint.add_url_rule("/questions/try-out", view_func=live_views.try_answer, methods=["POST"])
blueprint.add_url_rule("/questions/similar", view_func=live_views.similar, methods=["POST"])
blueprint.add_url_rule("/questions/pictures", view_func=picture_views.upload, methods=["POST"])
blueprint.add_url_rule("/media/<name>", view_func=picture_views.medium)
