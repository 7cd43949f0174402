"""Exam plans: a new version, which is in force from then on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from app.db import db, transactional
from app.domain.errors import DomainError, ErrorKind
from app.domain.plans import ExamPlan
from app.domain.text import N_
from app.models.content import Module, Point
from app.models.papers import PlanVersion
from app.models.questions import Question
from app.models.schemes import Exam
from app.queries.plans import plan_in_force
from app.services.trail import Actor, record

LONGEST_NOTE = 500


@transactional
def save_plan(
    exam_id: int, plan: ExamPlan, *, based_on: int, note: str, actor: Actor, now: datetime
) -> int:
    """Make the plan the newest version; returns its number. The same again makes none.

    based_on: the version that was opened, so that nobody writes over another's work unseen.
    Papers that were made from an older version stay as they are. Raises DomainError.
    """
    exam = db.session.scalar(select(Exam).where(Exam.id == exam_id).with_for_update())
    if exam is None:
        raise DomainError("exam-missing", N_("There is no such exam."), kind=ErrorKind.MISSING)
    before = plan_in_force(exam)
    if before.number != based_on:
        raise DomainError(
            "plan-moved",
            N_("Somebody has saved version %(number)s meanwhile. Look at it before you save."),
            kind=ErrorKind.CONFLICT,
            number=before.number,
        )
    if before.plan == plan:
        return before.number
    _check(plan, exam)
    if actor.user_id is None:
        raise ValueError("plans are written by a person")
    number = before.number + 1
    db.session.add(
        PlanVersion(
            exam_id=exam.id,
            number=number,
            content=plan.dump(),
            note=note.strip()[:LONGEST_NOTE],
            author_id=actor.user_id,
            created_at=now,
        )
    )
    record(
        "plan.saved",
        f"exam:{exam.id}",
        actor=actor,
        now=now,
        version=number,
        questions=plan.questions,
        note=note.strip()[:LONGEST_NOTE],
    )
    return number


def _check(plan: ExamPlan, exam: Exam) -> None:
    """Whether results keep their meaning, and everything that is named exists."""
    if plan.total != exam.total:
        raise DomainError(
            "plan-total",
            N_("The plan has %(points)s points, but results of this exam are out of %(total)s."),
            points=f"{float(plan.total):g}",
            total=f"{float(exam.total):g}",
        )
    sections = set(range(1, max(len(exam.sections), 1) + 1))
    if {cell.section for cell in plan.cells} != sections:
        raise DomainError(
            "plan-sections",
            N_("Every one of the exam's %(sections)s sections needs questions, and no other."),
            sections=len(sections),
        )
    _check_known(plan.modules, Module.id, N_("There are no such modules: %(names)s."))
    _check_known(plan.rules.must_appear, Point.id, N_("There are no such points: %(names)s."))
    named = {id_ for group in (*plan.rules.excludes, *plan.rules.together) for id_ in group}
    _check_known(named, Question.id, N_("There are no such questions: %(names)s."))


def _check_known(names: Iterable[str], column: InstrumentedAttribute[str], sentence: str) -> None:
    wanted = set(names)
    if not wanted:
        return
    found = set(db.session.scalars(select(column).where(column.in_(wanted))))
    if wanted - found:
        raise DomainError("plan-unknown", sentence, names=", ".join(sorted(wanted - found)))
