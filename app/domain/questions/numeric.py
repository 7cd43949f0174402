"""Numeric questions: a formula over drawn variables, a tolerance and a unit."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from app.domain.questions.body import Answer, InvalidAnswer, Layout, read_line
from app.domain.questions.formulas import LONGEST_FORMULA, FormulaError, evaluate
from app.domain.questions.kinds import QuestionType
from app.domain.reading import Reader
from app.domain.text import N_, Text

TRIED_DRAWS = 200
"""Draws of the variables for which a formula is worked out before it is accepted."""

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_FOLD = str.maketrans("０１２３４５６７８９．－−＋，　", "0123456789.--+, ")


@dataclass(frozen=True, slots=True)
class Variable:
    """A value drawn for each candidate: from `least` to `most` in steps of `step`."""

    name: str
    least: float
    most: float
    step: float

    def draw(self, draw: random.Random) -> float:
        """One of the values."""
        steps = int((self.most - self.least) / self.step + 1e-9)
        return round(self.least + self.step * draw.randint(0, steps), 10)


@dataclass(frozen=True, slots=True)
class NumericPrompt:
    """The unit asked for, and the drawn values that the stem's {name} places show."""

    unit: Text | None
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class Numeric:
    """A number to work out. formula: over the variables; tolerance: absolute, or a share of it."""

    formula: str
    variables: tuple[Variable, ...] = ()
    tolerance: float = 0.0
    relative: bool = False
    unit: Text | None = None
    decimals: int = 2

    TYPE: ClassVar[QuestionType] = QuestionType.NUMERIC
    SCORED_BY_RULE: ClassVar[bool] = True
    BLANK: ClassVar[dict[str, Any]] = {
        "answer": "",
        "variables": [{"name": "", "least": 0, "most": 0, "step": 0}],
        "tolerance": 0.0,
        "relative_tolerance": 0.0,
        "unit": {"zh": "", "en": ""},
        "decimals": 0,
    }

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """See `Body`."""
        variables = []
        for item in reader.items("variables", most=8):
            variable = Variable(
                name=item.string("name", longest=20),
                least=item.number("least"),
                most=item.number("most"),
                step=item.number("step"),
            )
            if variable.step <= 0 or variable.most < variable.least:
                item.note("", N_("needs a positive step, and most not under least"))
            else:
                variables.append(variable)
            item.done()
        relative = reader.has("relative_tolerance")
        allowance = "relative_tolerance" if relative else "tolerance"
        tolerance = reader.number(allowance, default=0.0)
        if tolerance < 0:
            reader.note(allowance, N_("must be between %(least)s and %(most)s"), least=0, most="∞")
        body = cls(
            formula=reader.string("answer", longest=LONGEST_FORMULA),
            variables=tuple(variables),
            tolerance=tolerance,
            relative=relative and tolerance != 0,
            unit=reader.text("unit") if reader.has("unit") else None,
            decimals=reader.integer("decimals", least=0, most=6, default=2),
        )
        if len(body.formula) <= LONGEST_FORMULA:  # the other is told already
            _check_formula(reader, body)
        return body

    def key_text(self) -> str:
        """See `Body`."""
        return self.formula

    def dump(self) -> dict[str, object]:
        """See `Body`."""
        raw: dict[str, object] = {"answer": self.formula}
        if self.variables:
            raw["variables"] = [
                {"name": v.name, "least": v.least, "most": v.most, "step": v.step}
                for v in self.variables
            ]
        if self.tolerance:
            raw["relative_tolerance" if self.relative else "tolerance"] = self.tolerance
        if self.unit:
            raw["unit"] = self.unit.dump()
        if self.decimals != 2:
            raw["decimals"] = self.decimals
        return raw

    def arrange(self, draw: random.Random) -> Layout:
        """Draw the variables."""
        return Layout(values={v.name: v.draw(draw) for v in self.variables})

    def prompt(self, layout: Layout) -> NumericPrompt:
        """See `Body`."""
        return NumericPrompt(self.unit, dict(layout.values))

    def expected(self, layout: Layout) -> float:
        """The right number for the drawn values, rounded to the asked decimals."""
        return round(evaluate(self.formula, layout.values), self.decimals)

    def read_answer(self, raw: object) -> Answer | None:
        """The number as typed; full width digits, thousands separators and a unit are let pass."""
        if raw in (None, ""):
            return None
        return read_line(raw) or None


def read_number(typed: str) -> float:
    """The number in what somebody typed; raises InvalidAnswer where there is none."""
    match = _NUMBER.match(typed.translate(_FOLD).replace(",", "").strip().lstrip("¥￥$ "))
    if match is None:
        raise InvalidAnswer
    return float(match.group())


def _check_formula(reader: Reader, body: Numeric) -> None:
    """Work the formula out at both ends of every variable and for many draws between them."""
    draw = random.Random(0)
    tries = [
        {v.name: v.least for v in body.variables},
        {v.name: v.most for v in body.variables},
        *({v.name: v.draw(draw) for v in body.variables} for _ in range(TRIED_DRAWS)),
    ]
    try:
        for values in tries if body.variables else tries[:1]:
            evaluate(body.formula, values)
    except FormulaError as error:
        reader.note("answer", N_("cannot be worked out: %(reason)s"), reason=str(error))
