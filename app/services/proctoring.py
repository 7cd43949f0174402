"""What a proctor does to candidates. Every act has a reason and is written into their logs.

An act is done to chosen attempts of one sitting, or to everybody who is in the exam. `key`:
drawn for the form that asks for it; the same form sent twice does the act once and gets the
same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.db import db, transactional
from app.domain.attempts import AttemptState, Move
from app.domain.events import Event, Irregularity
from app.domain.pauses import PauseKind, begin_proctor_pause
from app.domain.text import N_
from app.models.attempts import Attempt
from app.models.sittings import Sitting
from app.services.chosen import (
    NobodyAffected,
    done_before,
    keyed,
    lock_attempts,
    lock_places,
    noted_before,
    open_ones,
)
from app.services.remedies import checked_minutes, checked_text, grant, void_attempt
from app.services.trail import (
    Actor,
    log_event,
    log_events,
    log_registration_event,
    record,
)
from app.services.transitions import begin_pause, close, end_pause, pause_of


@transactional
def message(
    sitting_id: int,
    attempt_ids: Sequence[int] | None,
    *,
    text: str,
    actor: Actor,
    now: datetime,
    key: str = "",
) -> int:
    """Send a message to open exam pages; returns how many it went to. Raises NobodyAffected."""
    text = checked_text(text)
    chosen = lock_attempts(sitting_id, attempt_ids)
    if done := done_before(sitting_id, key, now=now):
        return len(done)
    attempts = open_ones(sitting_id, chosen, now=now)
    events = log_events(
        _ids(attempts), Event.MESSAGE, actor=actor, now=now, text=text, **keyed(key)
    )
    for attempt in attempts:
        attempt.notice_id = events[attempt.id]
    return len(attempts)


@transactional
def add_minutes(
    sitting_id: int,
    attempt_ids: Sequence[int] | None,
    *,
    minutes: int,
    reason: str,
    actor: Actor,
    now: datetime,
    beyond_window: bool = True,
    key: str = "",
) -> int:
    """Give open attempts more time; returns how many got it.

    beyond_window: the sitting's end moves as much for them. Raises NobodyAffected.
    """
    minutes, reason = checked_minutes(minutes), checked_text(reason)
    chosen = lock_attempts(sitting_id, attempt_ids)
    if done := done_before(sitting_id, key, now=now):
        return len(done)
    attempts = open_ones(sitting_id, chosen, now=now)
    grant(
        attempts,
        minutes=minutes,
        reason=reason,
        actor=actor,
        now=now,
        beyond_window=beyond_window,
        **keyed(key),
    )
    _record(
        "time_added",
        sitting_id,
        attempts,
        actor=actor,
        now=now,
        minutes=minutes,
        beyond_window=beyond_window,
        reason=reason,
    )
    return len(attempts)


@transactional
def pause(
    sitting_id: int,
    attempt_ids: Sequence[int] | None,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    key: str = "",
) -> int:
    """Stop the clock of attempts in progress; returns how many. Raises NobodyAffected."""
    reason = checked_text(reason)
    chosen = lock_attempts(sitting_id, attempt_ids)
    if done := done_before(sitting_id, key, now=now):
        return len(done)
    attempts = [
        attempt
        for attempt in open_ones(sitting_id, chosen, now=now)
        if attempt.state == AttemptState.IN_PROGRESS and now < attempt.deadline_at
    ]
    if not attempts:
        raise NobodyAffected(N_("None of the chosen candidates can be paused now."))
    stop = begin_proctor_pause(now=now)
    for attempt in attempts:
        attempt.notice_id = begin_pause(
            attempt, stop, actor=actor, now=now, reason=reason, **keyed(key)
        )
    _record("paused", sitting_id, attempts, actor=actor, now=now, reason=reason)
    return len(attempts)


@transactional
def resume(
    sitting_id: int,
    attempt_ids: Sequence[int] | None,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    key: str = "",
) -> int:
    """Let the clocks that a proctor stopped run again; returns how many.

    A break is the candidate's own and goes on. Raises NobodyAffected.
    """
    reason = checked_text(reason)
    chosen = lock_attempts(sitting_id, attempt_ids)
    if done := done_before(sitting_id, key, now=now):
        return len(done)
    window_end = _window_end(sitting_id)
    paused = []
    for attempt in open_ones(sitting_id, chosen, now=now):
        on = pause_of(attempt)
        if on is not None and on.kind is PauseKind.PROCTOR:
            paused.append(attempt)
    if not paused:
        raise NobodyAffected(N_("None of the chosen candidates was paused by a proctor."))
    for attempt in paused:
        attempt.notice_id = end_pause(
            attempt, window_end=window_end, actor=actor, now=now, reason=reason, **keyed(key)
        )
    _record("resumed", sitting_id, paused, actor=actor, now=now, reason=reason)
    return len(paused)


@transactional
def force_submit(
    sitting_id: int,
    attempt_ids: Sequence[int] | None,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    key: str = "",
) -> Sequence[int]:
    """Hand in for candidates; returns the ids, which are then graded. Raises NobodyAffected."""
    reason = checked_text(reason)
    chosen = lock_attempts(sitting_id, attempt_ids)
    if done := done_before(sitting_id, key, now=now):
        return done
    attempts = open_ones(sitting_id, chosen, now=now)
    for attempt in attempts:
        log_event(attempt.id, Event.FORCE_SUBMIT, actor=actor, now=now, reason=reason, **keyed(key))
        close(attempt, Move.SUBMIT, at=now, actor=actor, now=now)
    _record("submitted", sitting_id, attempts, actor=actor, now=now, reason=reason)
    return _ids(attempts)


@transactional
def void(
    sitting_id: int,
    attempt_ids: Sequence[int],
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    key: str = "",
) -> int:
    """Declare attempts void, from any state; returns how many were not void before.

    Raises NobodyAffected. A certificate that rests on one is suspended.
    """
    reason = checked_text(reason)
    chosen = lock_attempts(sitting_id, attempt_ids)
    if done := done_before(sitting_id, key, now=now):
        return len(done)
    standing = [attempt for attempt in chosen if attempt.state != AttemptState.VOIDED]
    if not standing:
        raise NobodyAffected(N_("The chosen exams are void already."))
    for attempt in standing:
        void_attempt(attempt, reason=reason, actor=actor, now=now, **keyed(key))
    return len(standing)


@transactional
def report_irregularity(
    sitting_id: int,
    attempt_ids: Sequence[int] | None,
    *,
    kind: Irregularity,
    text: str,
    actor: Actor,
    now: datetime,
    registration_ids: Sequence[int] = (),
    key: str = "",
) -> int:
    """Put an irregularity on record; it changes nothing by itself. Returns for how many.

    registration_ids: people who have not started. Raises NobodyAffected, NotOfThisSitting.
    """
    text = checked_text(text)
    chosen = lock_attempts(sitting_id, attempt_ids)
    places = lock_places(sitting_id, registration_ids)
    if done_before(sitting_id, key, now=now) or noted_before(places, key):
        return len(chosen) + len(places)
    if attempt_ids is None:
        chosen = open_ones(sitting_id, chosen, now=now)
    if not chosen and not places:
        raise NobodyAffected
    detail = {"irregularity": kind.value, "text": text, **keyed(key)}
    log_events(_ids(chosen), Event.IRREGULARITY, actor=actor, now=now, **detail)
    for place in places:
        log_registration_event(place.id, Event.IRREGULARITY, actor=actor, now=now, **detail)
    _record(
        "irregularity",
        sitting_id,
        chosen,
        actor=actor,
        now=now,
        kind=kind.value,
        registrations=[place.id for place in places],
    )
    return len(chosen) + len(places)


def _ids(attempts: Sequence[Attempt]) -> list[int]:
    return [attempt.id for attempt in attempts]


def _record(
    act: str,
    sitting_id: int,
    attempts: Sequence[Attempt],
    *,
    actor: Actor,
    now: datetime,
    **detail: Any,
) -> None:
    """One entry of the audit log for the whole act."""
    record(
        f"attempts.{act}",
        f"sitting:{sitting_id}",
        actor=actor,
        now=now,
        attempts=_ids(attempts),
        **detail,
    )


def _window_end(sitting_id: int) -> datetime:
    return db.session.get_one(Sitting, sitting_id).closes_at
