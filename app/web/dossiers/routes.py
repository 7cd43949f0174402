"""URL table: dossiers of attempts, receipts, and verifying them."""

from __future__ import annotations

from flask import Blueprint

from app.extensions import csrf
from app.web.dossiers import receipt_views, verify_views, views

blueprint = Blueprint("dossiers", __name__)
blueprint.add_url_rule("/dossiers", view_func=views.index)
blueprint.add_url_rule(
    "/dossiers/<int:attempt_id>", view_func=views.attempt, methods=["GET", "POST"]
)
blueprint.add_url_rule("/dossiers/verify", view_func=verify_views.verify, methods=["GET", "POST"])
blueprint.add_url_rule("/dossiers/receipt", view_func=receipt_views.receipt)
blueprint.add_url_rule("/attempts/<int:attempt_id>/receipts", view_func=receipt_views.receipts)

# A file of this size is read only once it is known who sends it: the form checks the token.
csrf.exempt(verify_views.verify)
