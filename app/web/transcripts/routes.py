"""URL table: one's transcripts."""

from __future__ import annotations

from flask import Blueprint

from app.web.transcripts import views

blueprint = Blueprint("transcripts", __name__)
blueprint.add_url_rule("/attempts/<int:attempt_id>/transcript", view_func=views.transcript)
blueprint.add_url_rule("/attempts/<int:attempt_id>/transcript.pdf", view_func=views.pdf)
