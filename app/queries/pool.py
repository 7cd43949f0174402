"""What the exam pool offers for assembling papers."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, func, or_, select

from app.db import AnyRow, db
from app.domain.assembly.candidates import Candidate
from app.domain.questions.kinds import Level, Pool, QuestionState, QuestionType
from app.models.content import Lesson
from app.models.papers import Paper, PaperQuestion
from app.models.questions import Question, QuestionVersion


def exam_pool(modules: Collection[str], *, with_pilots: bool = False) -> list[Candidate]:
    """Every exam-pool question of these modules that is in use, in its live version.

    with_pilots: those on trial as well, in their newest version, where none of them is in use
    yet. Points, type, level and difficulty are read from the version: the columns tell the newest
    one's.
    """
    content = QuestionVersion.content
    is_pilot = and_(Question.live_version.is_(None), Question.state == QuestionState.PILOT.value)
    is_the_version = QuestionVersion.number == Question.live_version
    if with_pilots:
        is_the_version = or_(
            is_the_version, and_(is_pilot, QuestionVersion.number == Question.current_version)
        )
    rows = db.session.execute(
        select(
            QuestionVersion.id,
            Question.id.label("question_id"),
            Lesson.module_id,
            content["points"].label("points"),
            content["type"].as_string().label("type"),
            content["level"].as_string().label("level"),
            content["difficulty"].as_integer().label("difficulty"),
            is_pilot.label("is_pilot"),
        )
        .join(Lesson, Lesson.id == Question.lesson_id)
        .join(QuestionVersion, and_(QuestionVersion.question_id == Question.id, is_the_version))
        .where(Question.pool == Pool.EXAM.value, Lesson.module_id.in_(modules))
        .order_by(Question.id)
    )
    return [_candidate(row) for row in rows]


def question_uses(exam_id: int) -> dict[str, int]:
    """Question id → on how many papers of the exam it is."""
    rows = db.session.execute(
        select(QuestionVersion.question_id, func.count())
        .join(PaperQuestion, PaperQuestion.version_id == QuestionVersion.id)
        .join(Paper, Paper.id == PaperQuestion.paper_id)
        .where(Paper.exam_id == exam_id)
        .group_by(QuestionVersion.question_id)
    )
    return dict(rows.all())


def no_longer_usable(version_ids: Collection[int]) -> list[str]:
    """Ids of the questions among these versions that papers must not take any more.

    A version may be taken while it is the live one, or the newest one of a question on trial.
    """
    usable = or_(
        QuestionVersion.number == Question.live_version,
        and_(
            Question.live_version.is_(None),
            Question.state == QuestionState.PILOT.value,
            QuestionVersion.number == Question.current_version,
        ),
    )
    rows = db.session.scalars(
        select(Question.id)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(
            QuestionVersion.id.in_(version_ids),
            or_(~func.coalesce(usable, False), Question.pool != Pool.EXAM.value),
        )
        .order_by(Question.id)
    )
    return list(rows)


def _candidate(row: AnyRow) -> Candidate:
    return Candidate(
        version_id=row.id,
        question_id=row.question_id,
        module=row.module_id,
        point=row.points[0],
        type=QuestionType(row.type),
        level=Level(row.level),
        difficulty=float(row.difficulty),
        points=tuple(row.points),
        is_pilot=bool(row.is_pilot),
    )
