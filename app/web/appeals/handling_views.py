"""Handling appeals: the list, what was checked, corrections, the answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.domain.appeals import (
    LONGEST_LETTER,
    AppealKind,
    AppealOutcome,
    AppealState,
)
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.score_checks import Look
from app.domain.text import N_
from app.queries import appeals
from app.queries.score_checks import score_check
from app.services import appeals as writes
from app.services.certificates import Signer
from app.services.mails import Letterhead
from app.web.access import actor, me, requires, settings
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.results import names
from app.web.results.forms import page_number, typed

_NUMBER = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4})?")


@requires(Permission.HANDLE_APPEALS)
def index() -> ResponseReturnValue:
    """The list, those due first."""
    args = request.args
    filters = appeals.AppealFilter(
        search=args.get("search", "").strip()[:100],
        state=args.get("state", "open"),
        kind=args.get("kind", ""),
        handler=args.get("handler", ""),
        sort=args.get("sort", "due"),
    )
    return render_template(
        "appeals/index.html",
        names=names,
        filters=filters,
        states=list(AppealState),
        kinds=list(AppealKind),
        now=now(),
        page=appeals.appeals(filters, user_id=me().user_id, page=page_number()),
    )


@requires(Permission.HANDLE_APPEALS)
def appeal(appeal_id: int) -> ResponseReturnValue:
    """One appeal: what it says, what the marks come to, what was done."""
    return _page(appeal_id)


@requires(Permission.HANDLE_APPEALS)
def take(appeal_id: int) -> ResponseReturnValue:
    """Take it on; refused to whoever had a part in the exam."""
    return _act(
        appeal_id,
        lambda: writes.take(appeal_id, actor=actor(), now=now()),
        lambda _done: _("You handle it from now on."),
    )


@requires(Permission.HANDLE_APPEALS)
def grade(appeal_id: int) -> ResponseReturnValue:
    """Grade what rules grade again."""
    return _act(
        appeal_id,
        lambda: writes.grade_again(
            appeal_id,
            reason=typed("reason"),
            signer=Signer.of(settings()),
            actor=actor(),
            now=now(),
        ),
        _told,
    )


@requires(Permission.HANDLE_APPEALS)
def correct(appeal_id: int) -> ResponseReturnValue:
    """Correct what a person marked."""
    return _act(
        appeal_id,
        lambda: writes.correct_mark(
            appeal_id,
            position=_position(),
            points=_points(),
            reason=typed("reason"),
            signer=Signer.of(settings()),
            actor=actor(),
            now=now(),
        ),
        _told,
    )


@requires(Permission.HANDLE_APPEALS)
def answer(appeal_id: int) -> ResponseReturnValue:
    """Close it with a letter."""
    return _act(
        appeal_id,
        lambda: writes.answer(
            appeal_id,
            outcome=_outcome(),
            letter={"zh": typed("letter_zh"), "en": typed("letter_en")},
            notes={look.value: typed(look.value) for look in Look},
            letterhead=Letterhead.of(settings()),
            actor=actor(),
            now=now(),
        ),
        lambda _done: _("The letter is out, and the candidate has been told."),
    )


def _act(
    appeal_id: int, act: Callable[[], object], said: Callable[[object], str]
) -> ResponseReturnValue:
    """Do it and go back to the page; a refusal comes back with what was filled in."""
    try:
        done = act()
    except DomainError as error:
        return _page(appeal_id, problem=error)
    flash(said(done), "good")
    return redirect(url_for("appeals.appeal", appeal_id=appeal_id))


def _told(is_new: object) -> str:
    if is_new:
        return str(_("The result has a new version."))
    return str(_("Nothing has changed: the marks were as they had to be."))


def _position() -> int:
    value = request.form.get("position", "")
    return int(value[:4]) if value.isdecimal() else 0


def _points() -> Fraction:
    text = typed("points").strip().replace(",", ".")
    if not _NUMBER.fullmatch(text):
        raise DomainError("points-unreadable", N_("Enter the points as a number."))
    return Fraction(text)


def _outcome() -> AppealOutcome:
    value = request.form.get("outcome", "")
    if value not in set(AppealOutcome):
        raise DomainError("outcome-missing", N_("Choose the outcome."))
    return AppealOutcome(value)


def _page(appeal_id: int, *, problem: DomainError | None = None) -> ResponseReturnValue:
    found = appeals.appeal(appeal_id)
    if found is None:
        raise NotFound
    page = render_template(
        "appeals/appeal.html",
        names=names,
        appeal=found,
        check=score_check(found.attempt_id),
        events=appeals.events(appeal_id),
        outcomes=list(AppealOutcome),
        looks=list(Look),
        is_mine=found.handler_id == me().user_id and found.state is AppealState.ASSIGNED,
        can_take=found.state is AppealState.FILED,
        now=now(),
        longest=LONGEST_LETTER,
        form=request.form,
        problem=sentence(problem) if problem else None,
    )
    return page, STATUS[problem.kind] if problem else 200
