"""Writes the questions of an import into the bank, inside its one transaction.

As the trail, called inside the transaction of the act; nothing is committed here.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select

from app.db import db
from app.domain.questions.autosaves import storable
from app.domain.questions.import_plan import WRITTEN, Line, Outcome
from app.domain.questions.import_reading import Candidate
from app.domain.questions.import_runs import ReportLine
from app.domain.questions.kinds import QuestionState
from app.domain.questions.lifecycle import QuestionStep
from app.domain.questions.question import Question as Content
from app.models.questions import Question
from app.models.workshop import QuestionDraft
from app.queries.question_standings import standings
from app.services.draft_rows import put_draft
from app.services.question_index import index_questions
from app.services.question_rows import (
    FreeIds,
    NewQuestion,
    add_version,
    insert_questions,
    lessons_of_points,
    step,
)
from app.services.trail import Actor

T = TypeVar("T")

BATCH = 500
LONGEST_NOTE = 500


def write_lines(
    lines: Sequence[Line],
    *,
    run_id: str,
    note: str,
    actor: Actor,
    now: datetime,
    tell: Callable[[int, int], None],
) -> list[ReportLine]:
    """Write what the plan says; returns the report of what was written.

    New questions and versions are drafts of the actor's. tell: is told how many of how many
    are written, and may raise to stop everything.
    """
    writing = _Writing(lines, run_id=run_id, note=note[:LONGEST_NOTE], actor=actor, now=now)
    total = sum(line.outcome in WRITTEN for line in lines)
    done = 0
    tell(0, total)
    for count in writing.everything():
        done += count
        tell(done, total)
    return [
        ReportLine.of(
            line,
            question_id=writing.ids.get(place, ""),
            draft_id=writing.drafts.get(place, ""),
        )
        for place, line in enumerate(lines)
    ]


def lock_known(candidates: Iterable[Candidate]) -> None:
    """Lock the questions of the bank that a file names until the end, in the order of their ids."""
    ids = sorted({candidate.own_id for candidate in candidates if candidate.own_id})
    for batch in _batches(ids):
        db.session.execute(
            select(Question.id)
            .where(Question.id.in_(batch))
            .order_by(Question.id)
            .with_for_update()
        )


class _Writing:
    """ids, drafts: what was allotted to the lines, by their place in the plan."""

    def __init__(
        self, lines: Sequence[Line], *, run_id: str, note: str, actor: Actor, now: datetime
    ) -> None:
        self._lines = list(enumerate(lines))
        self._run_id, self._note, self._actor, self._now = run_id, note, actor, now
        self._lessons = lessons_of_points()
        self.ids: dict[int, str] = {}
        self.drafts: dict[int, str] = {}

    def everything(self) -> Iterator[int]:
        """Write batch after batch; gives how many each had."""
        for batch in _batches(self._with(Outcome.VERSION)):
            self._write_versions(batch)
            yield len(batch)
        new = self._with(Outcome.NEW)
        own = [entry for entry in new if entry[1].question_id]
        for batch in _batches(own):  # before the others, whose ids follow the highest
            self._write_new([(place, _content(line)) for place, line in batch])
            yield len(batch)
        free = FreeIds()
        for batch in _batches([entry for entry in new if not entry[1].question_id]):
            self._write_new([(place, _numbered(_content(line), free)) for place, line in batch])
            yield len(batch)
        for batch in _batches(self._with(Outcome.UNFINISHED)):
            self._write_drafts(batch)
            yield len(batch)

    def _with(self, outcome: Outcome) -> list[tuple[int, Line]]:
        return [entry for entry in self._lines if entry[1].outcome is outcome]

    def _write_new(self, batch: Sequence[tuple[int, Content]]) -> None:
        insert_questions(
            [
                NewQuestion(
                    content,
                    self._lessons[content.points[0]],
                    QuestionState.DRAFT,
                    author_id=self._actor.user_id,
                    note=self._note,
                )
                for _, content in batch
            ],
            now=self._now,
        )
        index_questions(content for _, content in batch)
        self.ids.update((place, content.id) for place, content in batch)

    def _write_versions(self, batch: Sequence[tuple[int, Line]]) -> None:
        ids = sorted(line.question_id for _, line in batch)
        rows = {
            row.id: row
            for row in db.session.scalars(
                select(Question).where(Question.id.in_(ids)).order_by(Question.id).with_for_update()
            )
        }
        before = standings(ids)
        for _, line in batch:
            row = rows[line.question_id]
            step(
                row,
                QuestionStep.WRITE,
                actor=self._actor,
                now=self._now,
                note=self._note,
                standing=before[row.id],
            )
            add_version(
                row, _content(line), author_id=self._actor.user_id, note=self._note, now=self._now
            )
        index_questions(_content(line) for _, line in batch)
        db.session.flush()

    def _write_drafts(self, batch: Sequence[tuple[int, Line]]) -> None:
        seqs = dict(
            db.session.execute(
                select(QuestionDraft.question_id, QuestionDraft.seq).where(
                    QuestionDraft.user_id == self._actor.user_id,
                    QuestionDraft.question_id.in_([line.question_id for _, line in batch]),
                )
            ).all()
        )
        for place, line in batch:
            draft_id = str(uuid.uuid5(uuid.UUID(self._run_id), str(place)))
            raw = dict(line.candidate.raw)
            if line.question_id:
                raw["id"] = line.question_id
            put_draft(
                {
                    "id": draft_id,
                    "question_id": line.question_id or None,
                    "user_id": self._actor.user_id,
                    "raw": storable(raw),
                    "from_version": line.version,
                    "seq": seqs.get(line.question_id, 0) + 1,
                    "updated_at": self._now,
                },
                of_question=bool(line.question_id),
            )
            if not line.question_id:
                self.drafts[place] = draft_id


def _content(line: Line) -> Content:
    content = line.candidate.content
    assert content is not None  # the plan writes whole questions alone
    return content


def _numbered(content: Content, free: FreeIds) -> Content:
    return replace(content, id=free.next(content.points[0]))


def _batches(entries: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(entries), BATCH):
        yield entries[start : start + BATCH]
