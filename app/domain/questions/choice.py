"""Questions answered by choosing options: single, multiple and true_false."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from app.domain.questions.body import (
    Answer,
    InvalidAnswer,
    Layout,
    read_known_ids,
    shuffled,
)
from app.domain.questions.kinds import QuestionType
from app.domain.reading import Reader
from app.domain.text import N_, Text

LETTERS = "abcdefghij"


@dataclass(frozen=True, slots=True)
class Option:
    """One option. id: its letter as the author wrote it. fixed: keeps its place when shuffled."""

    id: str
    text: Text
    right: bool
    fixed: bool = False
    feedback: Text | None = None

    def dump(self) -> dict[str, object]:
        """The form that files and the database keep."""
        raw: dict[str, object] = dict(self.text.dump())
        if self.right:
            raw["right"] = True
        if self.fixed:
            raw["fixed"] = True
        if self.feedback:
            raw["feedback"] = self.feedback.dump()
        return raw


@dataclass(frozen=True, slots=True)
class ChoicePrompt:
    """Options as one candidate sees them. several: whether more than one may be chosen."""

    options: tuple[tuple[str, Text], ...]
    several: bool


@dataclass(frozen=True, slots=True)
class _Choice:
    """What single and multiple have in common."""

    options: tuple[Option, ...]

    SCORED_BY_RULE: ClassVar[bool] = True
    BLANK: ClassVar[dict[str, Any]] = {
        "options": [
            {"zh": "", "en": "", "right": False, "fixed": False, "feedback": {"zh": "", "en": ""}}
        ]
    }

    @property
    def key(self) -> frozenset[str]:
        """Ids of the right options."""
        return frozenset(option.id for option in self.options if option.right)

    def key_text(self) -> str:
        """See `Body`."""
        return "".join(option.text.zh for option in self.options if option.right)

    def dump(self) -> dict[str, object]:
        """See `Body`."""
        return {"options": [option.dump() for option in self.options]}

    def arrange(self, draw: random.Random) -> Layout:
        """Shuffle the options that are free; fixed ones (以上都是) keep their place."""
        free = shuffled(tuple(o.id for o in self.options if not o.fixed), draw)
        remaining = iter(free)
        return Layout(order=tuple(o.id if o.fixed else next(remaining) for o in self.options))

    def _prompt(self, layout: Layout, *, several: bool) -> ChoicePrompt:
        by_id = {option.id: option for option in self.options}
        order = layout.order or tuple(by_id)
        return ChoicePrompt(tuple((id_, by_id[id_].text) for id_ in order), several)


@dataclass(frozen=True, slots=True)
class Single(_Choice):
    """One right option among several."""

    TYPE: ClassVar[QuestionType] = QuestionType.SINGLE

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """See `Body`."""
        options = _read_options(reader, least=3)
        right = sum(option.right for option in options)
        if right == 0:
            reader.note("options", N_("no option is marked right"))
        if right > 1:
            reader.note(
                "options", N_("%(count)s options are marked right, one is asked"), count=right
            )
        return cls(options)

    def prompt(self, layout: Layout) -> ChoicePrompt:
        """See `Body`."""
        return self._prompt(layout, several=False)

    def read_answer(self, raw: object) -> Answer | None:
        """An option's id."""
        if raw in (None, ""):
            return None
        if not isinstance(raw, str) or raw not in {option.id for option in self.options}:
            raise InvalidAnswer
        return raw


@dataclass(frozen=True, slots=True)
class Multiple(_Choice):
    """Two or more right options among several."""

    TYPE: ClassVar[QuestionType] = QuestionType.MULTIPLE

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """See `Body`."""
        options = _read_options(reader, least=4)
        right = sum(option.right for option in options)
        if right == 0:
            reader.note("options", N_("no option is marked right"))
        elif right == 1:
            reader.note("options", N_("only one option is marked right; two or more are asked"))
        return cls(options)

    def prompt(self, layout: Layout) -> ChoicePrompt:
        """See `Body`."""
        return self._prompt(layout, several=True)

    def read_answer(self, raw: object) -> Answer | None:
        """A list of option ids, sorted."""
        if raw in (None, []):
            return None
        return sorted(read_known_ids(raw, frozenset(option.id for option in self.options)))


@dataclass(frozen=True, slots=True)
class TrueFalse:
    """A statement that is right or wrong."""

    right: bool

    TYPE: ClassVar[QuestionType] = QuestionType.TRUE_FALSE
    SCORED_BY_RULE: ClassVar[bool] = True
    BLANK: ClassVar[dict[str, Any]] = {"answer": False}

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """See `Body`."""
        return cls(reader.boolean("answer"))

    def key_text(self) -> str:
        """See `Body`."""
        return "正确" if self.right else "错误"

    def dump(self) -> dict[str, object]:
        """See `Body`."""
        return {"answer": self.right}

    def arrange(self, draw: random.Random) -> Layout:
        """Right always stands before wrong."""
        return Layout()

    def prompt(self, layout: Layout) -> None:
        """The stem says it all."""
        return

    def read_answer(self, raw: object) -> Answer | None:
        """true or false, as a boolean or as the word."""
        if raw in (None, ""):
            return None
        if raw is True or raw == "true":
            return True
        if raw is False or raw == "false":
            return False
        raise InvalidAnswer


def _read_options(reader: Reader, *, least: int) -> tuple[Option, ...]:
    options = []
    for letter, item in zip(
        LETTERS, reader.items("options", least=least, most=len(LETTERS)), strict=False
    ):
        option = Option(
            id=letter,
            text=item.own_text(),
            right=item.boolean("right", default=False),
            fixed=item.boolean("fixed", default=False),
            feedback=item.text("feedback") if item.has("feedback") else None,
        )
        item.done()
        options.append(option)
    for language in ("zh", "en"):
        texts = [option.text.to(language).casefold() for option in options]
        for text in sorted({t for t in texts if t and texts.count(t) > 1}):
            reader.note("options", N_("two options read the same: %(text)s"), text=text)
    return tuple(options)
