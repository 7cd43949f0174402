"""Exam plans (双向细目表): how many questions of which kind a paper needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from app.domain.plan_rules import NO_RULES, NO_TARGETS, PlanRules, Targets
from app.domain.problems import Problems
from app.domain.questions.kinds import Level, QuestionType
from app.domain.reading import Reader
from app.domain.text import N_

MOST_CELLS = 300


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `count` questions of `points` each.

    level None: any level. section: in which section of a one-way exam they stand, from 1.
    """

    module: str
    type: QuestionType
    level: Level | None
    count: int
    points: Fraction
    section: int = 1

    def admits(self, *, module: str, type: QuestionType, level: Level) -> bool:
        """Whether a question of these marks fits the cell."""
        return self.module == module and self.type is type and self.level in (None, level)

    def name(self) -> str:
        """How messages name the cell."""
        return f"{self.module} × {self.level or '*'} × {self.type}"


@dataclass(frozen=True, slots=True)
class ExamPlan:
    """All cells of an exam with its targets and rules. Cells never overlap."""

    cells: tuple[Cell, ...]
    targets: Targets = NO_TARGETS
    rules: PlanRules = NO_RULES

    @property
    def modules(self) -> frozenset[str]:
        """Modules that a paper asks about."""
        return frozenset(cell.module for cell in self.cells)

    @property
    def questions(self) -> int:
        """How many questions a paper has."""
        return sum(cell.count for cell in self.cells)

    @property
    def total(self) -> Fraction:
        """Points of a whole paper."""
        return sum((cell.count * cell.points for cell in self.cells), Fraction(0))

    @classmethod
    def read_at(cls, reader: Reader, key: str) -> Self:
        """Read the plan at `key`: a list of cells, or {cells, targets, rules}."""
        if not isinstance(reader.raw.get(key), Mapping):
            return cls.read(reader.items(key, least=1, most=MOST_CELLS))
        whole = reader.inner(key)
        plan = cls(
            cls.read(whole.items("cells", least=1, most=MOST_CELLS)).cells,
            Targets.read(whole.inner("targets")),
            PlanRules.read(whole.inner("rules")),
        )
        whole.done()
        return plan

    @classmethod
    def load(cls, raw: object) -> Self:
        """A plan that was checked before it was stored; raises ValueError for a broken one."""
        problems = Problems()
        plan = cls.read_at(Reader({"plan": raw}, place="", problems=problems), "plan")
        if problems:
            raise ValueError("; ".join(map(str, problems)))
        return plan

    @classmethod
    def read(cls, items: Iterable[Reader]) -> Self:
        """Read cells alone, noting those that overlap."""
        cells: list[Cell] = []
        for item in items:
            cell = Cell(
                module=item.string("module", longest=40),
                type=item.member("type", QuestionType),
                level=item.member("level", Level) if item.has("level") else None,
                count=item.integer("count", least=1, most=500),
                points=Fraction(item.number("points")).limit_denominator(100),
                section=item.integer("section", least=1, most=9) if item.has("section") else 1,
            )
            item.done()
            if cell.points <= 0:
                item.note("points", N_("must be more than 0"))
            if any(_overlap(cell, other) for other in cells):
                item.note("", N_("overlaps with an earlier cell: %(cell)s"), cell=cell.name())
            cells.append(cell)
        return cls(tuple(cells))

    def dump(self) -> list[dict[str, object]] | dict[str, object]:
        """The form that files and the database keep: the cells, with what is asked beside them."""
        beside = {"targets": self.targets.dump(), "rules": self.rules.dump()}
        given = {name: value for name, value in beside.items() if value}
        return {"cells": self._cells(), **given} if given else self._cells()

    def _cells(self) -> list[dict[str, object]]:
        return [
            {
                "module": cell.module,
                "type": cell.type.value,
                "count": cell.count,
                "points": float(cell.points),
                **({"level": cell.level.value} if cell.level else {}),
                **({"section": cell.section} if cell.section > 1 else {}),
            }
            for cell in self.cells
        ]


def _overlap(one: Cell, other: Cell) -> bool:
    return (
        one.module == other.module
        and one.type is other.type
        and (one.level is None or other.level is None or one.level is other.level)
    )
