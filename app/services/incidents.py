"""Incidents: proposed by one person, decided by another, done to everybody in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from app.db import db, transactional
from app.domain import incidents as rules
from app.domain.attempts import OPEN_STATES, AttemptState
from app.domain.errors import DomainError, ErrorKind
from app.domain.events import Event
from app.domain.incidents import IncidentState, Outcome, Remedy
from app.domain.text import N_
from app.domain.timing import is_over
from app.models.attempts import Attempt
from app.models.results import Result
from app.models.sittings import Incident, IncidentAttempt, Sitting
from app.services.chosen import lock_attempts
from app.services.remedies import checked_minutes, checked_text, grant, void_attempt
from app.services.trail import Actor, log_events, record
from app.services.transitions import end_pause_if_over

SAME_FORM = timedelta(minutes=10)
"""Within this time the same proposal by the same person is the same form, sent twice."""


class NobodyChosen(DomainError):
    """An incident that affected nobody."""

    def __init__(self) -> None:
        super().__init__("nobody-chosen", N_("Choose who was affected."))


class IncidentMissing(DomainError):
    """There is no such incident in this sitting."""

    def __init__(self) -> None:
        super().__init__(
            "incident-missing",
            N_("There is no such incident in this sitting."),
            kind=ErrorKind.MISSING,
        )


@transactional
def propose(
    sitting_id: int,
    attempt_ids: Sequence[int],
    *,
    description: str,
    remedy: Remedy,
    minutes: int,
    actor: Actor,
    now: datetime,
) -> int:
    """Describe what happened, to whom, and propose a remedy; returns the incident's id.

    minutes: for everybody, where the remedy is minutes. The same form sent twice is one
    incident. Raises ReasonMissing, NobodyChosen, NotOfThisSitting.
    """
    if actor.user_id is None:
        raise ValueError("an incident is proposed by a person")
    description = checked_text(description)
    minutes = checked_minutes(minutes) if remedy is Remedy.MINUTES else 0
    wanted = sorted(set(attempt_ids))
    if not wanted:
        raise NobodyChosen
    # One proposal of a sitting at a time, so that the second of two finds the first.
    db.session.execute(select(Sitting.id).where(Sitting.id == sitting_id).with_for_update())
    lock_attempts(sitting_id, wanted)
    incident = Incident(
        sitting_id=sitting_id,
        description=description,
        remedy=remedy.value,
        minutes=minutes,
        state=IncidentState.PROPOSED.value,
        proposed_by=actor.user_id,
        proposed_at=now,
    )
    known = _sent_before(incident, wanted)
    if known is not None:
        return known
    db.session.add(incident)
    db.session.flush()
    db.session.add_all(
        IncidentAttempt(incident_id=incident.id, attempt_id=attempt_id) for attempt_id in wanted
    )
    record(
        "incident.proposed",
        f"incident:{incident.id}",
        actor=actor,
        now=now,
        sitting=sitting_id,
        remedy=remedy.value,
        minutes=minutes,
        attempts=wanted,
    )
    return incident.id


@transactional
def decide(
    incident_id: int,
    *,
    sitting_id: int,
    approve: bool,
    reason: str,
    actor: Actor,
    now: datetime,
    include_passed: bool = False,
) -> Mapping[Outcome, int]:
    """Approve the remedy and do it to everybody, or reject it; returns outcomes with numbers.

    include_passed: a resit also for those whose passing result is released. Raises
    IncidentMissing, OwnProposal, AlreadyDecided, ReasonMissing.
    """
    incident = db.session.scalar(
        select(Incident)
        .where(Incident.id == incident_id, Incident.sitting_id == sitting_id)
        .with_for_update()
    )
    if incident is None:
        raise IncidentMissing
    rules.check_decision(
        IncidentState(incident.state), proposed_by=incident.proposed_by, decider=actor.user_id
    )
    incident.reason = checked_text(reason)
    incident.decided_by, incident.decided_at = actor.user_id, now
    incident.state = (IncidentState.APPROVED if approve else IncidentState.REJECTED).value
    affected = {
        row.attempt_id: row
        for row in db.session.scalars(
            select(IncidentAttempt).where(IncidentAttempt.incident_id == incident.id)
        )
    }
    attempts = lock_attempts(sitting_id, list(affected))
    outcomes: dict[int, Outcome] = {}
    if approve:
        outcomes = _outcomes(incident, attempts, include_passed=include_passed, now=now)
        _do(incident, attempts, outcomes, actor=actor, now=now)
        for attempt_id, what in outcomes.items():
            affected[attempt_id].outcome = what.value
    _log(incident, attempts, outcomes, actor=actor, now=now)
    counted = Counter(outcomes.values())
    record(
        f"incident.{incident.state}",
        f"incident:{incident.id}",
        actor=actor,
        now=now,
        sitting=sitting_id,
        reason=incident.reason,
        outcomes={what.value: count for what, count in counted.items()},
        include_passed=include_passed,
    )
    return counted


def _sent_before(incident: Incident, attempt_ids: Sequence[int]) -> int | None:
    """The incident that this very form has made already."""
    candidates = db.session.scalars(
        select(Incident.id).where(
            Incident.sitting_id == incident.sitting_id,
            Incident.proposed_by == incident.proposed_by,
            Incident.proposed_at > incident.proposed_at - SAME_FORM,
            Incident.description == incident.description,
            Incident.remedy == incident.remedy,
            Incident.minutes == incident.minutes,
            Incident.state == IncidentState.PROPOSED.value,
        )
    ).all()
    for known in candidates:
        affected = db.session.scalars(
            select(IncidentAttempt.attempt_id).where(IncidentAttempt.incident_id == known)
        )
        if sorted(affected) == list(attempt_ids):
            return known
    return None


def _outcomes(
    incident: Incident, attempts: Sequence[Attempt], *, include_passed: bool, now: datetime
) -> dict[int, Outcome]:
    """What happens to each attempt; pauses that ran out are ended on the way."""
    window_end = db.session.get_one(Sitting, incident.sitting_id).closes_at
    passed = set(
        db.session.scalars(
            select(Result.attempt_id).where(
                Result.attempt_id.in_([attempt.id for attempt in attempts]),
                Result.current,
                Result.passed,
                Result.released_at.is_not(None),
            )
        )
    )
    found = {}
    for attempt in attempts:
        end_pause_if_over(attempt, window_end=window_end, now=now)
        found[attempt.id] = rules.outcome(
            Remedy(incident.remedy),
            AttemptState(attempt.state),
            is_open=attempt.state in OPEN_STATES and not is_over(attempt.deadline_at, now=now),
            has_passed=attempt.id in passed,
            include_passed=include_passed,
        )
    return found


def _do(
    incident: Incident,
    attempts: Sequence[Attempt],
    outcomes: Mapping[int, Outcome],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    grant(
        [attempt for attempt in attempts if outcomes[attempt.id] is Outcome.GRANTED],
        minutes=incident.minutes,
        reason=incident.reason,
        actor=actor,
        now=now,
        incident=incident.id,
    )
    for attempt in attempts:
        is_new = outcomes[attempt.id] is Outcome.VOIDED and attempt.state != AttemptState.VOIDED
        if is_new:
            void_attempt(
                attempt, reason=incident.reason, actor=actor, now=now, incident=incident.id
            )


def _log(
    incident: Incident,
    attempts: Sequence[Attempt],
    outcomes: Mapping[int, Outcome],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """The decision in the log of every attempt: one statement per outcome."""
    by_outcome: dict[str, list[int]] = {}
    for attempt in attempts:
        what = outcomes.get(attempt.id)
        by_outcome.setdefault(what.value if what else "", []).append(attempt.id)
    for what_happened, attempt_ids in by_outcome.items():
        log_events(
            attempt_ids,
            Event.INCIDENT,
            actor=actor,
            now=now,
            incident=incident.id,
            decision=incident.state,
            remedy=incident.remedy,
            minutes=incident.minutes,
            outcome=what_happened,
            reason=incident.reason,
        )
