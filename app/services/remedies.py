"""What proctors and incidents both do to attempts that are locked already: minutes, voiding.

As the trail and the transitions, called inside the transaction of the act; nothing is
committed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.db import db
from app.domain.attempts import AttemptState, Move
from app.domain.errors import DomainError
from app.domain.events import Event
from app.domain.text import N_
from app.models.attempts import Attempt
from app.models.certificates import Certificate
from app.models.results import Result
from app.models.schemes import Exam
from app.models.sittings import Sitting
from app.services.trail import SYSTEM, Actor, log_events, record
from app.services.transitions import deadline_of, step

MOST_MINUTES = 240
"""In one act: more is a mistake of typing."""
LONGEST_TEXT = 1000


class ReasonMissing(DomainError):
    """An act without a reason."""

    def __init__(self) -> None:
        super().__init__("reason-missing", N_("Give a reason."))


def checked_text(text: str) -> str:
    """A reason or message without blanks around it; raises ReasonMissing for an empty one."""
    text = text.strip()
    if not text:
        raise ReasonMissing
    if len(text) > LONGEST_TEXT:
        raise DomainError(
            "text-too-long",
            N_("The text is too long: at most %(most)s characters."),
            most=LONGEST_TEXT,
        )
    return text


def checked_minutes(minutes: int) -> int:
    """A number of minutes that somebody can mean."""
    if not 1 <= minutes <= MOST_MINUTES:
        raise DomainError(
            "minutes-out-of-range",
            N_("Minutes must be between 1 and %(most)s."),
            most=MOST_MINUTES,
        )
    return minutes


def grant(
    attempts: Sequence[Attempt],
    *,
    minutes: int,
    reason: str,
    actor: Actor,
    now: datetime,
    beyond_window: bool = True,
    **detail: Any,
) -> None:
    """Give these attempts, which are open and locked, more time; their pages are told.

    beyond_window: the sitting's end moves as much for them.
    """
    if not attempts:
        return
    window_end = db.session.get_one(Sitting, attempts[0].sitting_id).closes_at
    events = log_events(
        [attempt.id for attempt in attempts],
        Event.TIME_ADDED,
        actor=actor,
        now=now,
        minutes=minutes,
        beyond_window=beyond_window,
        reason=reason,
        **detail,
    )
    for attempt in attempts:
        attempt.granted_seconds += minutes * 60
        if beyond_window:
            attempt.late_seconds += minutes * 60
        attempt.deadline_at = deadline_of(attempt, window_end=window_end)
        attempt.notice_id = events[attempt.id]


def void_attempt(
    attempt: Attempt, *, reason: str, actor: Actor, now: datetime, **detail: Any
) -> None:
    """Declare a locked attempt void. Raises MoveRefused where it is void already.

    A certificate that rests on it is suspended until those who decide on certificates look.
    """
    step(attempt, Move.VOID, actor=actor, now=now, reason=reason, before=attempt.state, **detail)
    attempt.closed_at = attempt.closed_at or now
    attempt.pause_kind = attempt.pause_since = attempt.pause_ends_at = None
    record("attempt.voided", f"attempt:{attempt.id}", actor=actor, now=now, reason=reason)
    _suspend_certificate(attempt, now=now)


def _suspend_certificate(attempt: Attempt, *, now: datetime) -> None:
    """Suspend what the voided attempt has earned, unless another attempt passed as well."""
    passed = db.session.scalars(
        select(Result.attempt_id)
        .join(Attempt, Attempt.id == Result.attempt_id)
        .where(
            Result.user_id == attempt.user_id,
            Result.exam_id == attempt.exam_id,
            Result.current,
            Result.passed,
            Result.released_at.is_not(None),
            (Attempt.state != AttemptState.VOIDED.value) | (Attempt.id == attempt.id),
        )
    ).all()
    if list(passed) != [attempt.id]:
        return
    version_id = db.session.get_one(Exam, attempt.exam_id).scheme_version_id
    suspended = db.session.scalars(
        update(Certificate)
        .where(
            Certificate.user_id == attempt.user_id,
            Certificate.scheme_version_id == version_id,
            Certificate.suspended_at.is_(None),
            Certificate.revoked_at.is_(None),
        )
        .values(suspended_at=now)
        .returning(Certificate.number)
    ).all()
    for number in suspended:
        record(
            "certificate.suspended",
            f"certificate:{number}",
            actor=SYSTEM,
            now=now,
            attempt=attempt.id,
        )
