"""Pauses stop the clock and hide the questions: a break of the candidate's, or the proctor's.

A pause ends by itself: a break when its time is used up, a proctor's after LONGEST_PAUSE, so
that no attempt stays open for ever. While a pause lasts, the attempt's deadline is kept as if
it lasted to its end; whoever ends it earlier takes back the rest. The clock therefore never
stands still for longer than the pause really was (promise 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_
from app.domain.timing import GRACE

LONGEST_PAUSE = timedelta(hours=12)
"""After this long a proctor's pause that nobody ended is over."""


class PauseKind(StrEnum):
    """Who paused: the candidate within their accommodation, or the proctor."""

    BREAK = "break"
    PROCTOR = "proctor"


@dataclass(frozen=True, slots=True)
class Pause:
    """One pause. ends_at: when it ends by itself."""

    kind: PauseKind
    since: datetime
    ends_at: datetime

    @property
    def planned(self) -> timedelta:
        """How long it lasts if nobody ends it."""
        return self.ends_at - self.since


class NoBreakLeft(DomainError):
    """The candidate has no break, or has used it up."""

    def __init__(self) -> None:
        super().__init__(
            "no-break-left", N_("You have no break left in this exam."), kind=ErrorKind.CONFLICT
        )


def begin_break(*, allowance: timedelta, used: timedelta, now: datetime) -> Pause:
    """A break out of what is left of the allowance; raises NoBreakLeft."""
    left = allowance - used
    if left <= timedelta(0):
        raise NoBreakLeft
    return Pause(PauseKind.BREAK, now, now + left)


def begin_proctor_pause(*, now: datetime) -> Pause:
    """A pause that the proctor will end."""
    return Pause(PauseKind.PROCTOR, now, now + LONGEST_PAUSE)


def length(pause: Pause, *, until: datetime) -> timedelta:
    """How long the clock stood still when the pause ends at `until`; never negative."""
    return max(min(until, pause.ends_at) - pause.since, timedelta(0))


def is_over(pause: Pause, *, now: datetime) -> bool:
    """Whether the pause has ended by itself."""
    return now >= pause.ends_at


def hides_from(pause: Pause, *, now: datetime) -> bool:
    """Whether a save that arrives `now` was made during the pause and not just before it."""
    return pause.since + GRACE < now < pause.ends_at
