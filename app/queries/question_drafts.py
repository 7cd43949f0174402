"""Drafts: what people are writing and have not saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.db import AnyRow, db
from app.domain.questions.autosaves import without_note
from app.models.accounts import User
from app.models.questions import Question
from app.models.workshop import QuestionDraft
from app.queries.paging import Page, paged


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft for its editor. raw None: it was saved or discarded; the editor counts on from seq.

    current_version: the question's newest, 0 where it does not exist yet. The draft is behind
    where that is newer than from_version. pool: the question's, "" where it does not exist yet.
    note: what was written for the history.
    """

    id: str
    question_id: str | None
    raw: Mapping[str, Any] | None
    from_version: int
    current_version: int
    seq: int
    updated_at: datetime
    pool: str = ""
    note: str = ""


_DRAFT = (
    QuestionDraft.id,
    QuestionDraft.question_id,
    QuestionDraft.raw,
    QuestionDraft.from_version,
    QuestionDraft.seq,
    QuestionDraft.updated_at,
    Question.current_version,
    Question.pool,
)


def draft_of(question_id: str, *, user_id: int) -> DraftView | None:
    """Somebody's own draft of a question."""
    row = db.session.execute(
        select(*_DRAFT)
        .join(Question, Question.id == QuestionDraft.question_id)
        .where(QuestionDraft.question_id == question_id, QuestionDraft.user_id == user_id)
    ).one_or_none()
    return _view(row) if row else None


def new_draft(draft_id: str, *, user_id: int) -> DraftView | None:
    """Somebody's own draft by its id; question_id tells where it has become a question."""
    row = db.session.execute(
        select(*_DRAFT)
        .outerjoin(Question, Question.id == QuestionDraft.question_id)
        .where(QuestionDraft.id == draft_id, QuestionDraft.user_id == user_id)
    ).one_or_none()
    return _view(row) if row else None


def own_drafts(user_id: int, *, page: int = 1) -> Page[DraftView]:
    """Everything that somebody has begun and not saved, the latest first: two statements."""
    found = paged(
        select(*_DRAFT)
        .outerjoin(Question, Question.id == QuestionDraft.question_id)
        .where(QuestionDraft.user_id == user_id, QuestionDraft.raw.is_not(None))
        .order_by(QuestionDraft.updated_at.desc(), QuestionDraft.id),
        number=page,
    )
    return Page([_view(row) for row in found.rows], found.number, found.total, found.size)


def others_writing(question_id: str, *, user_id: int, since: datetime) -> Sequence[AnyRow]:
    """(name, updated_at) of everybody else who has written in the question since then."""
    return db.session.execute(
        select(User.name, QuestionDraft.updated_at)
        .join(User, User.id == QuestionDraft.user_id)
        .where(
            QuestionDraft.question_id == question_id,
            QuestionDraft.user_id != user_id,
            QuestionDraft.raw.is_not(None),
            QuestionDraft.updated_at >= since,
        )
        .order_by(QuestionDraft.updated_at.desc())
    ).all()


def _view(row: AnyRow) -> DraftView:
    raw, note = (None, "") if row.raw is None else without_note(row.raw)
    return DraftView(
        id=row.id,
        question_id=row.question_id,
        raw=raw,
        from_version=row.from_version,
        current_version=row.current_version or 0,
        seq=row.seq,
        updated_at=row.updated_at,
        pool=row.pool or "",
        note=note,
    )
