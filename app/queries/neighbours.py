"""The question that follows another one, for editing one after the other."""

from __future__ import annotations

from sqlalchemy import func, select

from app.db import db
from app.domain.questions.kinds import QuestionState
from app.models.questions import Question


def next_of_lesson(question_id: str) -> str | None:
    """The next id of the same lesson and pool that is not retired; None after the last one."""
    here = select(Question.lesson_id, Question.pool).where(Question.id == question_id).subquery()
    return db.session.scalar(
        select(func.min(Question.id)).where(
            Question.lesson_id == select(here.c.lesson_id).scalar_subquery(),
            Question.pool == select(here.c.pool).scalar_subquery(),
            Question.state != QuestionState.RETIRED.value,
            Question.id > question_id,
        )
    )
