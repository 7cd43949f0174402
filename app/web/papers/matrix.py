"""The plan as a form: modules down, kinds of question across, a count in each cell.

A column is one kind: type, level, points and section. Whatever was typed stays as it was typed,
so that a wrong entry can be shown again with what is wrong about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from app.domain.plans import ExamPlan
from app.domain.problems import Problems
from app.domain.reading import Reader

MOST_COLUMNS = 24
MOST_ROWS = 24
_RULES = ("must_appear", "excludes", "together")


@dataclass(slots=True)
class Column:
    """One kind of question, as typed."""

    type: str = "single"
    level: str = ""
    points: str = "1"
    section: str = "1"


@dataclass(slots=True)
class Matrix:
    """counts: (row, column) → as typed. beside: targets and rules, as typed."""

    columns: list[Column] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)
    counts: dict[tuple[int, int], str] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_plan(cls, plan: ExamPlan) -> Self:
        """The form that shows a plan."""
        kinds = dict.fromkeys((c.type, c.level, c.points, c.section) for c in plan.cells)
        places = {kind: number for number, kind in enumerate(kinds)}
        modules = list(dict.fromkeys(cell.module for cell in plan.cells))
        rules, targets = plan.rules, plan.targets
        return cls(
            columns=[
                Column(type.value, level.value if level else "", _number(points), str(section))
                for type, level, points, section in kinds
            ],
            modules=modules,
            counts={
                (modules.index(c.module), places[c.type, c.level, c.points, c.section]): str(
                    c.count
                )
                for c in plan.cells
            },
            beside={
                "difficulty": _number(targets.difficulty),
                "minutes": _number(targets.minutes),
                "pilots": str(rules.pilots or ""),
                "max_exposure": _percent(rules.max_exposure),
                "max_overlap": _percent(rules.max_overlap),
                "must_appear": " ".join(rules.must_appear),
                "excludes": "\n".join(map(" ".join, rules.excludes)),
                "together": "\n".join(map(" ".join, rules.together)),
            },
        )

    @classmethod
    def of_form(cls, form: Mapping[str, str]) -> Self:
        """What was typed."""
        columns = range(_bounded(form.get("columns", ""), MOST_COLUMNS))
        rows = range(_bounded(form.get("rows", ""), MOST_ROWS))
        names = ("difficulty", "minutes", "pilots", "max_exposure", "max_overlap", *_RULES)
        return cls(
            columns=[
                Column(*(_typed(form, f"{part}-{c}") for part in ("type", "level", "points")))
                if f"section-{c}" not in form
                else Column(
                    *(_typed(form, f"{p}-{c}") for p in ("type", "level", "points", "section"))
                )
                for c in columns
            ],
            modules=[_typed(form, f"module-{r}") for r in rows],
            counts={
                (r, c): value
                for r in rows
                for c in columns
                if (value := _typed(form, f"count-{r}-{c}"))
            },
            beside={name: _typed(form, name, most=20_000) for name in names},
        )

    def plan(self, problems: Problems) -> ExamPlan:
        """The plan that the form says; what is wrong with it is noted."""
        raw: dict[str, Any] = {
            "cells": [
                {
                    "module": self.modules[r],
                    "type": self.columns[c].type,
                    **({"level": self.columns[c].level} if self.columns[c].level else {}),
                    "count": _whole(count),
                    "points": _float(self.columns[c].points),
                    "section": _whole(self.columns[c].section),
                }
                for (r, c), count in sorted(self.counts.items())
                if _whole(count) != 0
            ],
            "targets": self._given({"difficulty": _float, "minutes": _float}),
            "rules": {
                **self._given({"pilots": _whole, "max_exposure": _share, "max_overlap": _share}),
                "must_appear": self.beside.get("must_appear", "").replace(",", " ").split(),
                "excludes": _lines(self.beside.get("excludes", "")),
                "together": _lines(self.beside.get("together", "")),
            },
        }
        return ExamPlan.read_at(Reader({"plan": raw}, place="", problems=problems), "plan")

    def add_column(self) -> None:
        """One more kind, like the last one."""
        if len(self.columns) < MOST_COLUMNS:
            last = self.columns[-1] if self.columns else Column()
            self.columns.append(Column(last.type, last.level, last.points, last.section))

    def add_row(self) -> None:
        """One more module, not chosen yet."""
        if len(self.modules) < MOST_ROWS:
            self.modules.append("")

    def drop_column(self, gone: int) -> None:
        """Take a kind away with its counts."""
        if 0 <= gone < len(self.columns):
            del self.columns[gone]
            self.counts = {
                (r, c - (c > gone)): count for (r, c), count in self.counts.items() if c != gone
            }

    def drop_row(self, gone: int) -> None:
        """Take a module away with its counts."""
        if 0 <= gone < len(self.modules):
            del self.modules[gone]
            self.counts = {
                (r - (r > gone), c): count for (r, c), count in self.counts.items() if r != gone
            }

    def questions_of_row(self, row: int) -> int:
        """Questions of a module."""
        return sum(_count(n) for (r, _), n in self.counts.items() if r == row)

    def questions_of_column(self, column: int) -> int:
        """Questions of a kind."""
        return sum(_count(n) for (_, c), n in self.counts.items() if c == column)

    def points_of_row(self, row: int) -> float:
        """Points of a module."""
        return sum(
            _count(n) * _worth(self.columns[c]) for (r, c), n in self.counts.items() if r == row
        )

    def points_of_column(self, column: int) -> float:
        """Points of a kind."""
        return self.questions_of_column(column) * _worth(self.columns[column])

    @property
    def questions(self) -> int:
        """All questions."""
        return sum(map(self.questions_of_row, range(len(self.modules))))

    @property
    def points(self) -> float:
        """All points."""
        return sum(map(self.points_of_row, range(len(self.modules))))

    def _given(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: convert(self.beside[name])
            for name, convert in fields.items()
            if self.beside.get(name)
        }


def _typed(form: Mapping[str, str], name: str, *, most: int = 40) -> str:
    return form.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()[:most]


def _bounded(text: str, most: int) -> int:
    return min(int(text[:3]), most) if text.isdecimal() else 0


def _whole(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdecimal() else text


def _float(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _share(text: str) -> float | str:
    value = _float(text.removesuffix("%").strip())
    return value if isinstance(value, str) else value / 100


def _count(text: str) -> int:
    value = _whole(text)
    return value if isinstance(value, int) else 0


def _worth(column: Column) -> float:
    value = _float(column.points)
    return value if isinstance(value, float) and 0 <= value <= 1000 else 0.0


def _lines(text: str) -> list[str]:
    return [line.replace(",", " ") for line in text.splitlines() if line.strip()]


def _number(value: Any) -> str:
    return "" if value is None else f"{float(value):g}"


def _percent(share: float) -> str:
    return "" if share >= 1 else f"{share * 100:g}"
