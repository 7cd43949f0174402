"""How long an attempt lasts. The only place that decides deadlines (promise 2).

All times are aware UTC datetimes of the server's clock. Nothing that a browser says is an
input here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GRACE = timedelta(seconds=10)
"""How long after the deadline a save still counts: it was sent in time and travelled."""

SWEEP_DELAY = timedelta(seconds=60)
"""How long past its deadline an attempt is before the sweeper takes it, to not race a browser."""


@dataclass(frozen=True, slots=True)
class Clockwork:
    """What bounds one attempt.

    started_at: when the candidate started. limit: the exam's duration. factor: the personal
    time factor (1.0 is none). granted: minutes added by a proctor. window_end: end of the
    sitting. late_allowance: how far this person may work beyond the window's end.
    """

    started_at: datetime
    limit: timedelta
    window_end: datetime
    factor: float = 1.0
    granted: timedelta = timedelta(0)
    late_allowance: timedelta = timedelta(0)


class Arrival(StrEnum):
    """How the arrival of a save lies to the deadline."""

    IN_TIME = "in_time"
    LATE = "late"


def deadline(clockwork: Clockwork) -> datetime:
    """The earlier of start + limit × factor + granted, and window end + late allowance."""
    personal = clockwork.started_at + clockwork.limit * clockwork.factor + clockwork.granted
    return min(personal, clockwork.window_end + clockwork.late_allowance)


def remaining(deadline_at: datetime, *, now: datetime) -> timedelta:
    """Time left; never negative."""
    return max(deadline_at - now, timedelta(0))


def arrival(deadline_at: datetime, *, now: datetime) -> Arrival:
    """Whether a save that arrives `now` counts; late ones are held for the proctor."""
    return Arrival.IN_TIME if now <= deadline_at + GRACE else Arrival.LATE


def is_over(deadline_at: datetime, *, now: datetime) -> bool:
    """Whether the deadline and its grace have passed."""
    return now > deadline_at + GRACE


def is_sweepable(deadline_at: datetime, *, now: datetime) -> bool:
    """Whether the sweeper may close an attempt with this deadline."""
    return now >= deadline_at + SWEEP_DELAY
