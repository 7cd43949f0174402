"""URL table: import and export of questions."""

from __future__ import annotations

from flask import Blueprint

from app.extensions import csrf
from app.web.exchange import export_views, import_views, run_views, wording

blueprint = Blueprint("exchange", __name__)
blueprint.context_processor(wording.known)
blueprint.add_url_rule(
    "/questions/import", view_func=import_views.import_questions, methods=["GET", "POST"]
)
blueprint.add_url_rule("/questions/import/template.xlsx", view_func=import_views.template)
blueprint.add_url_rule("/questions/import/<uuid:run_id>", view_func=run_views.run)
blueprint.add_url_rule("/questions/import/<uuid:run_id>/progress", view_func=run_views.progress)
blueprint.add_url_rule(
    "/questions/import/<uuid:run_id>/confirm", view_func=run_views.confirm, methods=["POST"]
)
blueprint.add_url_rule(
    "/questions/import/<uuid:run_id>/cancel", view_func=run_views.cancel, methods=["POST"]
)
blueprint.add_url_rule(
    "/questions/export", view_func=export_views.export_questions, methods=["GET", "POST"]
)
blueprint.add_url_rule("/questions/export/<uuid:export_id>", view_func=export_views.export)
blueprint.add_url_rule("/questions/export/<uuid:export_id>/file", view_func=export_views.download)

# A file of this size is read only once it is known who sends it: the form checks the token.
csrf.exempt(import_views.import_questions)
