"""What is on record about one's own attempt, as its candidate is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.attempts import Move
from app.domain.events import SIGNALS, Event
from app.domain.signals import is_short, seconds_away
from app.queries.signals import TimelineEntry, events_of

_TOLD = SIGNALS | {
    Event.IRREGULARITY,
    Event.TIME_ADDED,
    Event.ANSWER_FILE,
    Event.STATEMENT,
    Event.SIGNALS_REVIEWED,
    Move.PAUSE,
    Move.RESUME,
}


@dataclass(frozen=True, slots=True)
class StoppedClock:
    """A time during which the clock stood still. kind: "break" or "proctor"."""

    since: datetime
    until: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """signals: with short losses of the window; seconds_away: without them.

    minutes: extra time with the moment it was given. review: the decision of the last one.
    """

    signals: tuple[TimelineEntry, ...]
    seconds_away: float
    short_losses: int
    irregularities: tuple[TimelineEntry, ...]
    minutes: tuple[TimelineEntry, ...]
    pauses: tuple[StoppedClock, ...]
    files: tuple[TimelineEntry, ...]
    statements: tuple[TimelineEntry, ...]
    review: TimelineEntry | None


def own_record(attempt_id: int, *, closed_at: datetime | None) -> OwnRecord:
    """The record of an attempt: one statement. The caller has seen whose it is."""
    entries = events_of(attempt_id, _TOLD)
    losses = [entry for entry in entries if entry.kind == Event.WINDOW_LEFT]
    reviews = _of_kind(entries, Event.SIGNALS_REVIEWED)
    return OwnRecord(
        signals=tuple(entry for entry in entries if entry.kind in SIGNALS),
        seconds_away=sum(seconds_away(e.detail) for e in losses if not is_short(e.detail)),
        short_losses=sum(is_short(entry.detail) for entry in losses),
        irregularities=_of_kind(entries, Event.IRREGULARITY),
        minutes=_of_kind(entries, Event.TIME_ADDED),
        pauses=_pauses(entries, closed_at),
        files=_of_kind(entries, Event.ANSWER_FILE),
        statements=_of_kind(entries, Event.STATEMENT),
        review=reviews[-1] if reviews else None,
    )


def _of_kind(entries: Sequence[TimelineEntry], kind: str) -> tuple[TimelineEntry, ...]:
    return tuple(entry for entry in entries if entry.kind == kind)


def _pauses(
    entries: Sequence[TimelineEntry], closed_at: datetime | None
) -> tuple[StoppedClock, ...]:
    """Each pause with what ended it; one that nothing ended lasted to the attempt's end."""
    pauses = []
    begun: TimelineEntry | None = None
    for entry in entries:
        if entry.kind == Move.PAUSE:
            begun = entry
        elif entry.kind == Move.RESUME and begun is not None:
            pauses.append(StoppedClock(begun.at, entry.at, begun.detail["pause"]))
            begun = None
    if begun is not None:
        pauses.append(StoppedClock(begun.at, closed_at or begun.at, begun.detail["pause"]))
    return tuple(pauses)
