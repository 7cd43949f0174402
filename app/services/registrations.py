"""Places in a sitting: taking one, agreeing to the rules, being admitted by a proctor."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from app.db import db, transactional
from app.domain.attempts import AttemptState, Move
from app.domain.errors import DomainError, ErrorKind
from app.domain.events import Event
from app.domain.text import N_
from app.models.accounts import Enrolment
from app.models.schemes import Exam
from app.models.sittings import Registration, Sitting
from app.services.sittings import SittingClosed
from app.services.trail import (
    SYSTEM,
    Actor,
    log_registration_event,
    log_registration_events,
)
from app.services.transitions import step_registration


class RegistrationMissing(DomainError):
    """There is no such place, or it is somebody else's: the answer is the same."""

    def __init__(self) -> None:
        super().__init__(
            "registration-missing", N_("This exam is not on your list."), kind=ErrorKind.MISSING
        )


class SittingFull(DomainError):
    """Every place is taken."""

    def __init__(self, *, capacity: int) -> None:
        super().__init__(
            "sitting-full",
            N_("All %(capacity)s places of this sitting are taken."),
            kind=ErrorKind.CONFLICT,
            capacity=capacity,
        )


class PlaceWithdrawn(DomainError):
    """Somebody was taken off the roster, and only who keeps it can give the place back."""

    def __init__(self) -> None:
        super().__init__(
            "place-withdrawn",
            N_("You were taken off the roster of this sitting. Ask your training department."),
            kind=ErrorKind.CONFLICT,
        )


@transactional
def register(sitting_id: int, *, user_id: int, now: datetime, actor: Actor = SYSTEM) -> int:
    """Give somebody who is enrolled a place in an open sitting; returns the registration's id.

    Raises RegistrationMissing, PlaceWithdrawn, SittingClosed, SittingFull.
    """
    row = db.session.execute(
        select(Sitting, Exam.scheme_id)
        .join(Exam)
        .where(Sitting.id == sitting_id)
        .with_for_update(of=Sitting, key_share=True)  # starts need not wait for it
    ).one_or_none()
    enrolled = row is not None and db.session.scalar(
        select(Enrolment.id).where(
            Enrolment.user_id == user_id, Enrolment.scheme_id == row.scheme_id
        )
    )
    if row is None or not enrolled:
        raise RegistrationMissing
    known = db.session.execute(
        select(Registration.id, Registration.state).where(
            Registration.sitting_id == sitting_id, Registration.user_id == user_id
        )
    ).one_or_none()
    if known is not None and known.state != AttemptState.VOIDED:
        return int(known.id)
    if not row.Sitting.open_to_enrolled:
        raise RegistrationMissing
    if known is not None:
        raise PlaceWithdrawn
    if row.Sitting.cancelled_at or now >= row.Sitting.closes_at:
        raise SittingClosed
    return take_place(row.Sitting, user_id, actor=actor, now=now)


def take_place(sitting: Sitting, user_id: int, *, actor: Actor, now: datetime) -> int:
    """As `take_places`, for one person; returns the registration's id."""
    taken = take_places(sitting, [user_id], actor=actor, now=now)
    if user_id in taken:
        return taken[user_id]
    return db.session.scalars(
        select(Registration.id).where(
            Registration.sitting_id == sitting.id, Registration.user_id == user_id
        )
    ).one()


def take_places(
    sitting: Sitting, user_ids: Sequence[int], *, actor: Actor, now: datetime
) -> dict[int, int]:
    """The places themselves, inside the transaction that locked the sitting.

    Capacity, admission numbers, events. Whoever was taken off the roster gets the same place
    again, who has one keeps it. Returns user id → registration id of the new places. Raises
    SittingFull, and then nobody gets one.
    """
    places = db.session.scalars(
        select(Registration).where(
            Registration.sitting_id == sitting.id, Registration.user_id.in_(user_ids)
        )
    ).all()
    known = {place.user_id: place for place in places}
    wanted = [
        user_id
        for user_id in dict.fromkeys(user_ids)
        if user_id not in known or known[user_id].state == AttemptState.VOIDED
    ]
    _check_capacity(sitting, len(wanted))
    taken = {}
    for user_id in wanted:
        if user_id in known:
            taken[user_id] = _reinstate(known[user_id], actor=actor, now=now)
    fresh = [user_id for user_id in wanted if user_id not in known]
    if fresh:
        rows = db.session.execute(
            insert(Registration).returning(Registration.user_id, Registration.id),
            [_new_place(sitting.id, user_id, now=now) for user_id in fresh],
        ).all()
        ids = [registration_id for _, registration_id in rows]
        log_registration_events(ids, Event.REGISTERED, actor=actor, now=now)
        taken.update((user_id, registration_id) for user_id, registration_id in rows)
    return taken


@transactional
def agree(
    registration_id: int, *, user_id: int, agreement: str, now: datetime, actor: Actor = SYSTEM
) -> AttemptState:
    """Record the candidate's agreement. agreement: the text as shown, kept by its hash.

    Makes the registration ready where nobody has to see who it is, or somebody has; returns
    the state that it is in then.
    """
    registration = db.session.scalar(
        select(Registration)
        .where(Registration.id == registration_id, Registration.user_id == user_id)
        .with_for_update()
    )
    if registration is None or registration.state == AttemptState.VOIDED:
        raise RegistrationMissing
    if registration.agreed_at is not None:
        return AttemptState(registration.state)
    registration.agreed_at = now
    registration.agreement_hash = hashlib.sha256(agreement.encode()).hexdigest()
    log_registration_event(
        registration.id, Event.AGREED, actor=actor, now=now, text=registration.agreement_hash
    )
    _make_ready(registration, actor=actor, now=now)
    return AttemptState(registration.state)


@transactional
def admit(registration_id: int, *, actor: Actor, now: datetime) -> None:
    """Note that a proctor has seen who it is; again changes nothing. Raises RegistrationMissing."""
    registration = db.session.scalar(
        select(Registration).where(Registration.id == registration_id).with_for_update()
    )
    if registration is None:
        raise RegistrationMissing
    let_in(registration, note="", actor=actor, now=now)


def let_in(registration: Registration, *, note: str, actor: Actor, now: datetime) -> bool:
    """The admission itself, inside the transaction that locked the place; whether it was new.

    note: how the identity was checked. Raises RegistrationMissing for one off the roster.
    """
    if registration.state == AttemptState.VOIDED:
        raise RegistrationMissing
    if registration.admitted_at is not None:
        return False
    registration.admitted_at = now
    log_registration_event(registration.id, Event.ADMITTED, actor=actor, now=now, note=note)
    _make_ready(registration, actor=actor, now=now)
    return True


def send_out(registration: Registration, *, reason: str, actor: Actor, now: datetime) -> bool:
    """Take an admission back, inside the transaction that locked the place; whether there was one.

    A running attempt is not touched by it: whoever should not be in it is voided.
    """
    if registration.state == AttemptState.VOIDED or registration.admitted_at is None:
        return False
    registration.admitted_at = None
    log_registration_event(
        registration.id, Event.ADMISSION_WITHDRAWN, actor=actor, now=now, reason=reason
    )
    sitting = db.session.get_one(Sitting, registration.sitting_id)
    if sitting.needs_admission and registration.state == AttemptState.READY:
        step_registration(registration, Move.MAKE_UNREADY, actor=actor, now=now)
    return True


@transactional
def note_refused_entry(registration_id: int, *, code: str, actor: Actor, now: datetime) -> None:
    """Note that the door stayed shut. code: the error's."""
    log_registration_event(registration_id, Event.ENTRY_REFUSED, actor=actor, now=now, code=code)


def _make_ready(registration: Registration, *, actor: Actor, now: datetime) -> None:
    sitting = db.session.get_one(Sitting, registration.sitting_id)
    identity_is_settled = registration.admitted_at is not None or not sitting.needs_admission
    if (
        registration.state == AttemptState.REGISTERED
        and registration.agreed_at is not None
        and identity_is_settled
    ):
        step_registration(registration, Move.MAKE_READY, actor=actor, now=now)


def _check_capacity(sitting: Sitting, wanted: int) -> None:
    if sitting.capacity is None or not wanted:
        return
    taken = db.session.scalar(
        select(func.count())
        .select_from(Registration)
        .where(
            Registration.sitting_id == sitting.id,
            Registration.state != AttemptState.VOIDED.value,
        )
    )
    if (taken or 0) + wanted > sitting.capacity:
        raise SittingFull(capacity=sitting.capacity)


def _new_place(sitting_id: int, user_id: int, *, now: datetime) -> dict[str, Any]:
    return {
        "sitting_id": sitting_id,
        "user_id": user_id,
        "admission_number": f"{now:%Y}{sitting_id:04d}{user_id:06d}",
        "state": AttemptState.REGISTERED.value,
        "late_seconds": 0,
        "created_at": now,
    }


def _reinstate(registration: Registration, *, actor: Actor, now: datetime) -> int:
    step_registration(registration, Move.REINSTATE, actor=actor, now=now)
    registration.agreed_at = registration.admitted_at = None
    registration.ticket_hash = registration.ticket_used_at = None
    return registration.id
