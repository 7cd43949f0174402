"""A sitting as the staff sees it; who sees which is decided here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select

from app.db import AnyRow, db
from app.domain.permissions import Role
from app.domain.sittings import SittingState, sitting_state
from app.models.accounts import User, UserRole
from app.models.attempts import Attempt
from app.models.audit import AuditEntry
from app.models.schemes import Exam, Scheme
from app.models.sittings import Sitting, SittingProctor


@dataclass(frozen=True, slots=True)
class Proctor:
    """Somebody whom a sitting names as its proctor."""

    user_id: int
    name: str
    username: str


@dataclass(frozen=True, slots=True)
class SittingView:
    """One sitting with its exam, its rules and its proctors (none: open to every proctor)."""

    id: int
    exam_id: int
    scheme_id: str
    exam_title: dict[str, Any]
    scheme_title: dict[str, Any]
    minutes: int
    title: dict[str, Any]
    opens_at: datetime
    closes_at: datetime
    room: str
    capacity: int | None
    open_to_enrolled: bool
    access_code: str
    networks: tuple[str, ...]
    seb_keys: tuple[str, ...]
    needs_admission: bool
    needs_ticket: bool
    cancelled_at: datetime | None
    proctors: tuple[Proctor, ...]

    def state(self, now: datetime) -> SittingState:
        """Where it stands."""
        return sitting_state(self.opens_at, self.closes_at, cancelled_at=self.cancelled_at, now=now)


def visible_to(*, user_id: int, manages: bool) -> ColumnElement[bool]:
    """The rule as a condition on Sitting.

    Whoever manages sittings sees them all; a proctor those that name them, or name nobody.
    """
    if manages:
        return Sitting.id.is_not(None)
    named = select(SittingProctor.user_id).where(SittingProctor.sitting_id == Sitting.id)
    return or_(~named.exists(), named.where(SittingProctor.user_id == user_id).exists())


def visible_sitting(sitting_id: int, *, user_id: int, manages: bool) -> SittingView | None:
    """A sitting that this person may see and run, None for any other: two statements.

    manages: whether they have Permission.MANAGE_SITTINGS.
    """
    row = db.session.execute(
        select(Sitting, Exam.title, Exam.scheme_id, Exam.minutes, Scheme.title.label("scheme"))
        .join(Exam, Exam.id == Sitting.exam_id)
        .join(Scheme, Scheme.id == Exam.scheme_id)
        .where(Sitting.id == sitting_id, visible_to(user_id=user_id, manages=manages))
    ).one_or_none()
    if row is None:
        return None
    sitting = row.Sitting
    return SittingView(
        id=sitting.id,
        exam_id=sitting.exam_id,
        scheme_id=row.scheme_id,
        exam_title=row.title,
        scheme_title=row.scheme,
        minutes=row.minutes,
        title=sitting.title,
        opens_at=sitting.opens_at,
        closes_at=sitting.closes_at,
        room=sitting.room,
        capacity=sitting.capacity,
        open_to_enrolled=sitting.open_to_enrolled,
        access_code=sitting.access_code,
        networks=tuple(sitting.networks),
        seb_keys=tuple(sitting.seb_keys),
        needs_admission=sitting.needs_admission,
        needs_ticket=sitting.needs_ticket,
        cancelled_at=sitting.cancelled_at,
        proctors=proctors_of(sitting.id),
    )


def proctors_of(sitting_id: int) -> tuple[Proctor, ...]:
    """The proctors that a sitting names."""
    rows = db.session.execute(
        select(User.id, User.name, User.username)
        .join(SittingProctor, SittingProctor.user_id == User.id)
        .where(SittingProctor.sitting_id == sitting_id)
        .order_by(User.name, User.username)
    )
    return tuple(Proctor(row.id, row.name, row.username) for row in rows)


def exams_to_offer() -> Sequence[AnyRow]:
    """(id, title, scheme_title) of every exam of a current scheme version."""
    return db.session.execute(
        select(Exam.id, Exam.title, Scheme.title.label("scheme_title"))
        .join(Scheme, Scheme.current_version_id == Exam.scheme_version_id)
        .order_by(Scheme.id, Exam.id)
    ).all()


def possible_proctors() -> tuple[Proctor, ...]:
    """Everybody who can be named as a proctor."""
    rows = db.session.execute(
        select(User.id, User.name, User.username)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role == Role.PROCTOR.value, User.active)
        .order_by(User.name, User.username)
    )
    return tuple(Proctor(row.id, row.name, row.username) for row in rows)


def has_started(sitting_id: int) -> bool:
    """Whether anybody has ever started in this sitting."""
    return bool(db.session.scalar(select(exists().where(Attempt.sitting_id == sitting_id))))


def cancel_reason(sitting_id: int) -> str:
    """Why the sitting was cancelled, as the audit log has it."""
    detail = db.session.scalar(
        select(AuditEntry.detail).where(
            AuditEntry.subject == f"sitting:{sitting_id}", AuditEntry.action == "sitting.cancelled"
        )
    )
    return str(detail["reason"]) if detail else ""
