"""One question of the bank as staff see it; `queries/bank` has the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from app.db import AnyRow, db
from app.domain.questions.question import Question as Content
from app.models.accounts import User
from app.models.content import Lesson
from app.models.papers import PaperQuestion
from app.models.questions import Question, QuestionVersion
from app.queries.versions import question_of


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """One version of a question with what surrounds it. papers: how many papers hold it.

    state: of the newest version, since state_since. live_version: the one in use. author_id: who
    wrote the first one.
    """

    content: Content
    version: int
    current_version: int
    live_version: int | None
    state: str
    state_since: datetime
    author_id: int | None
    lesson_id: str
    lesson_title: dict[str, Any]
    created_at: datetime
    papers: int


def question_page(question_id: str, *, version: int | None = None) -> QuestionPage | None:
    """A question in its current version, or in the asked one."""
    wanted = Question.current_version if version is None else version
    row = db.session.execute(
        select(
            Question.current_version,
            Question.live_version,
            Question.state,
            Question.state_since,
            Question.author_id,
            Question.lesson_id,
            Lesson.title,
            QuestionVersion.id,
            QuestionVersion.number,
            QuestionVersion.content,
            QuestionVersion.content_hash,
            QuestionVersion.created_at,
        )
        .join(Lesson, Lesson.id == Question.lesson_id)
        .join(
            QuestionVersion,
            and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == wanted),
        )
        .where(Question.id == question_id)
    ).one_or_none()
    if row is None:
        return None
    papers = db.session.scalar(
        select(func.count(PaperQuestion.paper_id.distinct()))
        .join(QuestionVersion, QuestionVersion.id == PaperQuestion.version_id)
        .where(QuestionVersion.question_id == question_id)
    )
    return QuestionPage(
        content=question_of(row.content_hash, row.content),
        version=row.number,
        current_version=row.current_version,
        live_version=row.live_version,
        state=row.state,
        state_since=row.state_since,
        author_id=row.author_id,
        lesson_id=row.lesson_id,
        lesson_title=row.title,
        created_at=row.created_at,
        papers=papers or 0,
    )


def versions(question_id: str) -> Sequence[AnyRow]:
    """(number, created_at, note, author_id, author) of every version, newest first."""
    return db.session.execute(
        select(
            QuestionVersion.number,
            QuestionVersion.author_id,
            QuestionVersion.created_at,
            QuestionVersion.note,
            User.name.label("author"),
        )
        .outerjoin(User, User.id == QuestionVersion.author_id)
        .where(QuestionVersion.question_id == question_id)
        .order_by(QuestionVersion.number.desc())
    ).all()
