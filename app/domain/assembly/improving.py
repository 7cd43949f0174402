"""Improves papers piece by piece, where the whole programme was left with a gap.

Each round lets some cells choose anew while all others stay as they are: a small programme that
is solved to its end. What comes out is never worse, and the same seed makes the same rounds.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.assembly.paper_programme import PaperProgramme
from app.domain.assembly.programme import Programme
from app.domain.assembly.solving import Limits, Solution, Verdict, solve
from app.domain.plans import Cell

_PIECE = Limits(gap=0.2, nodes=1, seconds=20)
_COLUMNS = 160
"""About so many 0/1 columns are free in a round."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """How many rounds are made at most, and how many in a row that bring nothing."""

    most: int
    idle: int


def improve(
    made: PaperProgramme, found: Solution, *, rounds: Rounds, seed: int, good_enough: float
) -> Solution:
    """The answer after the rounds. good_enough: the gap at which no further one is made."""
    draw, columns = random.Random(f"improve:{seed}"), _columns(made)
    cells, best = list(columns), found
    all_free = sum(map(len, columns.values()))
    some = max(2, len(cells) * _COLUMNS // max(all_free, 1))
    idle = 0
    for _ in range(rounds.most):
        if best.objective - best.bound <= good_enough or idle >= rounds.idle:
            break
        chosen = frozenset(draw.sample(cells, min(some, len(cells))))
        fixed = [c for cell, found_ in columns.items() if cell not in chosen for c in found_]
        part = _with_fixed(made.programme, fixed, best.values)
        solution = solve(part, seed=seed, limits=_PIECE)
        idle += 1
        if solution.values and solution.objective < best.objective - 1e-9:
            by_clock = best.by_clock or solution.by_clock
            idle = 0
            best = replace(solution, bound=best.bound, by_clock=by_clock, verdict=Verdict.LIMITED)
    return best


def _columns(made: PaperProgramme) -> dict[Cell, list[int]]:
    """The 0/1 columns of each cell's questions; pilots stay where they are."""
    found: dict[Cell, list[int]] = {cell: [] for cell in made.plan.cells}
    for question, papers in made.scored():
        home = question.home(made.plan)
        if home is not None:
            found[home] += sorted({column for columns in papers for column in columns})
    return found


def _with_fixed(programme: Programme, fixed: Sequence[int], values: Sequence[float]) -> Programme:
    lower, upper = list(programme.lower), list(programme.upper)
    for column in fixed:
        lower[column] = upper[column] = values[column]
    return Programme(programme.costs, lower, upper, programme.integer, programme.rows)
