"""The rows of drafts: stored only where they are newer, closed when they become a version.

As the trail, called inside the transaction of the act; nothing is committed here.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from app.db import db
from app.domain.questions.autosaves import NoDraft, read_draft_id
from app.models.workshop import QuestionDraft

DRAFTS = cast(Table, QuestionDraft.__table__)
_CONTENT = ("raw", "from_version", "seq", "updated_at")


@dataclass(frozen=True, slots=True)
class DraftMark:
    """Which draft of a new question is meant, and the last change that its editor counted."""

    draft_id: str
    seq: int = 0


def put_draft(values: dict[str, Any], *, of_question: bool) -> bool:
    """Store a draft unless a newer one is there; returns whether it was stored.

    of_question: it belongs to a question and a person; otherwise to its id alone, as long as
    that has not become a question.
    """
    is_postgresql = db.session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert(DRAFTS) if is_postgresql else sqlite.insert(DRAFTS)
    statement = insert.values(**values)
    newer: ColumnElement[bool] = DRAFTS.c.seq < statement.excluded.seq
    if not of_question:
        newer &= DRAFTS.c.question_id.is_(None)
        newer &= DRAFTS.c.user_id == statement.excluded.user_id
    upsert = statement.on_conflict_do_update(
        index_elements=["question_id", "user_id"] if of_question else ["id"],
        set_={name: statement.excluded[name] for name in _CONTENT},
        where=newer,
    ).returning(DRAFTS.c.id)
    return db.session.execute(upsert).one_or_none() is not None


def close_draft(question_id: str, *, user_id: int | None, seq: int, now: datetime) -> None:
    """Somebody's draft has become a version: it is emptied, and autosaves up to seq come too late.

    What was written after seq stays. Without a draft and without a seq there is nothing to keep.
    """
    if user_id is None:
        return
    row = db.session.scalar(
        select(QuestionDraft)
        .where(QuestionDraft.question_id == question_id, QuestionDraft.user_id == user_id)
        .with_for_update()
    )
    if row is None:
        if seq <= 0:
            return
        row = QuestionDraft(
            id=str(uuid.uuid4()), question_id=question_id, user_id=user_id, from_version=0, seq=0
        )
        db.session.add(row)
    empty_draft(row, seq=seq, now=now)


def question_of_draft(mark: DraftMark, *, user_id: int) -> str | None:
    """The question that this draft has become already: the same form, sent twice."""
    return db.session.scalar(
        select(QuestionDraft.question_id).where(
            QuestionDraft.id == read_draft_id(mark.draft_id), QuestionDraft.user_id == user_id
        )
    )


def turn_draft(mark: DraftMark, question_id: str, *, user_id: int, now: datetime) -> None:
    """The draft of a new question has become this one; raises NoDraft for somebody else's id.

    What was written after the mark's seq stays, as a draft of the question's first version.
    """
    draft_id = read_draft_id(mark.draft_id)
    row = db.session.get(QuestionDraft, draft_id, with_for_update=True)
    if row is None:
        row = QuestionDraft(id=draft_id, user_id=user_id, from_version=0, seq=0)
        db.session.add(row)
    if row.user_id != user_id:
        raise NoDraft
    row.question_id, row.from_version = question_id, 1
    empty_draft(row, seq=mark.seq, now=now)


def empty_draft(row: QuestionDraft, *, seq: int, now: datetime) -> bool:
    """Nothing is left of a draft but its seq, which holds late autosaves off.

    seq: the last change that was looked at; a draft with later ones, from another window or
    typed since, stays as it is. Returns whether it was emptied.
    """
    if row.raw is not None and row.seq > seq:
        return False
    row.raw, row.seq, row.updated_at = None, max(row.seq, seq), now
    return True
