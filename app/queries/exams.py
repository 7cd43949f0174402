"""Exams as a candidate sees them: sittings, registrations, attempts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from app.db import AnyRow, db
from app.models.accounts import Enrolment
from app.models.attempts import Attempt
from app.models.results import Result
from app.models.schemes import Exam, Scheme
from app.models.sittings import Registration, Sitting


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """One of one's attempts in a sitting. score and passed: None until released."""

    id: int
    number: int
    state: str
    started_at: datetime
    deadline_at: datetime
    closed_at: datetime | None
    score: float | None
    passed: bool | None


@dataclass(frozen=True, slots=True)
class SittingCard:
    """A sitting with one's own place in it. registration_id and state: None before registering."""

    id: int
    title: dict[str, Any]
    exam_title: dict[str, Any]
    scheme_title: dict[str, Any]
    opens_at: datetime
    closes_at: datetime
    minutes: int
    questions: int
    total: float
    pass_mark: float
    attempts_allowed: int
    wait_hours: int
    scoring: dict[str, Any]
    registration_id: int | None
    state: str | None
    admission_number: str | None
    attempts: tuple[AttemptLine, ...]


def sittings_of(user_id: int, *, sitting_id: int | None = None) -> list[SittingCard]:
    """Sittings of the exams of one's schemes, the latest first: two statements."""
    statement = (
        select(Sitting, Exam, Scheme.title.label("scheme_title"), Registration)
        .join(Exam, Exam.id == Sitting.exam_id)
        .join(Scheme, Scheme.id == Exam.scheme_id)
        .join(Enrolment, and_(Enrolment.scheme_id == Scheme.id, Enrolment.user_id == user_id))
        .outerjoin(
            Registration,
            and_(Registration.sitting_id == Sitting.id, Registration.user_id == user_id),
        )
        .order_by(Sitting.opens_at.desc(), Sitting.id.desc())
        .limit(100)
    )
    if sitting_id is not None:
        statement = statement.where(Sitting.id == sitting_id)
    attempts = _attempts_of(user_id)
    return [
        SittingCard(
            id=sitting.id,
            title=sitting.title,
            exam_title=exam.title,
            scheme_title=scheme_title,
            opens_at=sitting.opens_at,
            closes_at=sitting.closes_at,
            minutes=exam.minutes,
            questions=sum(cell["count"] for cell in exam.plan),
            total=float(exam.total),
            pass_mark=float(exam.pass_mark),
            attempts_allowed=exam.attempts,
            wait_hours=exam.wait_hours,
            scoring=exam.scoring,
            registration_id=registration.id if registration else None,
            state=registration.state if registration else None,
            admission_number=registration.admission_number if registration else None,
            attempts=tuple(attempts.get(sitting.id, ())),
        )
        for sitting, exam, scheme_title, registration in db.session.execute(statement)
    ]


def _attempts_of(user_id: int) -> dict[int, list[AttemptLine]]:
    rows = db.session.execute(
        select(
            Attempt.id,
            Attempt.sitting_id,
            Attempt.number,
            Attempt.state,
            Attempt.started_at,
            Attempt.deadline_at,
            Attempt.closed_at,
            Result.score,
            Result.passed,
        )
        .outerjoin(
            Result,
            and_(
                Result.attempt_id == Attempt.id,
                Result.current,
                Result.released_at.is_not(None),
            ),
        )
        .where(Attempt.user_id == user_id)
        .order_by(Attempt.id)
    )
    found: dict[int, list[AttemptLine]] = {}
    for r in rows:
        found.setdefault(r.sitting_id, []).append(
            AttemptLine(
                id=r.id,
                number=r.number,
                state=r.state,
                started_at=r.started_at,
                deadline_at=r.deadline_at,
                closed_at=r.closed_at,
                score=r.score,
                passed=r.passed,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class AttemptView:
    """An attempt as its pages need it."""

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


def attempt_of(attempt_id: int, *, user_id: int) -> AttemptView | None:
    """One's own attempt."""
    row = db.session.execute(
        select(Attempt, Exam.title, Exam.scheme_id)
        .join(Exam, Exam.id == Attempt.exam_id)
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


def staff_sittings() -> Sequence[AnyRow]:
    """Sittings with the numbers of people in them, the latest first: one statement."""
    registered = (
        select(Registration.sitting_id, func.count().label("count"))
        .group_by(Registration.sitting_id)
        .subquery()
    )
    states = (
        select(
            Attempt.sitting_id,
            func.count().filter(Attempt.state.in_(("in_progress", "paused"))).label("working"),
            func.count().filter(Attempt.closed_at.is_not(None)).label("finished"),
        )
        .group_by(Attempt.sitting_id)
        .subquery()
    )
    return db.session.execute(
        select(
            Sitting.id,
            Sitting.title,
            Sitting.opens_at,
            Sitting.closes_at,
            Exam.minutes,
            func.coalesce(registered.c.count, 0).label("registered"),
            func.coalesce(states.c.working, 0).label("working"),
            func.coalesce(states.c.finished, 0).label("finished"),
        )
        .join(Exam, Exam.id == Sitting.exam_id)
        .outerjoin(registered, registered.c.sitting_id == Sitting.id)
        .outerjoin(states, states.c.sitting_id == Sitting.id)
        .order_by(Sitting.opens_at.desc(), Sitting.id.desc())
        .limit(200)
    ).all()


def has_sittings() -> bool:
    """Whether any exam was ever put on offer."""
    return db.session.scalar(select(Sitting.id).limit(1)) is not None
