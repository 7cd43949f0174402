"""The papers that a sitting hands out: approved ones, else some that are assembled with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.db import db
from app.domain.assembly.papers import QUICK, Assembly
from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_
from app.models.schemes import Exam
from app.models.sittings import SittingPaper
from app.queries.paper_batches import approved_papers, papers_with_retired_questions
from app.queries.plans import plan_in_force
from app.services.assembling import given
from app.services.paper_rows import check_usable, put_papers
from app.services.trail import Actor, record


class ExamMissing(DomainError):
    """There is no such exam."""

    def __init__(self) -> None:
        super().__init__("exam-missing", N_("There is no such exam."), kind=ErrorKind.MISSING)


@dataclass(frozen=True, slots=True)
class ReadyPapers:
    """What a sitting will hand out. approved: ids of papers; made: what was assembled instead."""

    exam_id: int
    seed: int
    approved: tuple[int, ...] = ()
    made: Assembly | None = None
    plan_number: int = 0


def ready_papers(exam_id: int, *, seed: int) -> ReadyPapers:
    """The exam's approved papers, or as many as its scheme asks for, assembled now.

    To be called before the transaction that uses them: nobody's writes wait for the solver.
    Raises ExamMissing, PlanNotMet, GaveUp, and DomainError where questions of approved papers
    were retired, so that too few papers are left for everybody's attempts.
    """
    exam = db.session.get(Exam, exam_id)
    if exam is None:
        raise ExamMissing
    approved = approved_papers(exam.id)
    if approved:
        return ReadyPapers(exam.id, seed, approved=_whole(approved, attempts=exam.attempts))
    numbered = plan_in_force(exam)
    found = given(exam, plan=numbered.plan, count=exam.papers, seed=seed)
    db.session.rollback()
    made, _ = found.assemble(QUICK)
    return ReadyPapers(exam_id, seed, made=made, plan_number=numbered.number)


def hand_out(sitting_id: int, ready: ReadyPapers, *, actor: Actor, now: datetime) -> None:
    """Give the papers to the sitting, inside the caller's transaction. Raises QuestionsGone."""
    paper_ids = list(ready.approved)
    if ready.made is not None:
        check_usable(ready.made.papers)
        paper_ids = put_papers(
            ready.made.papers,
            exam_id=ready.exam_id,
            plan_number=ready.plan_number,
            seed=ready.seed,
            now=now,
        )
        record(
            "papers.assembled",
            f"sitting:{sitting_id}",
            actor=actor,
            now=now,
            papers=paper_ids,
            plan=ready.plan_number,
            seed=ready.seed,
            gap=round(ready.made.gap, 4),
            approved_by=None,
        )
    db.session.add_all(
        SittingPaper(sitting_id=sitting_id, paper_id=paper_id) for paper_id in paper_ids
    )


def _whole(approved: Sequence[int], *, attempts: int) -> tuple[int, ...]:
    """The approved papers of which no question was retired since."""
    retired = papers_with_retired_questions(approved)
    left = tuple(paper_id for paper_id in approved if paper_id not in retired)
    if len(left) < attempts:
        raise DomainError(
            "papers-retired",
            N_(
                "Questions of the approved papers have been retired: %(questions)s. Assemble new"
                " papers and have them approved."
            ),
            kind=ErrorKind.CONFLICT,
            questions=", ".join(sorted({id_ for found in retired.values() for id_ in found})[:10]),
        )
    return left
