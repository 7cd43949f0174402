"""Whether the bank carries the exam plans: several papers that share few questions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations

from app.domain.assembly.candidates import Candidate
from app.domain.assembly.collisions import PlanNotMet
from app.domain.assembly.papers import QUICK, assemble
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
    """Assemble the module's part of the plan `PAPERS` times at once, sharing as little as can be.

    For a module that gives a paper one question, that takes as many questions as papers.
    """
    part = ExamPlan(tuple(cell for cell in plan.cells if cell.module == module))
    fitting = [q for q in pool if q.home(part) is not None]
    try:
        made = assemble(part, fitting, count=PAPERS, seed=0, effort=QUICK)
    except PlanNotMet as error:
        return Supply(module, len(fitting), part.questions, None, str(error))
    papers = [frozenset(slot.question_id for slot in paper) for paper in made.papers]
    shared = (len(one & other) / len(one) for one, other in combinations(papers, 2))
    return Supply(module, len(fitting), part.questions, max(shared, default=0.0))
