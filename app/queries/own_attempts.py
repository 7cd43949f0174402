"""Everything that a candidate has ever sat, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from app.db import AnyRow, db
from app.domain.attempts import AttemptState
from app.domain.result_policies import Part, load_policy
from app.models.attempts import Attempt
from app.models.results import Result
from app.models.schemes import Exam


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """One of one's attempts. exam: its scheme and code. score, passed: None until released.

    score: None also where the exam's policy does not show it.
    """

    id: int
    sitting_id: int
    exam: tuple[str, str]
    number: int
    state: str
    started_at: datetime
    deadline_at: datetime
    closed_at: datetime | None
    score: float | None
    passed: bool | None


def own_attempts(user_id: int) -> list[AttemptLine]:
    """All of one's attempts, the oldest first; a voided one has no result any more."""
    rows = db.session.execute(
        select(
            Attempt.id,
            Attempt.sitting_id,
            Attempt.number,
            Attempt.state,
            Attempt.started_at,
            Attempt.deadline_at,
            Attempt.closed_at,
            Exam.scheme_id,
            Exam.code,
            Exam.policy,
            Exam.show_answers,
            Result.score,
            Result.passed,
        )
        .join(Exam, Exam.id == Attempt.exam_id)
        .outerjoin(
            Result,
            and_(
                Result.attempt_id == Attempt.id,
                Result.current,
                Result.released_at.is_not(None),
                Attempt.state != AttemptState.VOIDED.value,
            ),
        )
        .where(Attempt.user_id == user_id)
        .order_by(Attempt.id)
    )
    return [
        AttemptLine(
            id=r.id,
            sitting_id=r.sitting_id,
            exam=(r.scheme_id, r.code),
            number=r.number,
            state=r.state,
            started_at=r.started_at,
            deadline_at=r.deadline_at,
            closed_at=r.closed_at,
            score=r.score if _shows_score(r) else None,
            passed=r.passed,
        )
        for r in rows
    ]


def _shows_score(row: AnyRow) -> bool:
    return load_policy(row.policy, show_answers=row.show_answers).shows(Part.SCORE)
