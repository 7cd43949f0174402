"""Why a plan cannot be met: which cells and rules collide, and by how many questions.

First by counting, which needs no solver and names every short cell. What counting cannot see, an
elastic programme does: every demand may be missed at a price, and what is missed at least is the
answer. The demands that stand in its way are then found by leaving out as many as possible while
the rest still collides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from app.domain.assembly.candidates import Candidate
from app.domain.assembly.demands import Demand, DemandKind, of_cell
from app.domain.assembly.paper_programme import demanded
from app.domain.assembly.programme import Programme
from app.domain.assembly.solving import Limits, Verdict, solve
from app.domain.errors import DomainError, ErrorKind
from app.domain.plans import Cell, ExamPlan
from app.domain.text import N_

_ELASTIC = Limits(gap=0.5, nodes=100, seconds=20)
_FEASIBLE = Limits(gap=1e9, nodes=50, seconds=5)
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Collision:
    """A demand that takes part. missing: questions; 0 for one that only stands in the way.

    needed and available: of a cell and of the pilots; 0 where nothing was counted.
    """

    demand: Demand
    missing: int
    needed: int = 0
    available: int = 0

    @property
    def cell(self) -> Cell | None:
        """The cell, where it is one."""
        return self.demand.cell

    def name(self) -> str:
        """How messages in no language name it."""
        named = self.demand.name if self.cell else f"{self.demand.kind} {self.demand.name}".strip()
        counted = f": {self.available}/{self.needed}" if self.needed else ""
        return f"{named}{counted}" + (f" (−{self.missing})" if self.missing else "")


class PlanNotMet(DomainError):
    """The pool cannot meet the plan; names every cell and rule that collides."""

    def __init__(self, collisions: Sequence[Collision]) -> None:
        cells = "; ".join(found.name() for found in collisions[:_SHOWN])
        sentence = (
            N_("The exam pool is too small for the exam plan. Short cells: %(cells)s")
            if all(found.cell for found in collisions)
            else N_("Cells and rules of the exam plan collide: %(cells)s")
        )
        super().__init__("plan-not-met", sentence, kind=ErrorKind.CONFLICT, cells=cells)
        self.collisions = tuple(collisions)


def counted_collisions(
    plan: ExamPlan, questions: Iterable[Candidate], *, count: int
) -> list[Collision]:
    """What counting alone shows to be short for so many papers."""
    supply: Counter[Cell] = Counter()
    bearers: Counter[str] = Counter()
    pilots = 0
    for question in questions:
        home = question.home(plan)
        if question.is_pilot:
            pilots += home is not None
        elif home is not None:
            supply[home] += 1
            bearers.update(set(question.all_points))
    most = plan.rules.uses_per_question(count)
    found = [
        Collision(of_cell(cell), needed - supply[cell], needed, supply[cell])
        for cell in plan.cells
        if (needed := max(cell.count, -(-cell.count * count // most))) > supply[cell]
    ]
    found += [
        Collision(
            Demand(DemandKind.MUST_APPEAR, point), needed - bearers[point], needed, bearers[point]
        )
        for point in plan.rules.must_appear
        if (needed := -(-count // most)) > bearers[point]
    ]
    needed = max(plan.rules.pilots, -(-plan.rules.pilots * count // most))
    if needed > pilots:
        found.append(Collision(Demand(DemandKind.PILOTS), needed - pilots, needed, pilots))
    return found


def overlap_collisions(
    plan: ExamPlan, supply: Counter[Cell], *, count: int, overlap: int
) -> list[Collision]:
    """The overlap rule is missed although uses are even: by how many, and where more would help."""
    missing = overlap - plan.rules.shared_questions(plan.questions)
    cells = [
        Collision(of_cell(cell), 0, cell.count * count, supply[cell])
        for cell in plan.cells
        if supply[cell] < cell.count * count
    ]
    return [Collision(Demand(DemandKind.OVERLAP), missing), *cells]


def explain(
    plan: ExamPlan, questions: Sequence[Candidate], *, count: int, seed: int
) -> list[Collision]:
    """Which demands collide, those that miss questions first; [] where none was found.

    One paper alone is asked first: what cannot be met once cannot be met several times, and it
    says more plainly why.
    """
    for papers in dict.fromkeys((1, count)):
        programme = demanded(plan, questions, count=papers).programme
        missing = _missing(programme, seed=seed)
        if missing:
            rest = _standing_in_the_way(programme, seed=seed)
            short = [Collision(demand, number) for demand, number in missing.items()]
            return short + [Collision(demand, 0) for demand in rest if demand not in missing]
    return []


def _missing(programme: Programme, *, seed: int) -> dict[Demand, int]:
    """Demand → questions that it misses on the paper that misses most, in the cheapest answer."""
    elastic = Programme(
        [0.0] * len(programme.costs),
        list(programme.lower),
        list(programme.upper),
        list(programme.integer),
    )
    slacks: dict[Demand, list[list[int]]] = {}
    for row in programme.rows:
        if row.demand is None:
            elastic.rows.append(row)
            continue
        more, fewer = elastic.column(1.0), elastic.column(1.0)
        slacks.setdefault(row.demand, []).append([more, fewer])
        stretched = replace(
            row, columns=(*row.columns, more, fewer), values=(*row.values, 1.0, -1.0)
        )
        elastic.rows.append(stretched)
    solution = solve(elastic, seed=seed, limits=_ELASTIC)
    if not solution.values:
        return {}
    most = {
        demand: max(sum(round(solution.values[c]) for c in pair) for pair in pairs)
        for demand, pairs in slacks.items()
    }
    return {demand: number for demand, number in most.items() if number > 0}


def _standing_in_the_way(programme: Programme, *, seed: int) -> list[Demand]:
    """A set of demands that collide, of which none can be left out."""
    left = list(dict.fromkeys(row.demand for row in programme.rows if row.demand))
    size = max(1, len(left) // 2)
    while True:
        start = 0
        while start < len(left):
            tried = left[:start] + left[start + size :]
            if _collide(programme, tried, seed=seed):
                left = tried
            else:
                start += size
        if size == 1:
            return left
        size = max(1, size // 2)


def _collide(programme: Programme, demands: Collection[Demand], *, seed: int) -> bool:
    kept = frozenset(demands)
    part = Programme(
        [0.0] * len(programme.costs),
        programme.lower,
        programme.upper,
        programme.integer,
        [row for row in programme.rows if row.demand is None or row.demand in kept],
    )
    return solve(part, seed=seed, limits=_FEASIBLE).verdict is Verdict.INFEASIBLE
