"""A mixed-integer programme, column by column and row by row, before a solver sees it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.domain.assembly.demands import Demand

INFINITY = float("inf")


@dataclass(frozen=True, slots=True)
class Row:
    """lower ≤ Σ value·column ≤ upper. demand: what it is for; None where it only measures."""

    lower: float
    upper: float
    columns: tuple[int, ...]
    values: tuple[float, ...]
    demand: Demand | None = None


@dataclass(slots=True)
class Programme:
    """Minimise Σ cost·column, each column between its bounds, under the rows."""

    costs: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    integer: list[bool] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def column(self, cost: float = 0.0, *, upper: float = INFINITY, integer: bool = False) -> int:
        """Add a column that is at least 0; returns its number."""
        self.costs.append(cost)
        self.lower.append(0.0)
        self.upper.append(upper)
        self.integer.append(integer)
        return len(self.costs) - 1

    def row(
        self,
        terms: Iterable[tuple[int, float]],
        *,
        lower: float = -INFINITY,
        upper: float = INFINITY,
        demand: Demand | None = None,
    ) -> None:
        """Add a row. terms: (column, value)."""
        pairs = tuple(terms)
        columns, values = tuple(c for c, _ in pairs), tuple(v for _, v in pairs)
        self.rows.append(Row(lower, upper, columns, values, demand))
