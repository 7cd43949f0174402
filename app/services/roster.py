"""The roster of a sitting: who is put on it, who is taken off, who took it along as a file."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import exists, select

from app.db import db, transactional
from app.domain.attempts import Move
from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_
from app.models.accounts import Enrolment, User
from app.models.attempts import Attempt
from app.models.schemes import Exam
from app.models.sittings import Registration, Sitting
from app.services.mails import Letterhead, places_cancelled, sitting_places
from app.services.registrations import RegistrationMissing, take_places
from app.services.remedies import checked_text
from app.services.sitting_changes import SittingMissing
from app.services.sittings import SittingClosed
from app.services.tickets import end_ticket_sessions
from app.services.trail import Actor, record
from app.services.transitions import step_registration

MOST_AT_ONCE = 5000
"""People who are put on a roster in one act."""
_MOST_NAMES = 20


class NotEnrolled(DomainError):
    """Somebody cannot sit this exam: without an enrolment in its scheme, or disabled."""

    def __init__(self, names: Collection[str]) -> None:
        shown = sorted(names)
        super().__init__(
            "not-enrolled",
            N_("Not enrolled in this certification, or disabled: %(names)s"),
            kind=ErrorKind.CONFLICT,
            names="、".join(shown[:_MOST_NAMES]) + (" …" if len(shown) > _MOST_NAMES else ""),
        )


@transactional
def add_people(
    sitting_id: int,
    user_ids: Collection[int],
    *,
    actor: Actor,
    now: datetime,
    letterhead: Letterhead | None = None,
) -> int:
    """Put people on the roster, all or none; returns how many are new.

    letterhead: writes everybody who is new a mail. Raises SittingMissing, SittingClosed (its
    window is over, or it is cancelled), NotEnrolled with the names, SittingFull.
    """
    if len(user_ids) > MOST_AT_ONCE:
        raise DomainError(
            "too-many-people",
            N_("Put at most %(most)s people on the roster at once."),
            kind=ErrorKind.TOO_LARGE,
            most=MOST_AT_ONCE,
        )
    sitting = _locked(sitting_id)
    if sitting.cancelled_at is not None or now >= sitting.closes_at:
        raise SittingClosed
    _check_enrolled(sitting.exam_id, user_ids)
    taken = take_places(sitting, sorted(set(user_ids)), actor=actor, now=now)
    if not taken:
        return 0
    record("roster.added", f"sitting:{sitting_id}", actor=actor, now=now, users=sorted(taken))
    if letterhead is not None:
        numbers = db.session.execute(
            select(Registration.user_id, Registration.admission_number).where(
                Registration.id.in_(taken.values())
            )
        )
        sitting_places(sitting, dict(numbers.all()), letterhead=letterhead, now=now)
    return len(taken)


@transactional
def take_off(
    registration_id: int,
    *,
    sitting_id: int,
    reason: str,
    actor: Actor,
    now: datetime,
    letterhead: Letterhead | None = None,
) -> None:
    """Take somebody off the roster who has not started; the reason is in the mail to them.

    Raises RegistrationMissing, ReasonMissing, MoveRefused (taken off already), DomainError.
    """
    reason = checked_text(reason)
    registration = db.session.scalar(
        select(Registration)
        .where(Registration.id == registration_id, Registration.sitting_id == sitting_id)
        .with_for_update()
    )
    if registration is None:
        raise RegistrationMissing
    if db.session.scalar(select(exists().where(Attempt.registration_id == registration_id))):
        raise DomainError(
            "already-started",
            N_("This person has started and can no longer be taken off the roster."),
            kind=ErrorKind.CONFLICT,
        )
    step_registration(registration, Move.VOID, actor=actor, now=now, reason=reason)
    registration.ticket_hash = None
    end_ticket_sessions([registration_id], now=now)
    record(
        "roster.taken_off",
        f"sitting:{sitting_id}",
        actor=actor,
        now=now,
        user=registration.user_id,
        reason=reason,
    )
    if letterhead is not None:
        sitting = db.session.get_one(Sitting, sitting_id)
        places_cancelled(
            sitting, [registration.user_id], letterhead=letterhead, now=now, reason=reason
        )


@transactional
def note_export(sitting_id: int, *, rows: int, actor: Actor, now: datetime) -> None:
    """Put it on record that somebody took the roster along."""
    record("roster.exported", f"sitting:{sitting_id}", actor=actor, now=now, rows=rows)


def _locked(sitting_id: int) -> Sitting:
    sitting = db.session.scalar(select(Sitting).where(Sitting.id == sitting_id).with_for_update())
    if sitting is None:
        raise SittingMissing
    return sitting


def _check_enrolled(exam_id: int, user_ids: Collection[int]) -> None:
    scheme_id = select(Exam.scheme_id).where(Exam.id == exam_id).scalar_subquery()
    enrolled = set(
        db.session.scalars(
            select(User.id)
            .join(Enrolment, Enrolment.user_id == User.id)
            .where(User.id.in_(user_ids), User.active, Enrolment.scheme_id == scheme_id)
        )
    )
    missing = set(user_ids) - enrolled
    if not missing:
        return
    names = db.session.scalars(select(User.name).where(User.id.in_(missing)))
    raise NotEnrolled([*names] or ["?"])
