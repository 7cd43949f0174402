"""What uses a question: papers and their sittings, attempts, practice answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from app.db import AnySelect, db
from app.domain.attempts import OPEN_STATES
from app.models.attempts import Attempt
from app.models.learning import PracticeAnswer
from app.models.papers import PaperQuestion
from app.models.questions import QuestionVersion
from app.models.schemes import Exam
from app.models.sittings import Sitting, SittingPaper

MOST_SITTINGS = 50
"""Sittings that are named; the rest is counted."""


@dataclass(frozen=True, slots=True)
class SittingUse:
    """A sitting that hands the question out. versions: which of them, on any of its papers."""

    id: int
    title: dict[str, Any]
    exam_title: dict[str, Any]
    opens_at: datetime
    closes_at: datetime
    is_cancelled: bool
    versions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class QuestionUses:
    """sittings: the latest MOST_SITTINGS, the last to close first. open_attempts: going on now.

    None of them changes when the question is edited or retired: papers hold versions.
    """

    papers: int
    sittings: tuple[SittingUse, ...]
    sitting_count: int
    attempts: int
    open_attempts: int
    practice_answers: int
    practice_people: int


def uses(question_id: str, *, version: int | None = None) -> QuestionUses:
    """What uses a question, or one version of it: five statements."""
    wanted = select(QuestionVersion.id).where(QuestionVersion.question_id == question_id)
    if version is not None:
        wanted = wanted.where(QuestionVersion.number == version)
    papers = select(PaperQuestion.paper_id).where(PaperQuestion.version_id.in_(wanted))
    attempts, open_attempts = db.session.execute(
        select(func.count(), func.count(case((Attempt.state.in_(OPEN_STATES), 1)))).where(
            Attempt.paper_id.in_(papers)
        )
    ).one()
    answers, people = db.session.execute(
        select(func.count(), func.count(PracticeAnswer.user_id.distinct())).where(
            PracticeAnswer.question_id == question_id, PracticeAnswer.version_id.in_(wanted)
        )
    ).one()
    sittings, sitting_count = _sittings(wanted)
    return QuestionUses(
        papers=db.session.scalar(select(func.count()).select_from(papers.distinct().subquery()))
        or 0,
        sittings=sittings,
        sitting_count=sitting_count,
        attempts=attempts,
        open_attempts=open_attempts,
        practice_answers=answers,
        practice_people=people,
    )


def _sittings(wanted: AnySelect) -> tuple[tuple[SittingUse, ...], int]:
    held = (
        select(SittingPaper.sitting_id)
        .join(PaperQuestion, PaperQuestion.paper_id == SittingPaper.paper_id)
        .where(PaperQuestion.version_id.in_(wanted))
    )
    total = func.count().over().label("total")
    latest = (
        select(
            Sitting.id,
            Sitting.title,
            Exam.title.label("exam_title"),
            Sitting.opens_at,
            Sitting.closes_at,
            Sitting.cancelled_at,
            total,
        )
        .join(Exam, Exam.id == Sitting.exam_id)
        .where(Sitting.id.in_(held))
        .order_by(Sitting.closes_at.desc(), Sitting.id.desc())
        .limit(MOST_SITTINGS)
    )
    rows = db.session.execute(latest).all()
    if not rows:
        return (), 0
    numbers = _numbers([row.id for row in rows], wanted)
    return (
        tuple(
            SittingUse(
                id=row.id,
                title=row.title,
                exam_title=row.exam_title,
                opens_at=row.opens_at,
                closes_at=row.closes_at,
                is_cancelled=row.cancelled_at is not None,
                versions=numbers[row.id],
            )
            for row in rows
        ),
        rows[0].total,
    )


def _numbers(sitting_ids: Sequence[int], wanted: AnySelect) -> dict[int, tuple[int, ...]]:
    """Sitting → the numbers of the versions on its papers."""
    rows = db.session.execute(
        select(SittingPaper.sitting_id, QuestionVersion.number)
        .join(PaperQuestion, PaperQuestion.paper_id == SittingPaper.paper_id)
        .join(QuestionVersion, QuestionVersion.id == PaperQuestion.version_id)
        .where(QuestionVersion.id.in_(wanted), SittingPaper.sitting_id.in_(sitting_ids))
        .distinct()
        .order_by(SittingPaper.sitting_id, QuestionVersion.number)
    )
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row.sitting_id, []).append(row.number)
    return {sitting_id: tuple(numbers) for sitting_id, numbers in found.items()}
