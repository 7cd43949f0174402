"""What the exam pool offers for assembling papers."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select

from app.db import db
from app.domain.assembly import Candidate
from app.domain.questions.kinds import Level, Pool, QuestionType
from app.models.content import Lesson
from app.models.papers import Paper, PaperQuestion
from app.models.questions import Question, QuestionVersion


def exam_pool(modules: Collection[str]) -> list[Candidate]:
    """Every exam-pool question of these modules that is in use, in its live version.

    Its point, type and level are read from that version: the columns tell the newest one's.
    """
    content = QuestionVersion.content
    rows = db.session.execute(
        select(
            QuestionVersion.id,
            Question.id.label("question_id"),
            Lesson.module_id,
            content[("points", 0)].as_string().label("point_id"),
            content["type"].as_string().label("type"),
            content["level"].as_string().label("level"),
        )
        .join(Lesson, Lesson.id == Question.lesson_id)
        .join(
            QuestionVersion,
            (QuestionVersion.question_id == Question.id)
            & (QuestionVersion.number == Question.live_version),
        )
        .where(
            Question.pool == Pool.EXAM.value,
            Lesson.module_id.in_(modules),
        )
        .order_by(Question.id)
    )
    return [
        Candidate(
            version_id=row.id,
            question_id=row.question_id,
            module=row.module_id,
            point=row.point_id,
            type=QuestionType(row.type),
            level=Level(row.level),
        )
        for row in rows
    ]


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
