"""Takes a change of many questions back: once, and only what nobody has touched since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.db import db, transactional
from app.domain.errors import DomainError, ErrorKind
from app.domain.questions.kinds import QuestionState
from app.domain.questions.lifecycle import REVIEWED, NoteMissing, QuestionStep
from app.domain.questions.question import Question as Content
from app.domain.text import N_
from app.models.questions import Question, QuestionVersion
from app.models.workshop import BulkChange
from app.queries.question_standings import standings
from app.queries.versions import question_of
from app.services.bulk_changes import LONGEST_NOTE, standing_of
from app.services.question_index import index_questions
from app.services.question_rows import add_version, checked_note, restore, step
from app.services.trail import Actor, record

_BACK = {
    QuestionStep.WRITE: QuestionStep.WRITE,
    QuestionStep.SUBMIT: QuestionStep.SEND_BACK,
    QuestionStep.REVIVE: QuestionStep.RETIRE,
}
"""Step → the one that leads back; out of retirement `_revive` leads, to where it was."""


class ChangeMissing(DomainError):
    """There is no such change of one's own."""

    def __init__(self) -> None:
        super().__init__(
            "bulk-change-missing", N_("You made no such change."), kind=ErrorKind.MISSING
        )


class UndoneAlready(DomainError):
    """A change is taken back once."""

    def __init__(self) -> None:
        super().__init__(
            "undone-already",
            N_("This change has been taken back already."),
            kind=ErrorKind.CONFLICT,
        )


@dataclass(frozen=True, slots=True)
class BulkUndone:
    """What was taken back; refused: ids of what somebody has touched since, which stays."""

    restored: tuple[str, ...]
    refused: tuple[str, ...]


@transactional
def undo(change_id: int, *, note: str, actor: Actor, now: datetime) -> BulkUndone:
    """Take one's own change back, question by question; there is no second try.

    note: stands in each question's history. Old content comes back as a new version: of a live
    question it is live at once, for it is what was approved; one that was under review is a
    draft again. Raises ChangeMissing, UndoneAlready, NoteMissing.
    """
    note = checked_note(note, most=LONGEST_NOTE)
    if not note:
        raise NoteMissing
    change = db.session.scalar(
        select(BulkChange)
        .where(BulkChange.id == change_id, BulkChange.user_id == actor.user_id)
        .with_for_update()
    )
    if change is None:
        raise ChangeMissing
    if change.undone_at is not None:
        raise UndoneAlready
    step_ = QuestionStep(change.what["step"]) if change.what["step"] else None
    entries = {entry["id"]: entry for entry in change.undo["questions"]}
    contents = _contents(entries) if step_ is None else {}
    restored: list[str] = []
    rows = _locked(entries)
    stands = standings([row.id for row in rows])
    for row in rows:
        before, after = entries[row.id]["before"], entries[row.id]["after"]
        if standing_of(row) != after:
            continue
        back = _BACK.get(step_ or QuestionStep.WRITE)
        if back is not None:
            step(row, back, actor=actor, now=now, note=note, standing=stands[row.id])
        if step_ is None:
            _rewrite(row, contents[row.id], before, note=note, actor=actor, now=now)
        elif step_ is QuestionStep.RETIRE:
            _revive(row, before, note=note, actor=actor, now=now)
        restored.append(row.id)
    index_questions(contents[id_] for id_ in restored if id_ in contents)
    change.undone_at = now
    refused = tuple(id_ for id_ in entries if id_ not in set(restored))
    record(
        "questions.bulk_undone",
        str(change.id),
        actor=actor,
        now=now,
        questions=restored,
        refused=list(refused),
    )
    return BulkUndone(tuple(restored), refused)


def _rewrite(
    row: Question,
    content: Content,
    before: Mapping[str, Any],
    *,
    note: str,
    actor: Actor,
    now: datetime,
) -> None:
    row.pool = content.pool.value
    number = add_version(row, content, author_id=actor.user_id, note=note, now=now)
    if before["state"] == QuestionState.LIVE.value and before["live_version"] == before["version"]:
        restore(
            row,
            QuestionState.LIVE,
            live_version=number,
            step_=QuestionStep.WRITE,
            actor=actor,
            now=now,
            note=note,
        )


def _revive(
    row: Question, before: Mapping[str, Any], *, note: str, actor: Actor, now: datetime
) -> None:
    """Out of retirement, to where it was; a review that was going on begins anew."""
    state = QuestionState(before["state"])
    restore(
        row,
        QuestionState.DRAFT if state in REVIEWED else state,
        live_version=before["live_version"],
        step_=QuestionStep.REVIVE,
        actor=actor,
        now=now,
        note=note,
    )


def _contents(entries: Mapping[str, Any]) -> dict[str, Content]:
    """What each question said before the change."""
    rows = db.session.execute(
        select(
            QuestionVersion.question_id,
            QuestionVersion.number,
            QuestionVersion.content,
            QuestionVersion.content_hash,
        ).where(QuestionVersion.question_id.in_(list(entries)))
    )
    return {
        row.question_id: question_of(row.content_hash, row.content)
        for row in rows
        if row.number == entries[row.question_id]["before"]["version"]
    }


def _locked(entries: Mapping[str, Any]) -> list[Question]:
    return list(
        db.session.scalars(
            select(Question)
            .where(Question.id.in_(list(entries)))
            .order_by(Question.id)
            .with_for_update()
        )
    )
