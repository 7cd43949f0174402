"""Whether the moves and the times of a dossier can have happened as it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from app.domain.attempts import AttemptState, Move, MoveRefused, move, move_registration
from app.domain.dossiers.evidence import EventFacts, Evidence
from app.domain.dossiers.findings import Finding, Subject, broken, good, named
from app.domain.dossiers.timeline import Timeline, timeline
from app.domain.events import Event
from app.domain.saves import SaveState
from app.domain.text import N_
from app.domain.timing import GRACE

LAG = timedelta(seconds=60)
"""By how much two entries may lie the wrong way round: an entry has the time at which its
request came in, and requests wait for each other; two servers never have quite the same time."""

_MOVES = frozenset(Move)


def check_moves(evidence: Evidence) -> Iterator[Finding]:
    """Whether the states follow from the log, one allowed move after the other."""
    events = [event for event in evidence.events if event.kind in _MOVES]
    started = bool(events) and events[0].kind == Move.START
    reached = _replayed(events[1:], AttemptState.IN_PROGRESS, move) if started else None
    if reached is not evidence.attempt.state:
        yield broken(Subject.MOVES, N_("The attempt's state does not follow from its event log."))
    else:
        yield good(
            Subject.MOVES,
            N_("The attempt's state follows from its event log of %(count)s entries."),
            count=len(evidence.events),
        )
    log = evidence.registration_events
    if log and log[0].kind == Event.REGISTERED:
        moves = [event for event in log if event.kind in _MOVES]
        if _replayed(moves, AttemptState.REGISTERED, move_registration) is not (
            evidence.registration_state
        ):
            yield broken(
                Subject.MOVES, N_("The registration's state does not follow from its event log.")
            )


def check_times(evidence: Evidence) -> Iterator[Finding]:
    """Whether deadline, end and order follow from the log."""
    found = timeline(evidence)
    problems = [
        *_deadline_problems(evidence, found),
        *_end_problems(evidence, found),
        *_order_problems(evidence),
    ]
    yield from problems
    if not problems:
        yield good(
            Subject.TIMES,
            N_("Deadline and end follow from the %(count)s steps of the clock in the event log."),
            count=len(found.changes),
        )


def _replayed(
    events: Iterable[EventFacts],
    state: AttemptState,
    step: Callable[[AttemptState, Move], AttemptState],
) -> AttemptState | None:
    """The state after all moves; None where one of them is not allowed."""
    try:
        for event in events:
            state = step(state, Move(event.kind))
    except MoveRefused:
        return None
    return state


def _deadline_problems(evidence: Evidence, found: Timeline) -> Iterator[Finding]:
    attempt = evidence.attempt
    start = next(event for event in evidence.events if event.kind == Move.START)
    first = [change for change in found.changes if change.event == start.id][-1]
    told = {
        "time_factor": attempt.time_factor,
        "break_seconds": attempt.break_seconds,
        "late_seconds": found.late_at_start,
        "deadline_at": first.deadline_at.isoformat(),
    }
    if start.at != attempt.started_at or any(
        start.detail.raw.get(name, value) != value for name, value in told.items()
    ):
        yield broken(
            Subject.TIMES, N_("Beginning, time factor or first deadline are not those of the log.")
        )
    if list(evidence.times) != [change.dump() for change in found.changes]:
        yield broken(
            Subject.TIMES, N_("The table of time changes does not follow from the event log.")
        )
    if (found.granted_seconds, found.break_used_seconds, found.deadline_at) != (
        attempt.granted_seconds,
        attempt.break_used_seconds,
        attempt.deadline_at,
    ):
        yield broken(
            Subject.TIMES, N_("Deadline or granted time do not follow from the event log.")
        )
    if found.window_end != evidence.window_end:
        yield broken(Subject.TIMES, N_("The sitting's end is not the one of the audit log."))


def _end_problems(evidence: Evidence, found: Timeline) -> Iterator[Finding]:
    closed_at = evidence.attempt.closed_at
    closing = next(
        (e for e in evidence.events if e.kind in (Move.SUBMIT, Move.EXPIRE, Move.VOID)), None
    )
    if closing is None:
        right = closed_at is None
    elif closing.kind == Move.EXPIRE:
        right = closed_at == found.deadline_at
    elif closing.kind == Move.SUBMIT:
        right = closed_at == closing.at <= found.deadline_at + GRACE
    else:
        right = closed_at == closing.at
    if not right:
        yield broken(Subject.TIMES, N_("The end of the attempt does not follow from the log."))
    until = (
        found.deadline_at + GRACE
        if closing is None
        else min(found.deadline_at + GRACE, closing.at + LAG)
    )
    late = [
        save.stored.position
        for save in evidence.saves
        if save.stored.state is SaveState.ACCEPTED and save.received_at > until
    ]
    if late:
        yield broken(
            Subject.TIMES,
            N_("Answers that came after the end count as if they had been in time: %(questions)s."),
            questions=named(late),
        )


def _order_problems(evidence: Evidence) -> Iterator[Finding]:
    latest = evidence.attempt.started_at
    opened: dict[int, datetime] = {}
    misplaced = []
    for event in evidence.events:
        ends_by_itself = event.kind == Move.RESUME and event.actor_id is None
        if event.at < latest - LAG and not ends_by_itself:
            misplaced.append(event.id)
        latest = max(latest, event.at)
        if event.kind == Event.TAB_CLAIMED:
            opened[event.detail.whole("epoch")] = event.at
    misplaced += [e.id for e in evidence.events if e.at > evidence.made_at + LAG]
    if misplaced:
        yield broken(
            Subject.TIMES,
            N_("Entries of the event log are in an order that cannot be: %(entries)s."),
            entries=named(misplaced),
        )
    early = [
        save.stored.position
        for save in evidence.saves
        if not _is_after(save.received_at, opened.get(save.stored.epoch), evidence.made_at)
    ]
    if early:
        yield broken(
            Subject.TIMES,
            N_("Answers are older than the window in which they were given: %(questions)s."),
            questions=named(early),
        )


def _is_after(at: datetime, opened: datetime | None, made_at: datetime) -> bool:
    return opened is not None and opened - LAG <= at <= made_at + LAG
