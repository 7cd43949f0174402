"""Whether the bank carries the exam plans: several papers that share few questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from app.domain.assembly.candidates import Candidate
from app.domain.assembly.collisions import PlanNotMet, counted_collisions
from app.domain.assembly.designs import make_design
from app.domain.plans import ExamPlan

PAPERS = 6
LARGEST_OVERLAP = 0.3


@dataclass(frozen=True, slots=True)
class Supply:
    """How far the pool carries one module of a plan. overlap: largest share of two papers."""

    module: str
    available: int
    needed: int
    overlap: float | None
    shortage: str = ""

    @property
    def enough(self) -> bool:
        """Whether six papers can be made that share at most 30 %."""
        return self.overlap is not None and self.overlap <= LARGEST_OVERLAP


def supply(plan: ExamPlan, pool: Collection[Candidate], *, module: str) -> Supply:
    """How little `PAPERS` papers of the module's part of the plan can share.

    A design tells that without choosing a single question. For a module that gives a paper one
    question, that takes as many questions as papers.
    """
    part = ExamPlan(tuple(cell for cell in plan.cells if cell.module == module))
    fitting = [q for q in pool if q.home(part) is not None]
    short = counted_collisions(part, fitting, count=PAPERS)
    if short:
        return Supply(module, len(fitting), part.questions, None, str(PlanNotMet(short)))
    found = Counter(question.home(part) for question in fitting)
    design = make_design({cell: found[cell] for cell in part.cells}, count=PAPERS, seed=0)
    overlap = None if design is None else design.largest_overlap / part.questions
    return Supply(module, len(fitting), part.questions, overlap)
