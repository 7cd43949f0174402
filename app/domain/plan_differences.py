"""What is different between two versions of an exam plan, told cell by cell and rule by rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.plans import Cell, ExamPlan


class Part(StrEnum):
    """Which part of a plan a difference is in."""

    CELL = "cell"
    DIFFICULTY = "difficulty"
    MINUTES = "minutes"
    MUST_APPEAR = "must_appear"
    EXCLUDES = "excludes"
    TOGETHER = "together"
    PILOTS = "pilots"
    MAX_EXPOSURE = "max_exposure"
    MAX_OVERLAP = "max_overlap"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. cell: of a cell alone. old, new: as they read, "" for nothing."""

    part: Part
    old: str
    new: str
    cell: Cell | None = None


def plan_differences(old: ExamPlan, new: ExamPlan) -> list[Change]:
    """Every difference, the cells first."""
    before, after = ({_key(c): c for c in plan.cells} for plan in (old, new))
    changes = [
        Change(
            Part.CELL, _cell(before.get(key)), _cell(after.get(key)), after.get(key) or before[key]
        )
        for key in dict.fromkeys((*before, *after))
        if before.get(key) != after.get(key)
    ]
    pairs = (
        (Part.DIFFICULTY, old.targets.difficulty, new.targets.difficulty),
        (Part.MINUTES, old.targets.minutes, new.targets.minutes),
        (Part.PILOTS, old.rules.pilots or None, new.rules.pilots or None),
        (Part.MAX_EXPOSURE, _percent(old.rules.max_exposure), _percent(new.rules.max_exposure)),
        (Part.MAX_OVERLAP, _percent(old.rules.max_overlap), _percent(new.rules.max_overlap)),
    )
    changes += [
        Change(part, _text(one), _text(other)) for part, one, other in pairs if one != other
    ]
    changes += _of_lists(Part.MUST_APPEAR, old.rules.must_appear, new.rules.must_appear)
    for part, groups, later in (
        (Part.EXCLUDES, old.rules.excludes, new.rules.excludes),
        (Part.TOGETHER, old.rules.together, new.rules.together),
    ):
        changes += _of_lists(part, map(" ".join, groups), map(" ".join, later))
    return changes


def _key(cell: Cell) -> tuple[str, str, str]:
    return cell.module, cell.type.value, cell.level.value if cell.level else ""


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return ""
    section = f" (§{cell.section})" if cell.section > 1 else ""
    return f"{cell.count} × {float(cell.points):g}{section}"


def _percent(share: float) -> str:
    return "" if share >= 1 else f"{share:.0%}"


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _of_lists(part: Part, old: Iterable[str], new: Iterable[str]) -> list[Change]:
    before, after = list(old), list(new)
    gone = [Change(part, one, "") for one in before if one not in after]
    return gone + [Change(part, "", one) for one in after if one not in before]
