"""The times of an attempt, worked out again from its event log by `domain/timing` and `pauses`.

Every step that touched the clock, with the deadline after it. The log says what was done and
when; the end of the sitting's window comes from the sitting, and where it was moved, from the
audit log.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain import pauses
from app.domain.attempts import Move
from app.domain.dossiers.evidence import EventFacts, Evidence
from app.domain.dossiers.parts import Part, Unreadable
from app.domain.events import Event
from app.domain.pauses import Pause, PauseKind
from app.domain.timing import Clockwork, deadline

_CLOSING = frozenset({Move.SUBMIT, Move.EXPIRE})
_NO_TIME = timedelta(0)


class Step(StrEnum):
    """What touched the clock."""

    START = "start"
    ACCOMMODATION = "accommodation"
    TIME_ADDED = "time_added"
    PAUSE = "pause"
    RESUME = "resume"
    WINDOW_MOVED = "window_moved"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class TimeChange:
    """One step. seconds: given by it (a pause: its planned length; a resume: what it took).

    event: id in the event log; audit: id in the audit log, for a window that was moved.
    """

    step: Step
    at: datetime
    seconds: int
    deadline_at: datetime
    actor_id: int | None = None
    event: int | None = None
    audit: int | None = None
    reason: str = ""

    def dump(self) -> dict[str, object]:
        """The form that the dossier keeps."""
        return {
            "step": self.step.value,
            "at": self.at.isoformat(),
            "seconds": self.seconds,
            "deadline_at": self.deadline_at.isoformat(),
            "actor": self.actor_id,
            "event": self.event,
            "audit": self.audit,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class _WindowMove:
    """The sitting's end was moved while the attempt was open."""

    at: datetime
    actor_id: int | None
    audit: int
    before: datetime
    after: datetime


@dataclass(slots=True)
class _Clock:
    """What the clock stands on while the log is walked through."""

    granted: timedelta = _NO_TIME
    late: timedelta = _NO_TIME
    breaks: timedelta = _NO_TIME
    window_end: datetime = datetime.min
    pause: Pause | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the log comes to, in seconds. window_end: as moved, by the audit log.

    late_at_start: how far beyond the window this person was allowed to work from the beginning.
    """

    changes: tuple[TimeChange, ...]
    late_at_start: int
    granted_seconds: int
    break_used_seconds: int
    deadline_at: datetime
    window_end: datetime


def timeline(evidence: Evidence) -> Timeline:
    """Walk through the log; raises Unreadable where it tells of the impossible."""
    try:
        return _walk(evidence)
    except OverflowError:
        raise Unreadable("attempt") from None


def _walk(evidence: Evidence) -> Timeline:
    moves = list(_window_moves(evidence))
    attempt = evidence.attempt
    clock = _Clock(window_end=_window_at_start(evidence, moves))
    clock.late = late_at_start = timedelta(seconds=attempt.late_seconds) - _late_given(evidence)
    limit = timedelta(seconds=attempt.limit_seconds)
    start = _start(evidence)
    plain = min(attempt.started_at + limit, clock.window_end)
    changes = [_change(Step.START, start, attempt.limit_seconds, plain)]
    if attempt.time_factor != 1 or clock.late:
        extra = int((limit * attempt.time_factor - limit).total_seconds())
        ends = _ends(evidence, clock)
        changes.append(TimeChange(Step.ACCOMMODATION, start.at, extra, ends, event=start.id))
    for item in _steps(evidence, moves):
        if isinstance(item, _WindowMove):
            clock.window_end = item.after
            seconds = int((item.after - item.before).total_seconds())
            changes.append(
                TimeChange(
                    Step.WINDOW_MOVED,
                    item.at,
                    seconds,
                    _ends(evidence, clock),
                    actor_id=item.actor_id,
                    audit=item.audit,
                )
            )
            continue
        step, seconds = _apply(item, clock)
        changes.append(_change(step, item, seconds, _ends(evidence, clock)))
    return Timeline(
        changes=tuple(changes),
        late_at_start=int(late_at_start.total_seconds()),
        granted_seconds=int(clock.granted.total_seconds()),
        break_used_seconds=int(clock.breaks.total_seconds()),
        deadline_at=changes[-1].deadline_at,
        window_end=moves[-1].after if moves else clock.window_end,
    )


def _apply(event: EventFacts, clock: _Clock) -> tuple[Step, int]:
    """Do to the clock what the event says; returns the step and its seconds."""
    if event.kind == Event.TIME_ADDED:
        given = _given(event)
        clock.granted += given
        clock.late += _late(event)
        return Step.TIME_ADDED, int(given.total_seconds())
    if event.kind == Move.PAUSE:
        clock.pause = _pause(event)
        return Step.PAUSE, int(clock.pause.planned.total_seconds())
    if event.kind == Move.RESUME:
        took = _took(clock.pause, event)
        clock.granted += took
        clock.late += took
        if clock.pause is not None and clock.pause.kind is PauseKind.BREAK:
            clock.breaks += took
        clock.pause = None
        return Step.RESUME, int(took.total_seconds())
    return Step.CLOSE, 0


def _ends(evidence: Evidence, clock: _Clock) -> datetime:
    """The deadline as it stands; while a pause is on, as if it lasted to its end."""
    attempt = evidence.attempt
    without_pause = deadline(
        Clockwork(
            started_at=attempt.started_at,
            limit=timedelta(seconds=attempt.limit_seconds),
            window_end=clock.window_end,
            factor=attempt.time_factor,
            granted=clock.granted,
            late_allowance=clock.late,
        )
    )
    return without_pause + (clock.pause.planned if clock.pause else _NO_TIME)


def _steps(evidence: Evidence, moves: list[_WindowMove]) -> list[EventFacts | _WindowMove]:
    """Everything that touched the clock while the attempt was open, in order."""
    steps: list[EventFacts | _WindowMove] = []
    for event in evidence.events:
        if event.kind in _CLOSING:
            steps.append(event)
            break
        if event.kind == Move.VOID:
            break
        if event.kind in (Move.PAUSE, Move.RESUME) or (
            event.kind == Event.TIME_ADDED and not _by_window(event)
        ):
            steps.append(event)
    end = _end(evidence)
    steps += [move for move in moves if evidence.attempt.started_at < move.at and move.at < end]
    return sorted(steps, key=lambda step: (step.at, isinstance(step, _WindowMove)))


def _end(evidence: Evidence) -> datetime:
    """When the attempt was closed by somebody or noticed to be over; else when this was made."""
    for event in evidence.events:
        if event.kind in _CLOSING or event.kind == Move.VOID:
            return event.at
    return evidence.made_at


def _start(evidence: Evidence) -> EventFacts:
    for event in evidence.events:
        if event.kind == Move.START:
            return event
    raise Unreadable("events")


def _window_moves(evidence: Evidence) -> Iterator[_WindowMove]:
    for item in evidence.audit:
        changed = item.entry.detail.get("changed")
        if item.entry.action != "sitting.changed" or not isinstance(changed, dict):
            continue
        match changed.get("closes_at"):
            case [str() as before, str() as after]:
                part = Part({"before": before, "after": after}, "audit")
                yield _WindowMove(
                    at=item.entry.at,
                    actor_id=item.entry.actor_id,
                    audit=item.id,
                    before=part.moment("before"),
                    after=part.moment("after"),
                )


def _window_at_start(evidence: Evidence, moves: list[_WindowMove]) -> datetime:
    """The end that was in force when the attempt began."""
    for move in moves:
        if move.at > evidence.attempt.started_at:
            return move.before
    return moves[-1].after if moves else evidence.window_end


def _late_given(evidence: Evidence) -> timedelta:
    """By how much the log moved the window's end for this person alone."""
    clock, pause = _NO_TIME, None
    for event in evidence.events:
        if event.kind == Event.TIME_ADDED:
            clock += _late(event)
        elif event.kind == Move.PAUSE:
            pause = _pause(event)
        elif event.kind == Move.RESUME:
            clock += _took(pause, event)
            pause = None
    return clock


def _by_window(event: EventFacts) -> bool:
    """Whether time was added by moving the sitting's end: no grant, only word of it."""
    return "window_end" in event.detail.raw


def _given(event: EventFacts) -> timedelta:
    return _NO_TIME if _by_window(event) else timedelta(minutes=event.detail.whole("minutes"))


def _late(event: EventFacts) -> timedelta:
    if _by_window(event) or not event.detail.flag("beyond_window"):
        return _NO_TIME
    return _given(event)


def _pause(event: EventFacts) -> Pause:
    try:
        kind = PauseKind(event.detail.text("pause"))
    except ValueError:
        raise Unreadable(event.detail.at("pause")) from None
    return Pause(kind, event.at, event.detail.moment("ends_at"))


def _took(pause: Pause | None, event: EventFacts) -> timedelta:
    """How long the clock stood still, in whole seconds, as the attempt's row counts it."""
    if pause is None:
        return _NO_TIME
    return timedelta(seconds=int(pauses.length(pause, until=event.at).total_seconds()))


def _change(step: Step, event: EventFacts, seconds: int, deadline_at: datetime) -> TimeChange:
    reason = event.detail.raw.get("reason", "")
    return TimeChange(
        step,
        event.at,
        seconds,
        deadline_at,
        actor_id=event.actor_id,
        event=event.id,
        reason=reason if isinstance(reason, str) else "",
    )
