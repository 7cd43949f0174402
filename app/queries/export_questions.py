"""Questions as they leave the bank: which a filter means, and what they say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.db import db
from app.domain.problems import Problem
from app.domain.questions.bank_filter import BankFilter
from app.domain.questions.import_runs import load_problem
from app.domain.questions.kinds import Pool
from app.domain.questions.question import Question as Content
from app.domain.questions.question import load_question
from app.models.content import Lesson
from app.models.questions import Question, QuestionVersion
from app.queries.bank import bank_ids

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Selection:
    """What a filter finds, in the order of the list, by pool."""

    ids: tuple[str, ...]
    exam: frozenset[str]

    def taken(self, *, with_exam: bool) -> tuple[str, ...]:
        """Those that may go out."""
        return tuple(id_ for id_ in self.ids if with_exam or id_ not in self.exam)


@dataclass(frozen=True, slots=True)
class ExportView:
    """An export, as the file beside it says. state: waiting, done or failed.

    exam: how many of count are exam questions. left_out: exam questions that the filter found and
    the export does not have. losses: what the format could not carry.
    """

    id: str
    user_id: int
    state: str
    format: str
    filter: BankFilter
    with_exam: bool
    reason: str
    created_at: datetime
    count: int = 0
    exam: int = 0
    left_out: int = 0
    size: int = 0
    losses: tuple[Problem, ...] = ()


def export_folder(instance: Path, export_id: str) -> Path:
    """Where the file of an export lies; raises ValueError for what is no id."""
    return instance / "exports" / str(UUID(export_id))


def read_export(instance: Path, export_id: str) -> ExportView | None:
    """One export; None where there is none, or where it has been removed."""
    try:
        raw = json.loads((export_folder(instance, export_id) / "export.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return _view(raw)


def all_exports(instance: Path) -> list[ExportView]:
    """Every export that is still there, the oldest first."""
    folders = (instance / "exports").glob("*/export.json")
    found = (read_export(instance, path.parent.name) for path in folders)
    return sorted((view for view in found if view), key=lambda view: view.created_at)


def selection(filters: BankFilter, *, zone: tzinfo) -> Selection:
    """The questions that a filter finds."""
    ids = tuple(bank_ids(filters, zone=zone))
    exam = db.session.scalars(select(Question.id).where(Question.pool == Pool.EXAM.value))
    return Selection(ids, frozenset(exam).intersection(ids))


def newest(question_ids: Sequence[str]) -> list[Content]:
    """These questions in their newest versions, in this order."""
    found: dict[str, Content] = {}
    for start in range(0, len(question_ids), CHUNK):
        rows = db.session.execute(
            select(Question.id, QuestionVersion.content)
            .join(
                QuestionVersion,
                (QuestionVersion.question_id == Question.id)
                & (QuestionVersion.number == Question.current_version),
            )
            .where(Question.id.in_(question_ids[start : start + CHUNK]))
        )
        found.update((row.id, load_question(dict(row.content))) for row in rows)
    return [found[id_] for id_ in question_ids]


def lesson_files(*, drafts: bool) -> Iterator[tuple[str, str, list[Content]]]:
    """(module, lesson, questions) of every lesson: the versions in use.

    drafts: the newest versions instead, also of questions that were never reviewed.
    """
    number = Question.current_version if drafts else Question.live_version
    lessons = db.session.execute(select(Lesson.id, Lesson.module_id).order_by(Lesson.place)).all()
    for lesson in lessons:
        contents = db.session.scalars(
            select(QuestionVersion.content)
            .join(Question, Question.id == QuestionVersion.question_id)
            .where(Question.lesson_id == lesson.id, QuestionVersion.number == number)
            .order_by(Question.id)
        )
        yield lesson.module_id, lesson.id, [load_question(dict(raw)) for raw in contents]


def _view(raw: dict[str, Any]) -> ExportView:
    return ExportView(
        id=raw["id"],
        user_id=raw["user_id"],
        state=raw["state"],
        format=raw["format"],
        filter=BankFilter.read(raw["filter"]),
        with_exam=raw["with_exam"],
        reason=raw["reason"],
        created_at=datetime.fromisoformat(raw["created_at"]),
        count=raw["count"],
        exam=raw["exam"],
        left_out=raw["left_out"],
        size=raw["size"],
        losses=tuple(map(load_problem, raw["losses"])),
    )
