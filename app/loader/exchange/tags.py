"""What other programs have no field for, as tags ("level:apply") that are read back."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.questions.choice import Multiple, Single
from app.domain.questions.fill_in import FillIn
from app.domain.questions.kinds import Level, Pool
from app.domain.questions.numeric import Numeric
from app.domain.questions.question import Question
from app.domain.text import Text
from app.loader.exchange.escaping import escaped_lines
from app.loader.exchange.moodle_numbers import number_without_variables

LONGEST_TAG = 50
"""Characters after which Moodle cuts a tag."""

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_CATEGORY = re.compile(rf"Qijue/({'|'.join(Pool)})$")
_EXTRA = frozenset({"fixed", "blanks", "decimals", "relative_tolerance", "formula", "step"})
_HEAD = {
    "level": re.compile("|".join(Level)),
    "pool": re.compile("|".join(Pool)),
    "difficulty": re.compile("[1-5]"),
    "source": re.compile(".+", flags=re.DOTALL),
}
_FLAGS = frozenset({"interchangeable", "markdown", "unit:both"})


@dataclass(frozen=True, slots=True)
class Tags:
    """Tags as found.

    raw: what they say of the question itself. extra: the rest of ours by key, for the type that
    knows it. flags: ours without a value. unknown: tags that are not ours.
    """

    raw: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, list[str]] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()

    def first(self, key: str) -> str:
        """The value of an extra tag, or ""."""
        return next(iter(self.extra.get(key, ())), "")

    def number(self, key: str) -> float | None:
        """The value of an extra tag as a number, where it is one."""
        try:
            number = float(self.first(key))
        except ValueError:
            return None
        return number if math.isfinite(number) else None


def tags_of(question: Question, *, plain: Sequence[Text] = ()) -> list[str]:
    """Everything that makes reading the question back exact.

    plain: texts that stand in a field of the format that is read as plain text.
    """
    tags = [f"point:{point}" for point in question.points]
    tags += [
        f"level:{question.level}",
        f"difficulty:{question.difficulty}",
        f"pool:{question.pool}",
        f"source:{question.source}",
    ]
    body = question.body
    if isinstance(body, Single | Multiple):
        tags += _tags_of_options(body)
    if isinstance(body, FillIn):
        tags.append("blanks:" + ",".join(f"{len(b.zh)}+{len(b.en)}" for b in body.blanks))
        tags += ["interchangeable"] if body.interchangeable else []
    if isinstance(body, Numeric):
        tags += _tags_of_number(body)
    if any(escaped_lines(one) != one for text in plain for one in (text.zh, text.en)):
        tags.append("markdown")
    return tags


def read_tags(tags: Sequence[str]) -> Tags:
    """Our tags told from others."""
    raw: dict[str, Any] = {}
    extra: dict[str, list[str]] = {}
    flags, unknown = set(), []
    for tag in (tag.strip() for tag in tags):
        key, _, value = tag.partition(":")
        key, value = key.strip().casefold(), value.strip()
        if key == "point" and value:
            raw.setdefault("points", []).append(value)
        elif tag in _FLAGS:
            flags.add(tag)
        elif key in _EXTRA and value:
            extra.setdefault(key, []).append(value)
        elif key in _HEAD and _HEAD[key].fullmatch(value):
            raw[key] = int(value) if key == "difficulty" else value
        elif tag:
            unknown.append(tag)
    return Tags(raw, extra, frozenset(flags), tuple(dict.fromkeys(unknown)))


def category_of(pool: Pool) -> str:
    """The category under which our export puts the questions of a pool."""
    return f"$course$/top/Qijue/{pool}"


def pool_of(category: str) -> str:
    """The pool of a category of our own export; "" for any other."""
    ours = _CATEGORY.search(category)
    return ours[1] if ours else ""


def _tags_of_options(body: Single | Multiple) -> list[str]:
    fixed = "".join(option.id for option in body.options if option.fixed)
    return [f"fixed:{fixed}"] if fixed else []


def _tags_of_number(body: Numeric) -> list[str]:
    tags = [f"decimals:{body.decimals}"]
    if not body.variables and number_without_variables(body)[0] != body.formula:
        tags.append(f"formula:{body.formula}")
    if not body.variables and body.relative:
        tags.append(f"relative_tolerance:{body.tolerance!r}")
    tags += [f"step:{v.name}={v.step!r}" for v in body.variables]
    if body.unit and body.unit.zh == body.unit.en and _CHINESE.search(body.unit.zh):
        tags.append("unit:both")
    return tags
