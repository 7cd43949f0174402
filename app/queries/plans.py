"""Exam plans: the one in force, its versions, and what the pool has for each cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.db import AnyRow, AnySelect, db
from app.domain.assembly.candidates import Candidate
from app.domain.plans import Cell, ExamPlan
from app.models.accounts import User
from app.models.content import Module
from app.models.papers import Paper, PlanVersion
from app.models.schemes import Exam, Scheme
from app.models.sittings import SittingPaper
from app.queries.paging import Page, contains, paged
from app.queries.pool import exam_pool


@dataclass(frozen=True, slots=True)
class NumberedPlan:
    """A plan with the number of its version, 0 for the one of the scheme's file."""

    number: int
    plan: ExamPlan


@dataclass(frozen=True, slots=True)
class Need:
    """What a cell needs for so many papers that share nothing, and what the pool has."""

    cell: Cell
    available: int
    needed: int

    @property
    def fills_one(self) -> bool:
        """Whether there is enough for a single paper."""
        return self.available >= self.cell.count

    @property
    def is_enough(self) -> bool:
        """Whether there is enough for papers that share nothing."""
        return self.available >= self.needed


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """What the list of plans shows; "" leaves a filter open. supply: "short" or "enough"."""

    search: str = ""
    supply: str = ""
    sort: str = "exam"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """An exam of a scheme's current version, with its plan in force. author: None for a file's."""

    exam_id: int
    title: dict[str, Any]
    scheme_title: dict[str, Any]
    total: float
    papers: int
    in_force: NumberedPlan
    author: str | None
    changed_at: datetime | None
    needs: tuple[Need, ...]

    @property
    def short(self) -> int:
        """Cells that cannot fill a single paper."""
        return sum(not need.fills_one for need in self.needs)

    @property
    def scarce(self) -> int:
        """Cells that fill a paper, but not all of them without sharing."""
        return sum(need.fills_one and not need.is_enough for need in self.needs)


def plan_in_force(exam: Exam) -> NumberedPlan:
    """The newest version, else the plan of the file."""
    row = db.session.execute(
        select(PlanVersion.number, PlanVersion.content)
        .where(PlanVersion.exam_id == exam.id)
        .order_by(PlanVersion.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return NumberedPlan(0, ExamPlan.load(exam.plan))
    return NumberedPlan(row.number, ExamPlan.load(row.content))


def numbered_plan(exam: Exam, number: int) -> NumberedPlan | None:
    """One version of the exam's plan, None where there is no such version."""
    if number == 0:
        return NumberedPlan(0, ExamPlan.load(exam.plan))
    content = db.session.scalar(
        select(PlanVersion.content).where(
            PlanVersion.exam_id == exam.id, PlanVersion.number == number
        )
    )
    return None if content is None else NumberedPlan(number, ExamPlan.load(content))


def plan_of_sitting(sitting_id: int, exam: Exam) -> NumberedPlan:
    """The plan that the sitting's papers were made from; without papers, the one in force."""
    number = db.session.scalar(
        select(func.max(Paper.plan_number))
        .join(SittingPaper, SittingPaper.paper_id == Paper.id)
        .where(SittingPaper.sitting_id == sitting_id, Paper.exam_id == exam.id)
    )
    found = None if number is None else numbered_plan(exam, number)
    return found or plan_in_force(exam)


def plan_versions(exam_id: int, *, page: int = 1) -> Page[AnyRow]:
    """(number, note, created_at, author) of the versions, the newest first: two statements."""
    return paged(
        select(PlanVersion.number, PlanVersion.note, PlanVersion.created_at, User.name)
        .join(User, User.id == PlanVersion.author_id)
        .where(PlanVersion.exam_id == exam_id)
        .order_by(PlanVersion.number.desc()),
        number=page,
        size=10,
    )


def exam_with_scheme(exam_id: int) -> AnyRow | None:
    """(Exam, scheme_title, is_current) of one exam."""
    return db.session.execute(
        select(
            Exam,
            Scheme.title.label("scheme_title"),
            (Scheme.current_version_id == Exam.scheme_version_id).label("is_current"),
        )
        .join(Scheme, Scheme.id == Exam.scheme_id)
        .where(Exam.id == exam_id)
    ).one_or_none()


def module_titles() -> dict[str, dict[str, Any]]:
    """Module id → title, in the syllabus's order."""
    rows = db.session.execute(select(Module.id, Module.title).order_by(Module.place))
    return dict(rows.all())


def plan_list(filters: PlanFilter, *, page: int) -> Page[PlanLine]:
    """Exams of current schemes with their plans: three statements, however many there are."""
    rows = db.session.execute(_listed(filters)).all()
    plans = [
        NumberedPlan(
            row.number or 0,
            ExamPlan.load(row.Exam.plan if row.content is None else row.content),
        )
        for row in rows
    ]
    pool = exam_pool({module for found in plans for module in found.plan.modules})
    lines = [_line(row, found, pool) for row, found in zip(rows, plans, strict=True)]
    if filters.supply:
        lines = [line for line in lines if bool(line.short) == (filters.supply == "short")]
    if filters.sort == "supply":
        lines.sort(key=lambda line: (-line.short, -line.scarce))
    size = 25
    last = max(1, -(-len(lines) // size))
    number = min(max(page, 1), last)
    return Page(lines[(number - 1) * size : number * size], number, len(lines), size)


def needs_of(plan: ExamPlan, pool: Iterable[Candidate], *, papers: int) -> tuple[Need, ...]:
    """What each cell has and needs."""
    supply = Counter(q.home(plan) for q in pool if not q.is_pilot)
    return tuple(Need(cell, supply[cell], cell.count * papers) for cell in plan.cells)


def _listed(filters: PlanFilter) -> AnySelect:
    newest = (
        select(PlanVersion.exam_id, func.max(PlanVersion.number).label("number"))
        .group_by(PlanVersion.exam_id)
        .subquery()
    )
    statement = (
        select(
            Exam,
            Scheme.title.label("scheme_title"),
            PlanVersion.number,
            PlanVersion.content,
            PlanVersion.created_at,
            User.name.label("author"),
        )
        .join(Scheme, Scheme.current_version_id == Exam.scheme_version_id)
        .outerjoin(newest, newest.c.exam_id == Exam.id)
        .outerjoin(
            PlanVersion,
            (PlanVersion.exam_id == Exam.id) & (PlanVersion.number == newest.c.number),
        )
        .outerjoin(User, User.id == PlanVersion.author_id)
    )
    if filters.search:
        pattern = contains(filters.search)
        statement = statement.where(
            Exam.title["zh"].as_string().ilike(pattern, escape="\\")
            | Exam.title["en"].as_string().ilike(pattern, escape="\\")
            | Scheme.title["zh"].as_string().ilike(pattern, escape="\\")
            | Scheme.title["en"].as_string().ilike(pattern, escape="\\")
        )
    if filters.sort == "changed":
        return statement.order_by(func.coalesce(PlanVersion.id, 0).desc(), Exam.id)
    return statement.order_by(Scheme.id, Exam.id)


def _line(row: AnyRow, found: NumberedPlan, pool: Sequence[Candidate]) -> PlanLine:
    return PlanLine(
        exam_id=row.Exam.id,
        title=row.Exam.title,
        scheme_title=row.scheme_title,
        total=float(row.Exam.total),
        papers=row.Exam.papers,
        in_force=found,
        author=row.author,
        changed_at=row.created_at,
        needs=needs_of(found.plan, pool, papers=row.Exam.papers),
    )
