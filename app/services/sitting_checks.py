"""What has happened in a sitting, and what of it can therefore not be changed any more.

As the trail, called inside the transaction of the act; nothing is committed here.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, func, select

from app.db import db
from app.domain.attempts import AttemptState
from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_
from app.models.attempts import Attempt
from app.models.sittings import Registration, Sitting
from app.services.sittings import SittingRules


class SittingRefused(DomainError):
    """What was asked for does not go together with what has happened in the sitting."""

    def __init__(self, code: str, sentence: str, **parameters: object) -> None:
        super().__init__(code, sentence, kind=ErrorKind.CONFLICT, **parameters)


def has_started(sitting_id: int) -> bool:
    """Whether anybody has begun an attempt."""
    return bool(db.session.scalar(select(exists().where(Attempt.sitting_id == sitting_id))))


def check_against_attempts(sitting: Sitting, *, exam_id: int, opens_at: datetime) -> None:
    """Exam and beginning stay once somebody has started; raises SittingRefused."""
    if exam_id == sitting.exam_id and opens_at <= sitting.opens_at:
        return
    if not has_started(sitting.id):
        return
    if exam_id != sitting.exam_id:
        raise SittingRefused(
            "exam-fixed", N_("Somebody has started: the exam and its papers stay as they are.")
        )
    raise SittingRefused(
        "beginning-fixed", N_("Somebody has started: the beginning cannot be moved later.")
    )


def check_against_places(sitting: Sitting, rules: SittingRules) -> None:
    """Rules that go together with the places that are taken; raises SittingRefused."""
    places = select(func.count()).select_from(Registration)
    places = places.where(Registration.sitting_id == sitting.id)
    if rules.capacity is not None and rules.capacity != sitting.capacity:
        taken = db.session.scalar(places.where(Registration.state != AttemptState.VOIDED.value))
        if (taken or 0) > rules.capacity:
            raise SittingRefused(
                "capacity-too-small", N_("More places are taken already: %(taken)s."), taken=taken
            )
    if rules.needs_admission and not sitting.needs_admission:
        ready = db.session.scalar(
            places.where(
                Registration.state == AttemptState.READY.value, Registration.admitted_at.is_(None)
            )
        )
        if ready:
            raise SittingRefused(
                "ready-already",
                N_("Somebody is ready already: it is too late to ask for admission."),
            )
