"""What a candidate may read about the own attempt, and say about it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.domain.attempts import OPEN_STATES
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.signals import LONGEST_STATEMENT, STATEMENT_TIME, may_state
from app.queries.exams import AttemptView, attempt_of
from app.queries.held_saves import own_held
from app.queries.own_records import own_record
from app.services import signals as writes
from app.web.access import actor, me, requires
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.forms import typed


@requires(Permission.SIT_EXAMS)
def record(attempt_id: int) -> ResponseReturnValue:
    """What was recorded: signals, late answers and what became of them, extra time, pauses."""
    attempt = _own(attempt_id)
    if attempt.state in OPEN_STATES:
        return redirect(url_for("exams.done", attempt_id=attempt_id))
    return _page(attempt)


@requires(Permission.SIT_EXAMS)
def make_statement(attempt_id: int) -> ResponseReturnValue:
    """Add a statement; each one is kept."""
    attempt = _own(attempt_id)
    try:
        writes.make_statement(
            attempt_id, user_id=me().user_id, text=typed("text"), actor=actor(), now=now()
        )
    except DomainError as error:
        return _page(attempt, problem=sentence(error), status=STATUS[error.kind])
    flash(_("Your statement is on record. Reviewers read it with the signals."), "good")
    return redirect(url_for("reviews.record", attempt_id=attempt_id, _anchor="statements"))


def _own(attempt_id: int) -> AttemptView:
    attempt = attempt_of(attempt_id, user_id=me().user_id)
    if attempt is None:
        raise NotFound
    return attempt


def _page(
    attempt: AttemptView, *, problem: str | None = None, status: int = 200
) -> ResponseReturnValue:
    until = attempt.closed_at + STATEMENT_TIME if attempt.closed_at else None
    return (
        render_template(
            "reviews/record.html",
            attempt=attempt,
            record=own_record(attempt.id, closed_at=attempt.closed_at),
            held=own_held(attempt.id),
            may_state=may_state(attempt.closed_at, now=now()),
            until=until,
            problem=problem,
            text=typed("text"),
            longest=LONGEST_STATEMENT,
        ),
        status,
    )
