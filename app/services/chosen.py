"""Whom an act of the proctor's is done to: locked, of the right sitting, and never twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from app.db import db
from app.domain.attempts import OPEN_STATES
from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_
from app.domain.timing import is_over
from app.models.attempts import Attempt, AttemptEvent
from app.models.sittings import Registration, RegistrationEvent, Sitting
from app.services.transitions import end_pause_if_over

KEY_LIFETIME = timedelta(days=1)
"""How long after an act the form that asked for it is still recognised."""


class NobodyAffected(DomainError):
    """None of the chosen attempts is open."""

    def __init__(
        self,
        sentence: str = N_("None of the chosen candidates is in the exam now."),
    ) -> None:
        super().__init__("nobody-affected", sentence, kind=ErrorKind.CONFLICT)


class NotOfThisSitting(DomainError):
    """Somebody was chosen who has no place in this sitting."""

    def __init__(self) -> None:
        super().__init__(
            "not-of-this-sitting",
            N_("Somebody who was chosen is not in this sitting."),
            kind=ErrorKind.MISSING,
        )


def lock_attempts(sitting_id: int, attempt_ids: Sequence[int] | None) -> list[Attempt]:
    """Lock the chosen attempts, or for None all that are open. Raises NotOfThisSitting."""
    statement = (
        select(Attempt)
        .where(Attempt.sitting_id == sitting_id)
        .order_by(Attempt.id)
        .with_for_update()
    )
    if attempt_ids is None:
        open_states = [state.value for state in OPEN_STATES]
        return list(db.session.scalars(statement.where(Attempt.state.in_(open_states))))
    wanted = set(attempt_ids)
    attempts = list(db.session.scalars(statement.where(Attempt.id.in_(wanted))))
    if len(attempts) < len(wanted):
        raise NotOfThisSitting
    return attempts


def open_ones(sitting_id: int, attempts: Sequence[Attempt], *, now: datetime) -> list[Attempt]:
    """Those of the locked attempts that are open; raises NobodyAffected for none."""
    window_end = db.session.get_one(Sitting, sitting_id).closes_at
    still = []
    for attempt in attempts:
        if attempt.state not in OPEN_STATES:
            continue
        end_pause_if_over(attempt, window_end=window_end, now=now)
        if not is_over(attempt.deadline_at, now=now):
            still.append(attempt)
    if not still:
        raise NobodyAffected
    return still


def lock_places(sitting_id: int, registration_ids: Sequence[int]) -> list[Registration]:
    """Lock these places. Raises NotOfThisSitting."""
    wanted = set(registration_ids)
    found = list(
        db.session.scalars(
            select(Registration)
            .where(Registration.sitting_id == sitting_id, Registration.id.in_(wanted))
            .order_by(Registration.id)
            .with_for_update()
        )
    )
    if len(found) < len(wanted):
        raise NotOfThisSitting
    return found


def started_places(registration_ids: Sequence[int]) -> set[int]:
    """Those of the locked places that have an attempt."""
    return set(
        db.session.scalars(
            select(Attempt.registration_id).where(Attempt.registration_id.in_(registration_ids))
        )
    )


def done_before(sitting_id: int, key: str, *, now: datetime) -> list[int]:
    """Attempts to which this very form was done already; asked once the chosen are locked."""
    if not key:
        return []
    return list(
        db.session.scalars(
            select(AttemptEvent.attempt_id)
            .join(Attempt, Attempt.id == AttemptEvent.attempt_id)
            .where(
                Attempt.sitting_id == sitting_id,
                AttemptEvent.at > now - KEY_LIFETIME,
                AttemptEvent.detail["key"].as_string() == key,
            )
            .distinct()
            .order_by(AttemptEvent.attempt_id)
        )
    )


def noted_before(places: Sequence[Registration], key: str) -> bool:
    """As `done_before`, for people who have not started."""
    return bool(key and places) and bool(
        db.session.scalar(
            select(RegistrationEvent.id)
            .where(
                RegistrationEvent.registration_id.in_([place.id for place in places]),
                RegistrationEvent.detail["key"].as_string() == key,
            )
            .limit(1)
        )
    )


def keyed(key: str) -> dict[str, str]:
    """The key as a detail of the events that the act writes."""
    return {"key": key} if key else {}
