"""The one way in which an attempt or a registration changes its state: checked and recorded.

As the trail, called inside the transaction of the act; it commits nothing itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.domain import pauses
from app.domain.attempts import AttemptState, Move, move, move_registration
from app.domain.pauses import Pause, PauseKind
from app.domain.timing import Clockwork, deadline
from app.models.attempts import Attempt
from app.models.sittings import Registration
from app.services.trail import SYSTEM, Actor, log_event, log_registration_event


def step(attempt: Attempt, move_: Move, *, actor: Actor, now: datetime, **detail: Any) -> int:
    """Move the attempt and write it down; returns the event's id. Raises MoveRefused."""
    attempt.state = move(AttemptState(attempt.state), move_).value
    return log_event(attempt.id, move_, actor=actor, now=now, **detail)


def step_registration(
    registration: Registration, move_: Move, *, actor: Actor, now: datetime, **detail: Any
) -> None:
    """As `step`, for a registration."""
    registration.state = move_registration(AttemptState(registration.state), move_).value
    log_registration_event(registration.id, move_, actor=actor, now=now, **detail)


def close(attempt: Attempt, move_: Move, *, at: datetime, actor: Actor, now: datetime) -> None:
    """Submit or expire: the attempt ends as of `at`, a pause that was on included."""
    if attempt.state == AttemptState.PAUSED:
        _forget_pause(attempt)
    step(attempt, move_, actor=actor, now=now, closed_at=at.isoformat())
    attempt.closed_at = at


def expire_as_due(attempt: Attempt, *, window_end: datetime, now: datetime) -> None:
    """Close an attempt that is over as of its deadline, whenever somebody comes to see it."""
    end_pause_if_over(attempt, window_end=window_end, now=now)
    close(attempt, Move.EXPIRE, at=attempt.deadline_at, actor=SYSTEM, now=now)


def begin_pause(
    attempt: Attempt, pause: Pause, *, actor: Actor, now: datetime, **detail: Any
) -> int:
    """Stop the clock; returns the event's id. The deadline moves by the planned length."""
    event_id = step(
        attempt,
        Move.PAUSE,
        actor=actor,
        now=now,
        pause=pause.kind.value,
        ends_at=pause.ends_at.isoformat(),
        **detail,
    )
    attempt.pause_kind = pause.kind.value
    attempt.pause_since, attempt.pause_ends_at = pause.since, pause.ends_at
    attempt.deadline_at += pause.planned
    return event_id


def end_pause(
    attempt: Attempt, *, window_end: datetime, actor: Actor, now: datetime, **detail: Any
) -> int:
    """Let the clock run again; returns the event's id.

    The time that the pause took is given back, and the end of the window moves by as much.
    """
    pause = pause_of(attempt)
    event_id = step(attempt, Move.RESUME, actor=actor, now=now, **detail)
    if pause is not None:
        lost = int(pauses.length(pause, until=now).total_seconds())
        attempt.granted_seconds += lost
        attempt.late_seconds += lost
        if pause.kind is PauseKind.BREAK:
            attempt.break_used_seconds += lost
    _forget_pause(attempt)
    attempt.deadline_at = deadline_of(attempt, window_end=window_end)
    return event_id


def end_pause_if_over(attempt: Attempt, *, window_end: datetime, now: datetime) -> bool:
    """End a pause that has ended by itself, as of its end; whether there was one."""
    pause = pause_of(attempt)
    if pause is None or not pauses.is_over(pause, now=now):
        return False
    event_id = end_pause(attempt, window_end=window_end, actor=SYSTEM, now=pause.ends_at)
    attempt.notice_id = event_id
    return True


def pause_of(attempt: Attempt) -> Pause | None:
    """The pause that is on."""
    if attempt.state != AttemptState.PAUSED or attempt.pause_kind is None:
        return None
    assert attempt.pause_since is not None and attempt.pause_ends_at is not None
    return Pause(PauseKind(attempt.pause_kind), attempt.pause_since, attempt.pause_ends_at)


def deadline_of(attempt: Attempt, *, window_end: datetime) -> datetime:
    """The deadline by `domain/timing`; while a pause is on, as if it lasted to its end."""
    pause = pause_of(attempt)
    clockwork = Clockwork(
        started_at=attempt.started_at,
        limit=timedelta(seconds=attempt.limit_seconds),
        window_end=window_end,
        factor=attempt.time_factor,
        granted=timedelta(seconds=attempt.granted_seconds),
        late_allowance=timedelta(seconds=attempt.late_seconds),
    )
    return deadline(clockwork) + (pause.planned if pause else timedelta(0))


def _forget_pause(attempt: Attempt) -> None:
    attempt.pause_kind = attempt.pause_since = attempt.pause_ends_at = None
