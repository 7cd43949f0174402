"""Checking the file of a dossier that came back."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError

from app.domain.dossiers.findings import Level, Verdict
from app.domain.dossiers.form import LARGEST_FILE
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.services import dossiers
from app.services.certificates import Signer
from app.web.access import requires, settings
from app.web.dossiers.forms import VerifyForm
from app.web.dossiers.names import LEVEL_MARKS, subject_name, told, verdict_lead, verdict_name
from app.web.dossiers.speech import exact
from app.web.errors import STATUS, sentence

_FRAME = 64 * 1024
"""Bytes of a request beside the file in it."""


@requires(Permission.EXPORT_DOSSIERS)
def verify() -> ResponseReturnValue:
    """Take a file and tell what is right and what is wrong about it."""
    request.max_content_length = LARGEST_FILE + _FRAME
    form = VerifyForm()
    found, problem, status = None, None, 200
    if form.validate_on_submit():
        try:
            found = dossiers.verify(
                form.file.data.read(LARGEST_FILE + 1),
                signer=Signer.of(settings()),
                receipt_key=bytes.fromhex(settings().receipt_key),
            )
        except DomainError as error:
            problem, status = sentence(error), STATUS[error.kind]
    elif form.errors:
        if "csrf_token" in form.errors:
            raise CSRFError
        status = 400
    page = render_template(
        "dossiers/verify.html",
        form=form,
        problem=problem,
        found=found,
        summary=_summary(found) if found else [],
        looks={
            Verdict.GENUINE: ("good", "patch-check"),
            Verdict.MOVED_ON: ("warn", "arrow-left-right"),
            Verdict.BROKEN: ("bad", "x-octagon"),
        },
        icons=LEVEL_MARKS,
        verdict_name=verdict_name,
        verdict_lead=verdict_lead,
        subject_name=subject_name,
        told=told,
    )
    return page, status


def _summary(found: dossiers.Verification) -> list[tuple[str, str]]:
    """Whose dossier it is and why it was made: of a file that is as it was signed."""
    if found.findings[0].level is not Level.GOOD:
        return []
    dossier = found.dossier
    made, person = dossier["made"], dossier["person"]
    by = next((who["name"] for who in dossier["people"] if who["id"] == made["by"]), None)
    return [
        (_("Candidate"), f"{person['name']} ({person['username']})"),
        (_("Admission number"), dossier["registration"]["admission_number"]),
        (_("Attempt ID"), str(dossier["attempt"]["id"])),
        (_("Made at"), exact(made["at"])),
        (_("Made by"), by or _("the system")),
        (_("Reason"), made["reason"]),
    ]
