"""The work on batches of papers: read, solve outside of any transaction, write what came of it.

The row is the queue. A crash loses nothing but time: what is running still waits, and the same
seed gives the same papers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.db import db, transactional
from app.domain.assembly.batches import (
    MOST_TRIES,
    WORKING,
    BatchState,
    dump_collision,
    dump_papers,
)
from app.domain.assembly.candidates import Candidate
from app.domain.assembly.collisions import PlanNotMet
from app.domain.assembly.figures import SetFigures, figures_of
from app.domain.assembly.papers import THOROUGH, Assembly, Effort, GaveUp, assemble
from app.domain.plans import ExamPlan
from app.models.papers import PaperBatch
from app.models.schemes import Exam
from app.queries.plans import numbered_plan
from app.queries.pool import exam_pool, question_uses
from app.services.trail import SYSTEM, record


@dataclass(frozen=True, slots=True)
class Given:
    """Everything that an assembly is made from."""

    plan: ExamPlan
    pool: list[Candidate]
    uses: dict[str, int]
    count: int
    seed: int

    def assemble(self, effort: Effort = THOROUGH) -> tuple[Assembly, SetFigures]:
        """The papers with their figures; raises PlanNotMet, GaveUp."""
        made = assemble(
            self.plan, self.pool, count=self.count, seed=self.seed, uses=self.uses, effort=effort
        )
        by_version = {question.version_id: question for question in self.pool}
        return made, figures_of(
            made.papers, by_version, uses=self.uses, gap=made.gap, by_clock=made.by_clock
        )


def given(exam: Exam, *, plan: ExamPlan, count: int, seed: int) -> Given:
    """Read what an assembly is made from, as it is now."""
    pool = exam_pool(plan.modules, with_pilots=plan.rules.pilots > 0)
    return Given(plan, pool, question_uses(exam.id), count, seed)


def work_on(batch_id: int, *, now: datetime, effort: Effort = THOROUGH) -> None:
    """Assemble what the batch asks for; nothing where it does not wait (any more)."""
    if not _begin(batch_id, now=now):
        return
    row = db.session.get_one(PaperBatch, batch_id)
    exam = db.session.get_one(Exam, row.exam_id)
    numbered = numbered_plan(exam, row.plan_number)
    if numbered is None:
        raise LookupError(f"batch {batch_id} was made by a plan that is not there")
    found = given(exam, plan=numbered.plan, count=row.count, seed=row.seed)
    db.session.rollback()  # no snapshot is held while the solver works
    try:
        made, figures = found.assemble(effort)
    except PlanNotMet as error:
        _refuse(batch_id, BatchState.IMPOSSIBLE, error=error, now=now)
    except GaveUp as error:
        _refuse(batch_id, BatchState.FAILED, error=error, now=now)
    else:
        _propose(batch_id, made, figures, now=now)


@transactional
def _begin(batch_id: int, *, now: datetime) -> bool:
    row = _locked(batch_id)
    if row is None or row.state not in WORKING:
        return False
    if row.tries >= MOST_TRIES:
        row.state, row.finished_at = BatchState.FAILED.value, now
        return False
    row.state, row.begun_at, row.tries = BatchState.RUNNING.value, now, row.tries + 1
    return True


@transactional
def _propose(batch_id: int, made: Assembly, figures: SetFigures, *, now: datetime) -> None:
    row = _locked(batch_id)
    if row is None or row.state != BatchState.RUNNING.value:
        return
    row.state, row.finished_at = BatchState.PROPOSED.value, now
    row.proposal, row.figures = dump_papers(made.papers), figures.dump()
    record(
        "papers.assembled",
        f"batch:{row.id}",
        actor=SYSTEM,
        now=now,
        gap=figures.gap,
        difficulty_spread=round(figures.difficulty_spread, 4),
        minutes_spread=round(figures.minutes_spread, 2),
        largest_overlap=round(figures.largest_overlap, 4),
    )


@transactional
def _refuse(batch_id: int, state: BatchState, *, error: PlanNotMet | GaveUp, now: datetime) -> None:
    row = _locked(batch_id)
    if row is None or row.state != BatchState.RUNNING.value:
        return
    row.state, row.finished_at = state.value, now
    if isinstance(error, PlanNotMet):
        row.collisions = [dump_collision(found) for found in error.collisions]
    else:
        row.problem = error.sentence


def _locked(batch_id: int) -> PaperBatch | None:
    return db.session.scalar(
        select(PaperBatch)
        .where(PaperBatch.id == batch_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
