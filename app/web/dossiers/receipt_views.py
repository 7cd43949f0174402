"""Receipts: a candidate's own as a list, and what a single one stands for."""

from __future__ import annotations

import re

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.domain.dossiers.wording import Wording, wording
from app.domain.permissions import Permission
from app.queries.dossiers import attempt_ids_of, own_receipts
from app.services import dossiers
from app.web.access import me, requires, settings
from app.web.dossiers.names import save_name
from app.web.dossiers.receipt_list import receipt_csv
from app.web.dossiers.speech import exact, speech

_RECEIPT = re.compile(r"[0-9a-f]{64}")


@requires(Permission.SIT_EXAMS)
def receipts(attempt_id: int) -> ResponseReturnValue:
    """The receipts of one's own attempt as CSV, also while the exam runs."""
    found = own_receipts(attempt_id, user_id=me().user_id)
    if found is None:
        raise NotFound
    response = make_response(receipt_csv(attempt_id, found))
    name = f"receipts-{found.admission_number}-{attempt_id}.csv"
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@requires(Permission.EXPORT_DOSSIERS)
def receipt() -> ResponseReturnValue:
    """Which stored answer a receipt stands for, and whether it is genuine."""
    typed = "".join(request.args.get("receipt", "").lower().split())
    of = request.args.get("of", "").strip()[:40]
    problem, status = None, 200
    claims: list[tuple[dossiers.Claim, Wording]] = []
    if not _RECEIPT.fullmatch(typed):
        problem, status = _("A receipt has 64 characters, the digits 0–9 and the letters a–f."), 400
    elif of and not (attempts := attempt_ids_of(of)):
        problem, status = _("There is no attempt with this number."), 404
    else:
        claims = [
            (claim, _words(claim))
            for attempt_id in (attempts if of else [None])
            if (claim := _claim(typed, attempt_id)) is not None
        ]
        status = 200 if claims else 404
    page = render_template(
        "dossiers/receipt.html",
        receipt=typed[:64],
        of=of,
        problem=problem,
        claims=claims,
        save_name=save_name,
        exact=exact,
    )
    return page, status


def _claim(receipt: str, attempt_id: int | None) -> dossiers.Claim | None:
    key = bytes.fromhex(settings().receipt_key)
    return dossiers.claim(receipt, receipt_key=key, attempt_id=attempt_id)


def _words(claim: dossiers.Claim) -> Wording:
    return wording(claim.question, claim.layout, claim.answer, speech())
