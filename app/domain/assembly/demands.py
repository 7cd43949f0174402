"""What a paper has to meet, each named: a cell of the plan, or one of its rules."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.plans import Cell


class DemandKind(StrEnum):
    """What sort of demand it is."""

    CELL = "cell"
    MUST_APPEAR = "must_appear"
    EXCLUDES = "excludes"
    TOGETHER = "together"
    PILOTS = "pilots"
    EXPOSURE = "exposure"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class Demand:
    """One demand. name: the cell's, the point, the questions of the group, or "".

    cell: of a cell alone.
    """

    kind: DemandKind
    name: str = ""
    cell: Cell | None = None


def of_cell(cell: Cell) -> Demand:
    """The demand that a cell of the plan is met exactly."""
    return Demand(DemandKind.CELL, cell.name(), cell)


def of_group(kind: DemandKind, group: tuple[str, ...]) -> Demand:
    """The demand about a group of questions."""
    return Demand(kind, " ".join(group))
