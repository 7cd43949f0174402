"""Questions answered in sentences and marked by a person: short_answer and case."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from app.domain.questions.body import LONGEST_ANSWER, Answer, InvalidAnswer, Layout, read_line
from app.domain.questions.kinds import QuestionType
from app.domain.reading import Reader
from app.domain.text import N_, Text


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """A point that earns marks (采分点): its text, its weight, other wordings by language."""

    text: Text
    weight: float
    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()

    def dump(self) -> dict[str, object]:
        """The form that files and the database keep."""
        raw: dict[str, object] = {**self.text.dump(), "weight": self.weight}
        if self.zh or self.en:
            raw["synonyms"] = {"zh": list(self.zh), "en": list(self.en)}
        return raw


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """A few sentences. any_of: how many key points full marks take ("any N of M")."""

    key_points: tuple[KeyPoint, ...]
    model_answer: Text
    any_of: int

    TYPE: ClassVar[QuestionType] = QuestionType.SHORT_ANSWER
    SCORED_BY_RULE: ClassVar[bool] = False
    BLANK: ClassVar[dict[str, Any]] = {
        "key_points": [
            {"zh": "", "en": "", "weight": 0, "synonyms": {"zh": [], "en": []}},
        ],
        "any_of": 0,
        "model_answer": {"zh": "", "en": ""},
    }

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """See `Body`."""
        points = []
        for item in reader.items("key_points", least=2, most=15):
            text = item.own_text()
            weight = item.number("weight", default=1.0)
            synonyms = item.inner("synonyms")
            zh, en = synonyms.strings("zh", required=False), synonyms.strings("en", required=False)
            synonyms.done()
            item.done()
            points.append(KeyPoint(text, weight, zh, en))
        most = max(len(points), 1)
        return cls(
            key_points=tuple(points),
            model_answer=reader.text("model_answer"),
            any_of=reader.integer("any_of", least=1, most=most, default=most),
        )

    def key_text(self) -> str:
        """See `Body`."""
        return "".join(point.text.zh for point in self.key_points)

    def dump(self) -> dict[str, object]:
        """See `Body`."""
        raw: dict[str, object] = {
            "key_points": [point.dump() for point in self.key_points],
            "model_answer": self.model_answer.dump(),
        }
        if self.any_of != len(self.key_points):
            raw["any_of"] = self.any_of
        return raw

    def arrange(self, draw: random.Random) -> Layout:
        """Nothing to arrange."""
        return Layout()

    def prompt(self, layout: Layout) -> None:
        """The stem says it all."""
        return

    def read_answer(self, raw: object) -> Answer | None:
        """The text."""
        if raw in (None, ""):
            return None
        return read_line(raw) or None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One row of a rubric: what is looked at, and what each level (share of `weight`) is like."""

    name: Text
    weight: float
    levels: tuple[tuple[float, Text], ...]


@dataclass(frozen=True, slots=True)
class CasePart:
    """One task of a case, with a model answer and its rubric."""

    stem: Text
    model_answer: Text
    criteria: tuple[Criterion, ...]

    @property
    def weight(self) -> float:
        """Sum of the criteria's weights."""
        return sum(criterion.weight for criterion in self.criteria)


@dataclass(frozen=True, slots=True)
class Case:
    """A situation (the stem) with several tasks."""

    parts: tuple[CasePart, ...]

    TYPE: ClassVar[QuestionType] = QuestionType.CASE
    SCORED_BY_RULE: ClassVar[bool] = False
    BLANK: ClassVar[dict[str, Any]] = {
        "parts": [
            {
                "stem": {"zh": "", "en": ""},
                "model_answer": {"zh": "", "en": ""},
                "criteria": [
                    {
                        "name": {"zh": "", "en": ""},
                        "weight": 0,
                        "levels": [{"share": 0.0, "zh": "", "en": ""}],
                    }
                ],
            }
        ]
    }

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """See `Body`."""
        parts = []
        for item in reader.items("parts", least=2, most=6):
            parts.append(
                CasePart(
                    stem=item.text("stem"),
                    model_answer=item.text("model_answer"),
                    criteria=tuple(
                        _read_criterion(row) for row in item.items("criteria", least=1, most=8)
                    ),
                )
            )
            item.done()
        return cls(tuple(parts))

    def key_text(self) -> str:
        """See `Body`."""
        return "".join(part.stem.zh for part in self.parts)

    def dump(self) -> dict[str, object]:
        """See `Body`."""
        return {
            "parts": [
                {
                    "stem": part.stem.dump(),
                    "model_answer": part.model_answer.dump(),
                    "criteria": [
                        {
                            "name": row.name.dump(),
                            "weight": row.weight,
                            "levels": [
                                {"share": share, **text.dump()} for share, text in row.levels
                            ],
                        }
                        for row in part.criteria
                    ],
                }
                for part in self.parts
            ]
        }

    def arrange(self, draw: random.Random) -> Layout:
        """The parts of a case build on each other: they keep their order."""
        return Layout()

    def prompt(self, layout: Layout) -> tuple[tuple[str, Text], ...]:
        """(number, task) of each part."""
        return tuple((str(n), part.stem) for n, part in enumerate(self.parts, start=1))

    def read_answer(self, raw: object) -> Answer | None:
        """Part number → text."""
        if raw in (None, {}):
            return None
        known = {str(n) for n in range(1, len(self.parts) + 1)}
        if not isinstance(raw, dict) or not known.issuperset(raw):
            raise InvalidAnswer
        texts = {number: read_line(raw[number]) for number in sorted(raw)}
        if sum(map(len, texts.values())) > LONGEST_ANSWER:
            raise InvalidAnswer
        return {number: text for number, text in texts.items() if text} or None


def _read_criterion(row: Reader) -> Criterion:
    levels = []
    for item in row.items("levels", least=2, most=6):
        share = item.number("share")
        if not 0 <= share <= 1:
            item.note("share", N_("must be between %(least)s and %(most)s"), least=0, most=1)
        levels.append((share, item.own_text()))
        item.done()
    criterion = Criterion(row.text("name"), row.number("weight"), tuple(levels))
    if criterion.weight <= 0:
        row.note("weight", N_("must be more than 0"))
    if levels and max(share for share, _ in levels) != 1:
        row.note("levels", N_("the best level must be worth 1"))
    row.done()
    return criterion
