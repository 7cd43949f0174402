"""Whether the bank carries the exam plans: several papers that share few questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import combinations

from app.domain.assembly import Candidate, PlanNotMet, assemble
from app.domain.plans import ExamPlan

PAPERS = 6
TRIES = 20
"""Draws for each paper, of which the one that shares least is kept."""

STARTS = 5
"""Sets of papers that are tried before a supply counts as short."""
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
    """Assemble the module's part of the plan `PAPERS` times, least used questions first.

    For a module that gives a paper one question, that takes as many questions as papers.
    """
    part = ExamPlan(tuple(cell for cell in plan.cells if cell.module == module))
    fitting = [
        q
        for q in pool
        if any(c.admits(module=q.module, type=q.type, level=q.level) for c in part.cells)
    ]
    try:
        overlap = 1.0
        for start in range(STARTS):
            overlap = min(overlap, _overlap_of_start(part, fitting, start))
            if overlap <= LARGEST_OVERLAP:
                break
    except PlanNotMet as error:
        return Supply(module, len(fitting), part.questions, None, str(error))
    return Supply(module, len(fitting), part.questions, overlap)


def _overlap_of_start(plan: ExamPlan, pool: Collection[Candidate], start: int) -> float:
    """Largest overlap of `PAPERS` papers, each the best of some draws; least used first."""
    uses: Counter[str] = Counter()
    papers: list[frozenset[str]] = []
    for number in range(PAPERS):
        first = (start * PAPERS + number) * TRIES
        paper = min(
            (_draw(plan, pool, seed=first + t, uses=uses) for t in range(TRIES)),
            key=lambda drawn: _largest_overlap([*papers, drawn]),
        )
        uses.update(paper)
        papers.append(paper)
    return _largest_overlap(papers)


def _draw(
    plan: ExamPlan, pool: Collection[Candidate], *, seed: int, uses: Mapping[str, int]
) -> frozenset[str]:
    return frozenset(slot.question_id for slot in assemble(plan, pool, seed=seed, uses=uses))


def _largest_overlap(papers: list[frozenset[str]]) -> float:
    shared = (len(one & other) / len(one) for one, other in combinations(papers, 2))
    return max(shared, default=0.0)
