"""What every type of question must be able to do.

A *body* is the part of a question that differs by type. It holds the key, so it never
reaches a candidate; what does is its `prompt`, which has no key in it at all.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, Self

from app.domain.errors import DomainError
from app.domain.questions.kinds import QuestionType
from app.domain.reading import Reader
from app.domain.text import N_

Answer = bool | str | list[str] | dict[str, str]
"""A canonical answer as stored: canonical ids, never positions on a screen."""

LONGEST_ANSWER = 20_000
"""Characters that one answer may have, all its parts together."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How one candidate sees one question: the order of ids, and drawn values.

    Written down when the attempt starts, so that a later release of the program cannot
    change what somebody saw.
    """

    order: tuple[str, ...] = ()
    values: Mapping[str, float] = field(default_factory=dict)

    def dump(self) -> dict[str, object]:
        """The form that the database keeps; empty parts are left out."""
        raw: dict[str, object] = {}
        if self.order:
            raw["order"] = list(self.order)
        if self.values:
            raw["values"] = dict(self.values)
        return raw

    @classmethod
    def load(cls, raw: Mapping[str, object]) -> Self:
        """The inverse of `dump`."""
        order = raw.get("order", ())
        values = raw.get("values", {})
        assert isinstance(order, list | tuple) and isinstance(values, Mapping)
        return cls(order=tuple(order), values=dict(values))


class Body(Protocol):
    """The part of a question that differs by type."""

    TYPE: ClassVar[QuestionType]
    SCORED_BY_RULE: ClassVar[bool]
    BLANK: ClassVar[dict[str, Any]]
    """An empty example of the type's own fields, optional ones too: the editor's form."""

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the type's own fields, noting every problem."""

    def dump(self) -> dict[str, object]:
        """The type's own fields as files and the database keep them."""

    def arrange(self, draw: random.Random) -> Layout:
        """Draw an order (and values) for one candidate."""

    def prompt(self, layout: Layout) -> object:
        """What the candidate may see besides the stem: no key, no hint of it."""

    def key_text(self) -> str:
        """The Chinese words of the key, for telling how alike two questions are."""

    def read_answer(self, raw: object) -> Answer | None:
        """The canonical answer, or None where nothing was answered.

        Raises InvalidAnswer where `raw` cannot be an answer to this question.
        """


class InvalidAnswer(DomainError):
    """What was sent cannot be an answer to this question."""

    def __init__(self) -> None:
        super().__init__("invalid-answer", N_("This answer does not fit the question."))


def read_known_ids(raw: object, known: frozenset[str]) -> list[str]:
    """A list of distinct known ids; raises InvalidAnswer otherwise."""
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        raise InvalidAnswer
    if len(set(raw)) != len(raw) or not known.issuperset(raw):
        raise InvalidAnswer
    return list(raw)


def read_line(raw: object) -> str:
    """A text without surrounding blanks; raises InvalidAnswer otherwise.

    Half an emoji (a lone surrogate), which a browser can send but nothing can store, becomes �.
    """
    if not isinstance(raw, str) or len(raw) > LONGEST_ANSWER or "\x00" in raw:
        raise InvalidAnswer
    return raw.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip()


def shuffled(ids: tuple[str, ...], draw: random.Random) -> tuple[str, ...]:
    """The ids in a drawn order."""
    order = list(ids)
    draw.shuffle(order)
    return tuple(order)
