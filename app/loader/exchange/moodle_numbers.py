"""How Moodle's formats write numbers, shares and the names of questions."""

from __future__ import annotations

import re

from app.domain.questions.formulas import evaluate
from app.domain.questions.numeric import Numeric
from app.domain.questions.question import Question

_PLAIN = re.compile(r"-?\d+(\.\d+)?")
_HEADING = 60


def as_share(share: float) -> str:
    """Percent, with the five decimals by which Moodle knows the shares that it allows."""
    return f"{share:.5f}".rstrip("0").rstrip(".")


def as_number(number: float) -> str:
    """A number exactly."""
    return repr(int(number)) if number == int(number) else repr(number)


def number_without_variables(body: Numeric) -> tuple[str, float]:
    """The answer as a number, and the tolerance as one."""
    value = round(evaluate(body.formula, {}), body.decimals)
    tolerance = body.tolerance * abs(value) if body.relative else body.tolerance
    exact = _PLAIN.fullmatch(body.formula) and float(body.formula) == value
    return (body.formula if exact else as_number(value)), tolerance


def heading(question: Question) -> str:
    """How the stem begins, without pictures and stars: for lists of questions."""
    words = re.sub(r"!\[([^\[\]]*)\]\([^()]*\)", r"\1", question.stem.zh).replace("**", "")
    return " ".join(words.split())[:_HEADING]
