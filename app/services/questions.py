"""Writes of the question bank: loading files, and editing in the browser."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select

from app.db import db, transactional
from app.domain.errors import DomainError, ErrorKind
from app.domain.questions.kinds import QuestionState
from app.domain.questions.lifecycle import QuestionStep
from app.domain.questions.question import Question as Content
from app.domain.text import N_
from app.loader.questions import BankEntry
from app.models.questions import Question
from app.queries.similar_questions import twin_in_other_pool
from app.services.draft_rows import DraftMark, close_draft, question_of_draft, turn_draft
from app.services.question_index import index_questions
from app.services.question_rows import (
    FreeIds,
    NewQuestion,
    add_version,
    check_points,
    checked_note,
    insert_questions,
    known_hashes,
    lessons_of_points,
    lock_question,
    step,
)
from app.services.trail import SYSTEM, Actor, record

LONGEST_VERSION_NOTE = 500
"""Characters of the note of a version."""


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


class InOtherPool(DomainError):
    """The other pool has a question that says the very same (promise 7)."""

    def __init__(self, question_id: str) -> None:
        super().__init__(
            "in-other-pool",
            N_(
                "The other pool has this very question, as %(id)s. A question is in one pool alone."
            ),
            id=question_id,
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
    """Write what changed in the files since their last load; what they make is live at once.

    A file that has not changed never overwrites an edit made in the browser. One that has
    changed is a new live version of a live question, and a new draft of one that was taken out
    of use or is under review; a retired one stays as it is.
    """
    changes = BankChanges()
    made: list[NewQuestion] = []
    written: list[Content] = []
    known = {row.id: row for row in db.session.scalars(select(Question))}
    hashes = known_hashes()
    for entry in entries:
        content, file_hash = entry.question, entry.question.content_hash()
        row = known.get(content.id)
        if row is None:
            made.append(
                NewQuestion(content, entry.lesson_id, QuestionState.LIVE, file_hash=file_hash)
            )
        elif row.file_hash == file_hash:
            continue
        elif row.pool != content.pool.value:
            changes.moved_pool.append(content.id)
        elif hashes[content.id] == file_hash:
            row.file_hash = file_hash
        elif hashes[content.id] != row.file_hash or row.state == QuestionState.RETIRED.value:
            changes.conflicts.append(content.id)
        else:
            _follow_file(row, content, file_hash=file_hash, now=now)
            written.append(content)
    insert_questions(made, now=now)
    index_questions([*(new.content for new in made), *written])
    changes.created, changes.changed = len(made), len(written)
    return changes


@transactional
def create_question(
    content: Content,
    *,
    note: str,
    actor: Actor,
    now: datetime,
    draft: DraftMark | None = None,
) -> str:
    """Write a new question as a draft; returns its id, the next free one of its first point.

    The id of content does not matter, its pool is chosen for ever. draft: what it was written
    in; the same one sent twice is one question. Raises PointMissing, InOtherPool.
    """
    if actor.user_id is None:
        raise ValueError("a question is written by a person")
    question_id = FreeIds().next(content.points[0])  # first: it makes the same form sent twice wait
    before = question_of_draft(draft, user_id=actor.user_id) if draft else None
    if before is not None:
        return before
    content = replace(content, id=question_id)
    lessons = lessons_of_points()
    check_points(content, lessons)
    _check_twin(content)
    insert_questions(
        [
            NewQuestion(
                content,
                lessons[content.points[0]],
                QuestionState.DRAFT,
                author_id=actor.user_id,
                note=checked_note(note, most=LONGEST_VERSION_NOTE),
            )
        ],
        now=now,
    )
    index_questions([content])
    if draft is not None:
        turn_draft(draft, question_id, user_id=actor.user_id, now=now)
    record("question.created", question_id, actor=actor, now=now, pool=content.pool.value)
    return question_id


@transactional
def edit_question(
    content: Content,
    *,
    from_version: int,
    note: str,
    actor: Actor,
    now: datetime,
    draft_seq: int = 0,
) -> int:
    """Save an edit as a new version, which is a draft; returns its number.

    from_version: the version that the author had opened. An edit that changes nothing makes no
    version. draft_seq: the last change that the editor counted; the author's own draft is closed.
    The live version stays in use. Raises QuestionMissing, EditedMeanwhile, PoolFixed,
    StepRefused for a retired one, PointMissing, MainPointFixed, InOtherPool.
    """
    row = lock_question(content.id)
    if row.pool != content.pool.value:
        raise PoolFixed
    if row.current_version != from_version:
        raise EditedMeanwhile
    close_draft(row.id, user_id=actor.user_id, seq=draft_seq, now=now)
    if known_hashes([row.id])[row.id] == content.content_hash():
        return from_version
    check_points(content, lessons_of_points())
    _check_twin(content)
    note = checked_note(note, most=LONGEST_VERSION_NOTE)
    step(row, QuestionStep.WRITE, actor=actor, now=now, note=note)
    number = add_version(row, content, author_id=actor.user_id, note=note, now=now)
    index_questions([content])
    record(
        "question.edited", row.id, actor=actor, now=now, version=number, pool=row.pool, note=note
    )
    return number


@transactional
def note_viewed(question_id: str, *, actor: Actor, now: datetime) -> None:
    """Log that a member of staff looked at an exam-pool question."""
    record("question.viewed", question_id, actor=actor, now=now)


def _follow_file(row: Question, content: Content, *, file_hash: str, now: datetime) -> None:
    is_live = row.state == QuestionState.LIVE.value
    if not is_live:
        step(row, QuestionStep.WRITE, actor=SYSTEM, now=now)
    number = add_version(row, content, author_id=None, note="", now=now)
    if is_live:
        row.live_version = number
    row.file_hash = file_hash


def _check_twin(content: Content) -> None:
    """No question of one pool is written again for the other (promise 7)."""
    twin = twin_in_other_pool(content)
    if twin is not None:
        raise InOtherPool(twin)
