"""One's own appeals: filing one, withdrawing it, the letter with its outcome."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.domain.appeals import LONGEST_TEXT, AppealKind
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.text import N_
from app.queries import appeals, exams
from app.queries.appeals import AppealView
from app.queries.versions import paper_slots
from app.services import appeals as writes
from app.services.attempts import AttemptMissing
from app.services.mails import Letterhead
from app.web.access import actor, me, requires, settings
from app.web.appeals.document import letter_document
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.results import names
from app.web.results.forms import typed


@requires(Permission.SIT_EXAMS)
def new(attempt_id: int) -> ResponseReturnValue:
    """What can be filed until when, the form, and what was filed before."""
    return _form_page(attempt_id)


@requires(Permission.SIT_EXAMS)
def file(attempt_id: int) -> ResponseReturnValue:
    """File it; a refused one comes back as it was filled in."""
    kind = request.form.get("kind", "")
    position = request.form.get("position", "")
    try:
        if kind not in set(AppealKind):
            raise DomainError("kind-missing", N_("Choose whether it is an appeal or a complaint."))
        appeal_id = writes.file(
            attempt_id,
            kind=AppealKind(kind),
            text=typed("text"),
            position=int(position[:4]) if position.isdecimal() else None,
            letterhead=Letterhead.of(settings()),
            actor=actor(),
            now=now(),
        )
    except AttemptMissing:
        raise
    except DomainError as error:
        return _form_page(attempt_id, problem=error)
    flash(_("It is on record. You get a letter with the outcome here."), "good")
    return redirect(url_for("appeals.letter", appeal_id=appeal_id))


@requires(Permission.SIT_EXAMS)
def withdraw(appeal_id: int) -> ResponseReturnValue:
    """Take it back."""
    writes.withdraw(appeal_id, actor=actor(), now=now())
    flash(_("It is withdrawn."), "good")
    return redirect(url_for("appeals.letter", appeal_id=appeal_id))


@requires(Permission.SIT_EXAMS)
def letter(appeal_id: int) -> ResponseReturnValue:
    """Where it stands, and the letter once there is one."""
    return render_template("appeals/letter.html", names=names, appeal=_own(appeal_id))


@requires(Permission.SIT_EXAMS)
def letter_pdf(appeal_id: int) -> ResponseReturnValue:
    """The letter as a PDF."""
    found = _own(appeal_id)
    if not found.letter:
        raise NotFound
    response = make_response(letter_document(found))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="appeal-{appeal_id}.pdf"'
    return response


def _own(appeal_id: int) -> AppealView:
    found = appeals.own_appeal(appeal_id, user_id=me().user_id)
    if found is None:
        raise NotFound
    return found


def _form_page(attempt_id: int, *, problem: DomainError | None = None) -> ResponseReturnValue:
    attempt = exams.attempt_of(attempt_id, user_id=me().user_id)
    if attempt is None:
        raise AttemptMissing
    window = appeals.window_of(attempt_id)
    page = render_template(
        "appeals/new.html",
        names=names,
        attempt=attempt,
        window=window,
        kinds=window.open_kinds(now=now()),
        all_kinds=list(AppealKind),
        positions=[slot.position for slot in paper_slots(attempt.paper_id)],
        own=appeals.own_appeals(attempt_id, user_id=me().user_id),
        kind=request.form.get("kind", ""),
        position=request.form.get("position", ""),
        text=typed("text"),
        longest=LONGEST_TEXT,
        problem=sentence(problem) if problem else None,
    )
    return page, STATUS[problem.kind] if problem else 200
