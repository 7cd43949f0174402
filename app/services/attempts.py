"""What a candidate does to an attempt that has started: taking over, breaks, handing in.

Closing comes before grading (promise 6).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from app.db import db, transactional
from app.domain.attempts import OPEN_STATES, AttemptState, Move, MoveRefused
from app.domain.errors import DomainError, ErrorKind
from app.domain.events import Event
from app.domain.pauses import PauseKind, begin_break
from app.domain.text import N_
from app.domain.timing import is_over
from app.models.attempts import Attempt
from app.models.sittings import Sitting
from app.queries.versions import paper_slots
from app.services.trail import Actor, log_event
from app.services.transitions import (
    begin_pause,
    close,
    end_pause,
    end_pause_if_over,
    expire_as_due,
    pause_of,
)


class AttemptPaused(DomainError):
    """The clock stands still: nothing can be done until the pause ends."""

    def __init__(self) -> None:
        super().__init__("attempt-paused", N_("This exam is paused."), kind=ErrorKind.CONFLICT)


class AttemptMissing(DomainError):
    """There is no such attempt, or it is somebody else's: the answer is the same."""

    def __init__(self) -> None:
        super().__init__(
            "attempt-missing", N_("This exam is not on your list."), kind=ErrorKind.MISSING
        )


@transactional
def claim_tab(attempt_id: int, *, user_id: int, actor: Actor, now: datetime) -> int:
    """Make the calling tab the one that writes, the earlier one read-only; returns its epoch.

    Another browser or address than that of the tab before is noted as a signal. Raises
    AttemptMissing, MoveRefused (the attempt is over), AttemptPaused.
    """
    attempt = _locked(attempt_id)
    if attempt is None or attempt.user_id != user_id:
        raise AttemptMissing
    if attempt.state not in OPEN_STATES or is_over(attempt.deadline_at, now=now):
        raise MoveRefused
    if attempt.state == AttemptState.PAUSED and not end_pause_if_over(
        attempt, window_end=_window_end(attempt), now=now
    ):
        raise AttemptPaused
    browser = actor.browser[:200]
    if attempt.epoch:
        if browser != attempt.browser:
            log_event(attempt_id, Event.SECOND_DEVICE, actor=actor, now=now)
        if actor.address != attempt.address:
            log_event(
                attempt_id, Event.ADDRESS_CHANGED, actor=actor, now=now, before=attempt.address
            )
    attempt.epoch += 1
    attempt.seen_at = now
    attempt.address, attempt.browser = actor.address, browser
    log_event(attempt_id, Event.TAB_CLAIMED, actor=actor, now=now, epoch=attempt.epoch)
    return attempt.epoch


@transactional
def close_section(
    attempt_id: int, *, user_id: int, section: int, epoch: int, actor: Actor, now: datetime
) -> None:
    """Leave a section of a one-way exam for the next one; doing it again changes nothing.

    epoch: the tab that asks; only the one that writes may. Raises AttemptMissing, MoveRefused
    (not open, the last section, or an older tab).
    """
    attempt = _locked(attempt_id)
    if attempt is None or attempt.user_id != user_id:
        raise AttemptMissing
    end_pause_if_over(attempt, window_end=_window_end(attempt), now=now)
    if attempt.state != AttemptState.IN_PROGRESS or is_over(attempt.deadline_at, now=now):
        raise MoveRefused
    if section == attempt.section - 1:
        return
    last = max(slot.section for slot in paper_slots(attempt.paper_id))
    if section != attempt.section or section >= last or epoch != attempt.epoch:
        raise MoveRefused
    attempt.section += 1
    attempt.seen_at = now
    log_event(attempt_id, Event.SECTION_CLOSED, actor=actor, now=now, section=section)


@transactional
def submit(attempt_id: int, *, user_id: int, actor: Actor, now: datetime) -> None:
    """Close the attempt as submitted; submitting twice changes nothing.

    After the deadline and its grace the attempt has expired, and is closed as that.
    """
    attempt = _locked(attempt_id)
    if attempt is None or attempt.user_id != user_id:
        raise AttemptMissing
    if attempt.state not in OPEN_STATES:
        return
    window_end = _window_end(attempt)
    if is_over(attempt.deadline_at, now=now):
        expire_as_due(attempt, window_end=window_end, now=now)
        return
    end_pause_if_over(attempt, window_end=window_end, now=now)
    close(attempt, Move.SUBMIT, at=now, actor=actor, now=now)


@transactional
def expire(
    attempt_id: int,
    *,
    now: datetime,
    is_due: Callable[..., bool] = is_over,
) -> bool:
    """Close an attempt that is past its deadline, as of its deadline; whether it was closed.

    is_due: `is_over` when somebody looks at it, `is_sweepable` for the sweeper.
    """
    attempt = _locked(attempt_id)
    if attempt is None or attempt.state not in OPEN_STATES:
        return False
    if not is_due(attempt.deadline_at, now=now):
        return False
    expire_as_due(attempt, window_end=_window_end(attempt), now=now)
    return True


@transactional
def take_break(attempt_id: int, *, user_id: int, actor: Actor, now: datetime) -> None:
    """Begin a break: the clock stops and the questions are hidden.

    Raises AttemptMissing, MoveRefused (paused, over or closed), NoBreakLeft.
    """
    attempt = _locked(attempt_id)
    if attempt is None or attempt.user_id != user_id:
        raise AttemptMissing
    if now >= attempt.deadline_at:
        raise MoveRefused
    end_pause_if_over(attempt, window_end=_window_end(attempt), now=now)
    pause = begin_break(
        allowance=timedelta(seconds=attempt.break_seconds),
        used=timedelta(seconds=attempt.break_used_seconds),
        now=now,
    )
    attempt.notice_id = begin_pause(attempt, pause, actor=actor, now=now)


@transactional
def end_break(attempt_id: int, *, user_id: int, actor: Actor, now: datetime) -> None:
    """Come back from a break; where it has ended already nothing changes.

    Raises MoveRefused for a proctor's pause: the proctor ends it.
    """
    attempt = _locked(attempt_id)
    if attempt is None or attempt.user_id != user_id:
        raise AttemptMissing
    window_end = _window_end(attempt)
    if end_pause_if_over(attempt, window_end=window_end, now=now):
        return
    pause = pause_of(attempt)
    if pause is None:
        return
    if pause.kind is not PauseKind.BREAK:
        raise AttemptPaused
    attempt.notice_id = end_pause(attempt, window_end=window_end, actor=actor, now=now)


def _locked(attempt_id: int) -> Attempt | None:
    return db.session.scalar(select(Attempt).where(Attempt.id == attempt_id).with_for_update())


def _window_end(attempt: Attempt) -> datetime:
    return db.session.scalars(
        select(Sitting.closes_at).where(Sitting.id == attempt.sitting_id)
    ).one()
