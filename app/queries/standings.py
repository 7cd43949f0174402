"""Which exams of a scheme version somebody has passed, by released results that hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.db import db
from app.domain.attempts import AttemptState
from app.domain.certification import Standing, standing
from app.models.attempts import Attempt
from app.models.results import Result
from app.models.schemes import Exam


@dataclass(frozen=True, slots=True)
class PassedExam:
    """A passing result that holds."""

    exam_id: int
    title: dict[str, Any]
    attempt_id: int
    score: float
    pass_mark: float


@dataclass(frozen=True, slots=True)
class SchemeStanding:
    """Where somebody stands in a scheme version. passed: exam → the result that counts."""

    exams: dict[int, dict[str, Any]]
    passed: dict[int, PassedExam]

    @property
    def standing(self) -> Standing:
        """By the both-papers rule."""
        return standing(self.exams, self.passed.keys())


def standing_of(user_id: int, scheme_version_id: int) -> SchemeStanding:
    """One person's standing: two statements."""
    exams = {
        row.id: row.title
        for row in db.session.execute(
            select(Exam.id, Exam.title)
            .where(Exam.scheme_version_id == scheme_version_id)
            .order_by(Exam.id)
        )
    }
    rows = db.session.execute(
        select(Result.exam_id, Result.attempt_id, Result.score, Result.pass_mark)
        .join(Attempt, Attempt.id == Result.attempt_id)
        .where(
            Attempt.state != AttemptState.VOIDED.value,
            Result.user_id == user_id,
            Result.exam_id.in_(exams),
            Result.current,
            Result.passed,
            Result.released_at.is_not(None),
        )
        .order_by(Result.id)
    )
    passed = {
        row.exam_id: PassedExam(
            row.exam_id, exams[row.exam_id], row.attempt_id, row.score, row.pass_mark
        )
        for row in rows
    }
    return SchemeStanding(exams, dict(sorted(passed.items())))


def passing_attempts(user_id: int, exam_id: int) -> Sequence[int]:
    """Attempts of this exam that hold a released, passing result."""
    return db.session.scalars(
        select(Result.attempt_id)
        .join(Attempt, Attempt.id == Result.attempt_id)
        .where(
            Attempt.state != AttemptState.VOIDED.value,
            Result.user_id == user_id,
            Result.exam_id == exam_id,
            Result.current,
            Result.passed,
            Result.released_at.is_not(None),
        )
    ).all()
