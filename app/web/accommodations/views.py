"""Accommodations: the list, approving one, looking at one, revoking it.

The reasons are shown here and nowhere else: this is for those who may approve.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.db import AnyRow
from app.domain.accommodations import Standing
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.queries import accommodations as reads
from app.services import accommodations as writes
from app.services.mails import Letterhead
from app.web.access import actor, requires, settings
from app.web.accommodations.forms import ApprovalForm
from app.web.clock import now, today
from app.web.errors import STATUS, sentence
from app.web.forms import stripped


@requires(Permission.MANAGE_ACCOMMODATIONS)
def index() -> ResponseReturnValue:
    """The list, filtered and paged."""
    args = request.args
    filters = {
        "search": args.get("search", "").strip()[:100],
        "standing": args.get("standing", ""),
        "sort": args.get("sort", "name"),
    }
    page = reads.approvals(**filters, on=today(), page=args.get("page", 1, type=int))
    return render_template(
        "accommodations/index.html", page=page, filters=filters, standings=_standings()
    )


@requires(Permission.MANAGE_ACCOMMODATIONS)
def new() -> ResponseReturnValue:
    """Approve one. Who is meant is asked where a name does not say it."""
    form = ApprovalForm(data={"person": request.args.get("person", ""), "valid_from": today()})
    if request.method == "GET":
        return _form(form)
    if not form.validate_on_submit():
        return _form(form, status=400)
    people = reads.people_matching(stripped(form.person)[:100])
    user_id = _who(people, stripped(form.person))
    if user_id is None:
        return _form(form, people=people, asked=True, status=400)
    try:
        accommodation_id = writes.approve(
            user_id,
            form.accommodation(),
            reason=form.reason.data or "",
            letterhead=Letterhead.of(settings()),
            today=today(),
            actor=actor(),
            now=now(),
        )
    except DomainError as error:
        return _form(form, people=people, problem=sentence(error), status=STATUS[error.kind])
    flash(_("The accommodation is approved and applies by itself."), "good")
    return redirect(url_for("accommodations.approval", accommodation_id=accommodation_id))


@requires(Permission.MANAGE_ACCOMMODATIONS)
def approval(accommodation_id: int) -> ResponseReturnValue:
    """One approval, with its reason."""
    return _shown(accommodation_id)


@requires(Permission.MANAGE_ACCOMMODATIONS)
def revoke(accommodation_id: int) -> ResponseReturnValue:
    """End it for exams to come."""
    reason = request.form.get("reason", "")
    try:
        writes.revoke(accommodation_id, reason=reason, actor=actor(), now=now())
    except DomainError as error:
        return _shown(accommodation_id, problem=sentence(error), typed=reason, error=error)
    flash(_("The accommodation is revoked. An exam under way keeps what it has."), "good")
    return redirect(url_for("accommodations.approval", accommodation_id=accommodation_id))


def _who(people: Sequence[AnyRow], typed: str) -> int | None:
    """Whom the form means: the user name typed, or the one chosen among those that were asked."""
    chosen = request.form.get("user_id", "")
    for person in people:
        if person.username == typed or str(person.id) == chosen:
            return int(person.id)
    return None


def _form(
    form: ApprovalForm,
    *,
    people: Sequence[AnyRow] = (),
    asked: bool = False,
    problem: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The form with everything typed. asked: who is meant has to be told."""
    page = render_template(
        "accommodations/new.html",
        form=form,
        people=people,
        asked=asked,
        chosen=request.form.get("user_id", ""),
        problem=problem,
    )
    return page, status


def _shown(
    accommodation_id: int,
    *,
    problem: str | None = None,
    typed: str = "",
    error: DomainError | None = None,
) -> ResponseReturnValue:
    row = reads.approval(accommodation_id, on=today())
    if row is None:
        raise NotFound
    page = render_template(
        "accommodations/approval.html",
        row=row,
        problem=problem,
        typed=typed,
    )
    return page, STATUS[error.kind] if error else 200


def _standings() -> list[tuple[str, str]]:
    names = {
        Standing.VALID: _("Valid now"),
        Standing.FUTURE: _("Valid later"),
        Standing.ENDED: _("Has ended"),
        Standing.REVOKED: _("Revoked"),
    }
    return [(standing.value, name) for standing, name in names.items()]
