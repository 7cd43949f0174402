"""Batches of papers: the list, one with its figures, what waits, and what was approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.db import AnyRow, AnySelect, db
from app.domain.assembly.batches import WORKING, BatchState, load_papers
from app.domain.assembly.papers import Slot
from app.models.accounts import User
from app.models.papers import Paper, PaperBatch, PaperQuestion
from app.models.questions import Question, QuestionVersion
from app.models.schemes import Exam, Scheme
from app.queries.paging import Page, contains, paged

_Maker = aliased(User, name="maker")
_Decider = aliased(User, name="decider")


@dataclass(frozen=True, slots=True)
class BatchFilter:
    """What the list shows; "" leaves a filter open. exam: digits."""

    search: str = ""
    exam: str = ""
    state: str = ""
    sort: str = "newest"


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch without its papers. figures: {} before it is proposed. decider: None while open."""

    id: int
    exam_id: int
    exam_title: dict[str, Any]
    scheme_title: dict[str, Any]
    plan_number: int
    seed: int
    count: int
    state: BatchState
    figures: dict[str, Any]
    collisions: list[Any]
    problem: str
    maker_id: int
    maker: str
    made_at: datetime
    begun_at: datetime | None
    finished_at: datetime | None
    decider: str | None
    decided_at: datetime | None
    reason: str


_SORTS = {
    "newest": (PaperBatch.id.desc(),),
    "oldest": (PaperBatch.id,),
    "exam": (Exam.scheme_id, Exam.code, PaperBatch.id.desc()),
    "state": (PaperBatch.state, PaperBatch.id.desc()),
}


def batches(filters: BatchFilter, *, page: int) -> Page[BatchView]:
    """Batches that meet the filter: two statements."""
    statement = _batches()
    if filters.exam.isdecimal():
        statement = statement.where(PaperBatch.exam_id == int(filters.exam[:9]))
    if filters.state:
        statement = statement.where(PaperBatch.state == filters.state)
    if filters.search:
        pattern = contains(filters.search)
        statement = statement.where(
            _Maker.name.ilike(pattern, escape="\\")
            | Exam.title["zh"].as_string().ilike(pattern, escape="\\")
            | Exam.title["en"].as_string().ilike(pattern, escape="\\")
            | PaperBatch.reason.ilike(pattern, escape="\\")
        )
    found = paged(statement.order_by(*_SORTS.get(filters.sort, _SORTS["newest"])), number=page)
    return Page([_view(row) for row in found.rows], found.number, found.total, found.size)


def batch(batch_id: int) -> BatchView | None:
    """One batch."""
    row = db.session.execute(_batches().where(PaperBatch.id == batch_id)).one_or_none()
    return _view(row) if row else None


def batches_of_exam(exam_id: int, *, most: int = 5) -> list[BatchView]:
    """The latest batches of an exam."""
    rows = db.session.execute(
        _batches().where(PaperBatch.exam_id == exam_id).order_by(PaperBatch.id.desc()).limit(most)
    )
    return [_view(row) for row in rows]


def batch_exams() -> Sequence[AnyRow]:
    """(id, title, scheme_title) of every exam that has a batch, for the filter."""
    return db.session.execute(
        select(Exam.id, Exam.title, Scheme.title.label("scheme_title"))
        .join(Scheme, Scheme.id == Exam.scheme_id)
        .where(Exam.id.in_(select(PaperBatch.exam_id)))
        .order_by(Exam.id)
    ).all()


def proposed_papers(batch_id: int) -> tuple[tuple[Slot, ...], ...]:
    """The papers of a batch as they were assembled; () while there are none."""
    raw = db.session.scalar(select(PaperBatch.proposal).where(PaperBatch.id == batch_id))
    return load_papers(raw or ())


def waiting_batches() -> Sequence[int]:
    """Ids of the batches that the worker has to do with, the oldest first."""
    return db.session.scalars(
        select(PaperBatch.id)
        .where(PaperBatch.state.in_([state.value for state in WORKING]))
        .order_by(PaperBatch.id)
    ).all()


def approved_papers(exam_id: int) -> Sequence[int]:
    """Ids of the papers of the exam's batch that was approved last, in their order."""
    newest = (
        select(PaperBatch.id)
        .where(PaperBatch.exam_id == exam_id, PaperBatch.state == BatchState.APPROVED.value)
        .order_by(PaperBatch.decided_at.desc(), PaperBatch.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return db.session.scalars(
        select(Paper.id).where(Paper.batch_id == newest).order_by(Paper.id)
    ).all()


def papers_with_retired_questions(paper_ids: Sequence[int]) -> dict[int, list[str]]:
    """Paper id → its questions that were taken out of use since, of those that have any."""
    rows = db.session.execute(
        select(PaperQuestion.paper_id, Question.id)
        .join(QuestionVersion, QuestionVersion.id == PaperQuestion.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(PaperQuestion.paper_id.in_(paper_ids), Question.state == "retired")
        .order_by(PaperQuestion.paper_id, PaperQuestion.position)
    )
    found: dict[int, list[str]] = {}
    for paper_id, question_id in rows:
        found.setdefault(paper_id, []).append(question_id)
    return found


def _batches() -> AnySelect:
    return (
        select(
            PaperBatch.id,
            PaperBatch.exam_id,
            PaperBatch.plan_number,
            PaperBatch.seed,
            PaperBatch.count.label("papers"),
            PaperBatch.state,
            PaperBatch.figures,
            PaperBatch.collisions,
            PaperBatch.problem,
            PaperBatch.made_by,
            PaperBatch.made_at,
            PaperBatch.begun_at,
            PaperBatch.finished_at,
            PaperBatch.decided_at,
            PaperBatch.reason,
            Exam.title.label("exam_title"),
            Scheme.title.label("scheme_title"),
            _Maker.name.label("maker"),
            _Decider.name.label("decider"),
        )
        .join(Exam, Exam.id == PaperBatch.exam_id)
        .join(Scheme, Scheme.id == Exam.scheme_id)
        .join(_Maker, _Maker.id == PaperBatch.made_by)
        .outerjoin(_Decider, _Decider.id == PaperBatch.decided_by)
    )


def _view(row: AnyRow) -> BatchView:
    return BatchView(
        id=row.id,
        exam_id=row.exam_id,
        exam_title=row.exam_title,
        scheme_title=row.scheme_title,
        plan_number=row.plan_number,
        seed=row.seed,
        count=row.papers,
        state=BatchState(row.state),
        figures=row.figures,
        collisions=row.collisions,
        problem=row.problem,
        maker_id=row.made_by,
        maker=row.maker,
        made_at=row.made_at,
        begun_at=row.begun_at,
        finished_at=row.finished_at,
        decider=row.decider,
        decided_at=row.decided_at,
        reason=row.reason,
    )
