"""What people say about an attempt's signals: the candidate's statement, a reviewer's decision.

Neither touches a score, a result or a state (promise 11).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from app.db import db, transactional
from app.domain.attempts import OPEN_STATES
from app.domain.events import Event, ReviewDecision
from app.domain.signals import checked_note, checked_statement
from app.models.attempts import Attempt, AttemptEvent
from app.services.attempts import AttemptMissing
from app.services.held_saves import OwnExam
from app.services.trail import Actor, log_event, record


@transactional
def make_statement(
    attempt_id: int, *, user_id: int, text: str, actor: Actor, now: datetime
) -> None:
    """Add what the candidate says to what was said before.

    Raises AttemptMissing, StatementRefused (still open, too late, too many, empty, too long).
    """
    attempt = _locked(Attempt.id == attempt_id, Attempt.user_id == user_id)
    ended = None if attempt.state in OPEN_STATES else attempt.closed_at
    text = checked_statement(text, closed_at=ended, earlier=_statements(attempt_id), now=now)
    log_event(attempt_id, Event.STATEMENT, actor=actor, now=now, text=text)


@transactional
def review(
    sitting_id: int,
    attempt_id: int,
    *,
    decision: ReviewDecision,
    note: str,
    seen: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Put a reviewer's decision on record; an earlier one stays beside it.

    seen: the last event that the reviewer was shown; what came after it still waits.
    Raises AttemptMissing, OwnExam, ReviewRefused.
    """
    attempt = _locked(Attempt.id == attempt_id, Attempt.sitting_id == sitting_id)
    if attempt.user_id == actor.user_id:
        raise OwnExam
    note = checked_note(decision, note)
    log_event(
        attempt_id,
        Event.SIGNALS_REVIEWED,
        actor=actor,
        now=now,
        decision=decision.value,
        note=note,
        seen=min(seen, _last_event(attempt_id)),
    )
    record(
        "signals.reviewed",
        f"attempt:{attempt_id}",
        actor=actor,
        now=now,
        decision=decision.value,
    )


def _locked(*which: ColumnElement[bool]) -> Attempt:
    attempt = db.session.scalar(select(Attempt).where(*which).with_for_update())
    if attempt is None:
        raise AttemptMissing
    return attempt


def _statements(attempt_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(AttemptEvent)
            .where(AttemptEvent.attempt_id == attempt_id, AttemptEvent.kind == Event.STATEMENT)
        )
        or 0
    )


def _last_event(attempt_id: int) -> int:
    last = select(func.max(AttemptEvent.id)).where(AttemptEvent.attempt_id == attempt_id)
    return db.session.scalar(last) or 0
