"""Practice: which question comes next, and how an answer was judged."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select

from app.db import AnyRow, db
from app.domain.questions.body import Layout
from app.domain.questions.kinds import Pool
from app.domain.questions.question import Question as Content
from app.models.content import Lesson, Module
from app.models.learning import PracticeAnswer
from app.models.questions import Question, QuestionVersion
from app.queries.versions import question_of


@dataclass(frozen=True, slots=True)
class PracticeQuestion:
    """A question to practise, in its live version."""

    content: Content
    version: int
    lesson_id: str


@dataclass(frozen=True, slots=True)
class PracticeFeedback:
    """An answer that was given, with the version and the layout that it was given to."""

    content: Content
    version: int
    lesson_id: str
    module_id: str
    answer: Any
    layout: Layout
    share: float | None


@dataclass(frozen=True, slots=True)
class PracticeStanding:
    """questions: how many there are; answered: at least once; right: at the last try."""

    questions: int
    answered: int
    right: int


def standing(scope: Sequence[str], *, user_id: int) -> PracticeStanding:
    """Where somebody stands in the practice questions of these lessons."""
    rows = _last_answers(scope, user_id)
    return PracticeStanding(
        questions=len(rows),
        answered=sum(row.answers > 0 for row in rows),
        right=sum(row.share == 1 for row in rows),
    )


def next_question(
    scope: Sequence[str], *, user_id: int, after: str | None, draw: random.Random
) -> PracticeQuestion | None:
    """What to practise next: new questions first, then those answered wrong, then the rest.

    after: the question just answered, which does not come again at once.
    """
    rows = [row for row in _last_answers(scope, user_id) if row.id != after] or (
        _last_answers(scope, user_id)
    )
    if not rows:
        return None

    def urgency(row: AnyRow) -> tuple[int, int]:
        if row.answers == 0:
            return 0, 0
        return (1 if (row.share or 0) < 1 else 2), row.answers

    least = min(urgency(row) for row in rows)
    chosen = draw.choice([row.id for row in rows if urgency(row) == least])
    return practice_question(chosen)


def practice_question(question_id: str) -> PracticeQuestion | None:
    """One practice question; None for any other (an exam question is never shown here)."""
    row = db.session.execute(
        select(
            QuestionVersion.number,
            QuestionVersion.content,
            QuestionVersion.content_hash,
            Question.lesson_id,
        )
        .join(
            Question,
            and_(
                Question.id == QuestionVersion.question_id,
                Question.live_version == QuestionVersion.number,
            ),
        )
        .where(Question.id == question_id, Question.pool == Pool.PRACTICE.value)
    ).one_or_none()
    if row is None:
        return None
    return PracticeQuestion(question_of(row.content_hash, row.content), row.number, row.lesson_id)


def feedback(answer_id: int, *, user_id: int) -> PracticeFeedback | None:
    """One's own answer with what it was given to."""
    row = db.session.execute(
        select(
            PracticeAnswer.answer,
            PracticeAnswer.layout,
            PracticeAnswer.share,
            QuestionVersion.number,
            QuestionVersion.content,
            QuestionVersion.content_hash,
            Question.lesson_id,
            Lesson.module_id,
        )
        .join(QuestionVersion, QuestionVersion.id == PracticeAnswer.version_id)
        .join(Question, Question.id == PracticeAnswer.question_id)
        .join(Lesson, Lesson.id == Question.lesson_id)
        .where(PracticeAnswer.id == answer_id, PracticeAnswer.user_id == user_id)
    ).one_or_none()
    if row is None:
        return None
    return PracticeFeedback(
        content=question_of(row.content_hash, row.content),
        version=row.number,
        lesson_id=row.lesson_id,
        module_id=row.module_id,
        answer=row.answer,
        layout=Layout.load(row.layout),
        share=row.share,
    )


def scope_of(scope: str) -> tuple[dict[str, Any] | None, list[str]]:
    """Title and lesson ids of what is practised: a module's or a lesson's id; ids [] if neither."""
    rows = db.session.execute(
        select(Lesson.id, Lesson.title, Module.id.label("module_id"), Module.title.label("module"))
        .join(Module, Module.id == Lesson.module_id)
        .where(or_(Lesson.id == scope, Module.id == scope))
        .order_by(Lesson.place)
    ).all()
    if not rows:
        return None, []
    title = rows[0].module if rows[0].module_id == scope else rows[0].title
    return title, [row.id for row in rows]


def _last_answers(scope: Sequence[str], user_id: int) -> Sequence[AnyRow]:
    """(id, answers, share of the last answer) of every practice question in these lessons."""
    counted = (
        select(
            PracticeAnswer.question_id,
            func.count().label("answers"),
            func.max(PracticeAnswer.id).label("last_id"),
        )
        .where(PracticeAnswer.user_id == user_id)
        .group_by(PracticeAnswer.question_id)
        .subquery()
    )
    return db.session.execute(
        select(
            Question.id,
            func.coalesce(counted.c.answers, 0).label("answers"),
            PracticeAnswer.share,
        )
        .outerjoin(counted, counted.c.question_id == Question.id)
        .outerjoin(PracticeAnswer, PracticeAnswer.id == counted.c.last_id)
        .where(
            Question.lesson_id.in_(scope),
            Question.pool == Pool.PRACTICE.value,
            Question.live_version.is_not(None),
        )
        .order_by(Question.id)
    ).all()
