"""What happened to a question: its steps, what was said, what changed between versions.

`queries/questions.versions` lists the versions themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.db import db
from app.domain.questions.differences import Difference, differences
from app.domain.questions.kinds import QuestionState
from app.domain.questions.lifecycle import QuestionStep
from app.models.accounts import User
from app.models.questions import QuestionVersion
from app.models.workshop import QuestionComment, QuestionMove
from app.queries.versions import question_of

_Resolver = aliased(User, name="resolver")


@dataclass(frozen=True, slots=True)
class MoveView:
    """A step that changed the state. person None: the system."""

    version: int
    step: QuestionStep
    from_state: QuestionState
    to_state: QuestionState
    person: str | None
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CommentView:
    """What somebody said about a version. resolver: who ticked it off, None while it is open."""

    id: int
    version: int
    user_id: int
    person: str
    place: str
    text: str
    at: datetime
    resolver: str | None
    resolved_at: datetime | None


def moves(question_id: str) -> Sequence[MoveView]:
    """Every step that changed the state, newest first."""
    rows = db.session.execute(
        select(QuestionMove, User.name)
        .outerjoin(User, User.id == QuestionMove.user_id)
        .where(QuestionMove.question_id == question_id)
        .order_by(QuestionMove.id.desc())
    )
    return [
        MoveView(
            version=move.version,
            step=QuestionStep(move.step),
            from_state=QuestionState(move.from_state),
            to_state=QuestionState(move.to_state),
            person=name,
            note=move.note,
            at=move.at,
        )
        for move, name in rows
    ]


def comments(question_id: str, *, version: int | None = None) -> Sequence[CommentView]:
    """What was said about a question, or about one version; the open ones first, then by time."""
    statement = (
        select(QuestionComment, User.name, _Resolver.name.label("resolver"))
        .join(User, User.id == QuestionComment.user_id)
        .outerjoin(_Resolver, _Resolver.id == QuestionComment.resolved_by)
        .where(QuestionComment.question_id == question_id)
        .order_by(QuestionComment.resolved_at.is_not(None), QuestionComment.id)
    )
    if version is not None:
        statement = statement.where(QuestionComment.version == version)
    return [
        CommentView(
            id=found.id,
            version=found.version,
            user_id=found.user_id,
            person=name,
            place=found.place,
            text=found.text,
            at=found.at,
            resolver=resolver,
            resolved_at=found.resolved_at,
        )
        for found, name, resolver in db.session.execute(statement)
    ]


def changes_between(question_id: str, *, old: int, new: int) -> tuple[Difference, ...] | None:
    """What is different in version `new` from `old`; None where one of them does not exist."""
    rows = db.session.execute(
        select(QuestionVersion.number, QuestionVersion.content, QuestionVersion.content_hash).where(
            QuestionVersion.question_id == question_id, QuestionVersion.number.in_({old, new})
        )
    )
    contents = {row.number: question_of(row.content_hash, row.content) for row in rows}
    if old not in contents or new not in contents:
        return None
    return differences(contents[old], contents[new])
