"""Writes of the question bank: loading files, and editing in the browser."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from app.db import db, transactional
from app.domain.errors import DomainError, ErrorKind
from app.domain.questions.kinds import QuestionState
from app.domain.questions.question import Question as Content
from app.domain.text import N_
from app.loader.questions import BankEntry
from app.models.questions import Question, QuestionVersion
from app.services.question_index import index_questions
from app.services.trail import Actor, record


@dataclass(slots=True)
class BankChanges:
    """What a load did. conflicts: changed in the file and in the browser; the latter stays."""

    created: int = 0
    changed: int = 0
    conflicts: list[str] = field(default_factory=list)
    moved_pool: list[str] = field(default_factory=list)


class PoolFixed(DomainError):
    """A question never changes its pool (promise 7)."""

    def __init__(self) -> None:
        super().__init__(
            "pool-fixed",
            N_("A question keeps its pool for ever. Write a new question for the other pool."),
            kind=ErrorKind.CONFLICT,
        )


class EditedMeanwhile(DomainError):
    """Somebody else saved a version since this one was opened."""

    def __init__(self) -> None:
        super().__init__(
            "edited-meanwhile",
            N_(
                "Somebody else has changed this question since you opened it. Your text is still"
                " here: compare it with the new version before you save."
            ),
            kind=ErrorKind.CONFLICT,
        )


@transactional
def load_bank(entries: Iterable[BankEntry], *, now: datetime) -> BankChanges:
    """Write what changed in the files since their last load.

    A file that has not changed never overwrites an edit made in the browser.
    """
    changes = BankChanges()
    written: list[Content] = []
    known = {row.id: row for row in db.session.scalars(select(Question))}
    hashes = dict(
        db.session.execute(
            select(QuestionVersion.question_id, QuestionVersion.content_hash).join(
                Question,
                (Question.id == QuestionVersion.question_id)
                & (Question.current_version == QuestionVersion.number),
            )
        ).all()
    )
    for entry in entries:
        content, file_hash = entry.question, entry.question.content_hash()
        row = known.get(content.id)
        if row is None:
            _insert(content, entry.lesson_id, file_hash=file_hash, now=now)
            written.append(content)
            changes.created += 1
        elif row.file_hash == file_hash:
            continue
        elif row.pool != content.pool.value:
            changes.moved_pool.append(content.id)
        elif hashes[content.id] == file_hash:
            row.file_hash = file_hash
        elif hashes[content.id] != row.file_hash:
            changes.conflicts.append(content.id)
        elif row.state == QuestionState.RETIRED.value:
            changes.conflicts.append(content.id)
        else:
            number = _new_version(row, content, author_id=None, note="", now=now)
            if row.state == QuestionState.LIVE.value:
                row.live_version = number
            else:
                _move(row, QuestionState.DRAFT, now=now)
            row.file_hash = file_hash
            written.append(content)
            changes.changed += 1
    index_questions(written)
    return changes


@transactional
def edit_question(
    content: Content, *, from_version: int, note: str, actor: Actor, now: datetime
) -> int:
    """Save an edit as a new version; returns its number.

    from_version: the version that the author had opened. An edit that changes nothing makes no
    version. Raises EditedMeanwhile, PoolFixed.
    """
    row = db.session.scalar(select(Question).where(Question.id == content.id).with_for_update())
    if row is None:
        raise DomainError(
            "question-missing", N_("There is no such question."), kind=ErrorKind.MISSING
        )
    if row.pool != content.pool.value:
        raise PoolFixed
    if row.current_version != from_version:
        raise EditedMeanwhile
    current = db.session.scalar(
        select(QuestionVersion.content_hash).where(
            QuestionVersion.question_id == row.id, QuestionVersion.number == from_version
        )
    )
    if current == content.content_hash():
        return from_version
    number = _new_version(row, content, author_id=actor.user_id, note=note, now=now)
    index_questions([content])
    _move(row, QuestionState.DRAFT, now=now)
    record(
        "question.edited", row.id, actor=actor, now=now, version=number, pool=row.pool, note=note
    )
    return number


@transactional
def note_viewed(question_id: str, *, actor: Actor, now: datetime) -> None:
    """Log that a member of staff looked at an exam-pool question."""
    record("question.viewed", question_id, actor=actor, now=now)


def _insert(content: Content, lesson_id: str, *, file_hash: str | None, now: datetime) -> None:
    row = Question(
        id=content.id,
        lesson_id=lesson_id,
        pool=content.pool.value,
        state=QuestionState.LIVE.value,
        current_version=0,
        author_id=None,
        state_since=now,
        file_hash=file_hash,
    )
    _describe(row, content, now=now)
    db.session.add(row)
    db.session.flush()
    row.live_version = _new_version(row, content, author_id=None, note="", now=now)


def _new_version(
    row: Question, content: Content, *, author_id: int | None, note: str, now: datetime
) -> int:
    row.current_version += 1
    _describe(row, content, now=now)
    db.session.add(
        QuestionVersion(
            question_id=row.id,
            number=row.current_version,
            content=content.dump(),
            content_hash=content.content_hash(),
            author_id=author_id,
            note=note,
            created_at=now,
        )
    )
    return row.current_version


def _move(row: Question, state: QuestionState, *, now: datetime) -> None:
    if row.state != state.value:
        row.state, row.state_since = state.value, now


def _describe(row: Question, content: Content, *, now: datetime) -> None:
    row.point_id = content.points[0]
    row.type = content.type.value
    row.level = content.level.value
    row.difficulty = content.difficulty
    row.stem_zh, row.stem_en = content.stem.zh, content.stem.en
    row.updated_at = now
