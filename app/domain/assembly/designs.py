"""Designs: how papers share the questions of cells that have too few for all of them.

A cell that needs 4 questions on each of 6 papers and has 12 uses each of them twice. Which two
papers it is decides how much any two papers have in common. A design says how many questions of
a cell take which pattern (a set of papers), so that every cell is met, uses are even, and the
largest overlap of two papers is the smallest there is. Which question takes which pattern is
decided later, for the sake of difficulty, time and points.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

from app.domain.assembly.programme import Programme
from app.domain.assembly.solving import Limits, solve
from app.domain.plans import Cell

Pattern: TypeAlias = tuple[int, ...]
"""The papers that a question stands on, ascending."""

MOST_PATTERNS = 60
"""Patterns of one size that are offered to a cell; with many papers they are drawn."""


@dataclass(frozen=True, slots=True)
class Design:
    """patterns: of each cell, how many questions take which. shared: pair of papers → questions."""

    patterns: Mapping[Cell, Mapping[Pattern, int]]
    shared: Mapping[tuple[int, int], int]

    @property
    def largest_overlap(self) -> int:
        """Questions that the two papers share which share most."""
        return max(self.shared.values(), default=0)


def make_design(supply: Mapping[Cell, int], *, count: int, seed: int) -> Design | None:
    """The design with the smallest largest overlap; None where none was found.

    supply: questions of each cell, at least as many as one paper needs.
    """
    single = {cell: _singles(cell, count) for cell in supply if supply[cell] >= cell.count * count}
    scarce = {cell: n for cell, n in supply.items() if cell not in single}
    shared = dict.fromkeys(combinations(range(count), 2), 0)
    if not scarce:
        return Design(single, shared)
    found = _spread(scarce, count=count, seed=seed)
    if found is None:
        return None
    for patterns in found.values():
        for pattern, times in patterns.items():
            for pair in combinations(pattern, 2):
                shared[pair] += times
    return Design({**single, **found}, shared)


def _singles(cell: Cell, count: int) -> dict[Pattern, int]:
    return {(paper,): cell.count for paper in range(count)}


def _spread(
    scarce: Mapping[Cell, int], *, count: int, seed: int
) -> dict[Cell, dict[Pattern, int]] | None:
    """An integer programme: how many questions take each pattern."""
    programme, draw = Programme(), random.Random(f"design:{seed}")
    largest = programme.column(1.0)
    columns: dict[Cell, dict[Pattern, int]] = {}
    for cell, available in scarce.items():
        least, more = divmod(cell.count * count, available)
        offered = columns[cell] = {}
        for size, questions in ((least, available - more), (least + 1, more)):
            if not questions:
                continue
            for pattern in _offered(count, size, draw):
                offered[pattern] = programme.column(upper=questions, integer=True)
            of_size = [(column, 1.0) for p, column in offered.items() if len(p) == size]
            programme.row(of_size, lower=questions, upper=questions)
        for paper in range(count):
            on_it = [(column, 1.0) for p, column in offered.items() if paper in p]
            programme.row(on_it, lower=cell.count, upper=cell.count)
    for one, other in combinations(range(count), 2):
        both = [
            (column, 1.0)
            for offered in columns.values()
            for p, column in offered.items()
            if one in p and other in p
        ]
        programme.row([*both, (largest, -1.0)], upper=0)
    solution = solve(programme, seed=seed, limits=Limits(gap=0.999, nodes=200, seconds=10))
    if not solution.values:
        return None
    return {
        cell: {p: int(solution.values[c]) for p, c in offered.items() if solution.values[c]}
        for cell, offered in columns.items()
    }


def _offered(count: int, size: int, draw: random.Random) -> list[Pattern]:
    """All patterns of a size; of too many some, and every turn of the first among them."""
    every = list(combinations(range(count), size))
    if len(every) <= MOST_PATTERNS:
        return every
    turns = {tuple(sorted((start + k) % count for k in range(size))) for start in range(count)}
    return sorted(turns | set(draw.sample(every, MOST_PATTERNS - len(turns))))
