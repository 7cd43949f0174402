"""Exams and attempts; `own_sittings` has what leads to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.db import AnyRow, db
from app.models.attempts import Attempt
from app.models.schemes import Exam, Scheme
from app.models.sittings import Sitting


@dataclass(frozen=True, slots=True)
class AttemptView:
    """An attempt as its pages need it.

    section: the open one; sections: their titles, () with free navigation. pause_*: the pause
    that is on. break_left: seconds of breaks that are left. seb_keys, networks: the sitting's.
    """

    id: int
    user_id: int
    paper_id: int
    sitting_id: int
    state: str
    epoch: int
    layout: dict[str, Any]
    started_at: datetime
    deadline_at: datetime
    closed_at: datetime | None
    exam_title: dict[str, Any]
    scheme_id: str
    section: int
    sections: tuple[dict[str, Any], ...]
    pause_kind: str | None
    pause_since: datetime | None
    pause_ends_at: datetime | None
    break_left: int
    larger_text: bool
    notice_id: int
    seb_keys: tuple[str, ...]
    networks: tuple[str, ...]


def attempt_of(attempt_id: int, *, user_id: int) -> AttemptView | None:
    """One's own attempt."""
    row = db.session.execute(
        select(
            Attempt, Exam.title, Exam.scheme_id, Exam.sections, Sitting.seb_keys, Sitting.networks
        )
        .join(Exam, Exam.id == Attempt.exam_id)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .where(Attempt.id == attempt_id, Attempt.user_id == user_id)
    ).one_or_none()
    if row is None:
        return None
    attempt = row.Attempt
    return AttemptView(
        id=attempt.id,
        user_id=attempt.user_id,
        paper_id=attempt.paper_id,
        sitting_id=attempt.sitting_id,
        state=attempt.state,
        epoch=attempt.epoch,
        layout=attempt.layout,
        started_at=attempt.started_at,
        deadline_at=attempt.deadline_at,
        closed_at=attempt.closed_at,
        exam_title=row.title,
        scheme_id=row.scheme_id,
        section=attempt.section,
        sections=tuple(row.sections),
        pause_kind=attempt.pause_kind,
        pause_since=attempt.pause_since,
        pause_ends_at=attempt.pause_ends_at,
        break_left=attempt.break_seconds - attempt.break_used_seconds,
        larger_text=attempt.larger_text,
        notice_id=attempt.notice_id,
        seb_keys=tuple(row.seb_keys),
        networks=tuple(row.networks),
    )


def due_attempts(*, before: datetime, states: Sequence[str]) -> Sequence[int]:
    """Ids of attempts in these states whose deadline lies before `before`, oldest first."""
    return db.session.scalars(
        select(Attempt.id)
        .where(Attempt.state.in_(states), Attempt.deadline_at <= before)
        .order_by(Attempt.deadline_at)
        .limit(1000)
    ).all()


def closed_attempts(states: Sequence[str]) -> Sequence[int]:
    """Ids of attempts in these (closed) states, oldest first."""
    return db.session.scalars(
        select(Attempt.id).where(Attempt.state.in_(states)).order_by(Attempt.id).limit(1000)
    ).all()


def open_attempt(user_id: int) -> AnyRow | None:
    """(id, deadline_at, title) of the attempt that somebody is in."""
    return db.session.execute(
        select(Attempt.id, Attempt.deadline_at, Exam.title)
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(Attempt.user_id == user_id, Attempt.state.in_(("in_progress", "paused")))
        .limit(1)
    ).one_or_none()


def current_exam_id(scheme_id: str, code: str) -> int | None:
    """Id of an exam in its scheme's current version."""
    return db.session.scalar(
        select(Exam.id)
        .join(Scheme, Scheme.current_version_id == Exam.scheme_version_id)
        .where(Scheme.id == scheme_id, Exam.code == code)
    )


def is_of_registration(attempt_id: int, registration_id: int) -> bool:
    """Whether the attempt was started from this place."""
    found = db.session.scalar(
        select(Attempt.id).where(
            Attempt.id == attempt_id, Attempt.registration_id == registration_id
        )
    )
    return found is not None


def has_sittings() -> bool:
    """Whether any exam was ever put on offer."""
    return db.session.scalar(select(Sitting.id).limit(1)) is not None
