"""Assembles a paper from an exam plan: seeded, so that the same input gives the same paper.

Within a cell the questions are drawn so that knowledge points repeat as little as possible
and questions that other papers already use come last.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.errors import DomainError, ErrorKind
from app.domain.plans import Cell, ExamPlan
from app.domain.questions.kinds import Level, QuestionType
from app.domain.text import N_


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question version that may go on a paper. point: its main knowledge point."""

    version_id: int
    question_id: str
    module: str
    point: str
    type: QuestionType
    level: Level


@dataclass(frozen=True, slots=True)
class Slot:
    """One place on the assembled paper."""

    position: int
    version_id: int
    question_id: str
    module: str
    points: Fraction
    section: int = 1


@dataclass(frozen=True, slots=True)
class Shortage:
    """A cell that the pool cannot fill, and by how many questions."""

    cell: Cell
    available: int

    @property
    def missing(self) -> int:
        """How many questions are missing."""
        return self.cell.count - self.available


class PlanNotMet(DomainError):
    """The pool cannot meet the plan; names every short cell."""

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        cells = "; ".join(
            f"{s.cell.name()}: {s.available}/{s.cell.count} (−{s.missing})" for s in shortages
        )
        super().__init__(
            "plan-not-met",
            N_("The exam pool is too small for the exam plan. Short cells: %(cells)s"),
            kind=ErrorKind.CONFLICT,
            cells=cells,
        )
        self.shortages = tuple(shortages)


def assemble(
    plan: ExamPlan,
    pool: Collection[Candidate],
    *,
    seed: int,
    uses: Mapping[str, int] | None = None,
) -> tuple[Slot, ...]:
    """A paper that meets every cell of the plan.

    pool: exam-pool questions, in any order. seed: the same seed over the same pool gives the
    same paper. uses: question id → on how many papers it already is. Raises PlanNotMet,
    naming every short cell.
    """
    by_cell = {
        cell: [
            question
            for question in sorted(pool, key=lambda q: q.question_id)
            if cell.admits(module=question.module, type=question.type, level=question.level)
        ]
        for cell in plan.cells
    }
    shortages = [
        Shortage(cell, len(found)) for cell, found in by_cell.items() if len(found) < cell.count
    ]
    if shortages:
        raise PlanNotMet(shortages)
    draw = random.Random(seed)
    taken: Counter[str] = Counter()
    chosen: list[tuple[Candidate, Cell]] = []
    for cell, found in by_cell.items():
        for question in _draw_cell(cell, found, draw=draw, uses=uses or {}, taken=taken):
            chosen.append((question, cell))
    chosen.sort(key=lambda pair: pair[1].section)
    return tuple(
        Slot(
            position=position,
            version_id=question.version_id,
            question_id=question.question_id,
            module=question.module,
            points=cell.points,
            section=cell.section,
        )
        for position, (question, cell) in enumerate(chosen, start=1)
    )


def _draw_cell(
    cell: Cell,
    found: Sequence[Candidate],
    *,
    draw: random.Random,
    uses: Mapping[str, int],
    taken: Counter[str],
) -> list[Candidate]:
    """`cell.count` of `found`; counts their points in `taken`."""
    left = list(found)
    draw.shuffle(left)
    chosen = []
    for _ in range(cell.count):
        best = min(left, key=lambda q: (uses.get(q.question_id, 0), taken[q.point]))
        left.remove(best)
        taken[best.point] += 1
        chosen.append(best)
    return chosen
