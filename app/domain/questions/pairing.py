"""Questions answered by putting things together or in order: matching and ordering.

Ids are dealt by a hash of the text, so that neither an id nor its place in a list says
anything about the key.
"""

from __future__ import annotations

import hashlib
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


@dataclass(frozen=True, slots=True)
class MatchingPrompt:
    """Left entries in the author's order, right ones as drawn."""

    left: tuple[tuple[str, Text], ...]
    right: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class Matching:
    """Entries on the left, each with its partner on the right; distractors have none."""

    pairs: tuple[tuple[Text, Text], ...]
    distractors: tuple[Text, ...] = ()

    TYPE: ClassVar[QuestionType] = QuestionType.MATCHING
    SCORED_BY_RULE: ClassVar[bool] = True
    BLANK: ClassVar[dict[str, Any]] = {
        "pairs": [{"left": {"zh": "", "en": ""}, "right": {"zh": "", "en": ""}}],
        "distractors": [{"zh": "", "en": ""}],
    }

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """See `Body`."""
        pairs = []
        for item in reader.items("pairs", least=3, most=10):
            pairs.append((item.text("left"), item.text("right")))
            item.done()
        distractors = []
        for item in reader.items("distractors", most=5):
            distractors.append(item.own_text())
            item.done()
        _refuse_twins(reader, "pairs", [left for left, _ in pairs])
        _refuse_twins(reader, "pairs", [*(right for _, right in pairs), *distractors])
        return cls(tuple(pairs), tuple(distractors))

    @property
    def key(self) -> dict[str, str]:
        """Left id → right id."""
        rights = {text: id_ for id_, text in self._right()}
        return {str(n): rights[right] for n, (_, right) in enumerate(self.pairs, start=1)}

    def key_text(self) -> str:
        """See `Body`."""
        return "".join(left.zh + right.zh for left, right in self.pairs)

    def dump(self) -> dict[str, object]:
        """See `Body`."""
        raw: dict[str, object] = {
            "pairs": [{"left": left.dump(), "right": right.dump()} for left, right in self.pairs]
        }
        if self.distractors:
            raw["distractors"] = [text.dump() for text in self.distractors]
        return raw

    def arrange(self, draw: random.Random) -> Layout:
        """Shuffle the right side."""
        return Layout(order=shuffled(tuple(id_ for id_, _ in self._right()), draw))

    def prompt(self, layout: Layout) -> MatchingPrompt:
        """See `Body`."""
        rights = dict(self._right())
        return MatchingPrompt(
            left=tuple((str(n), left) for n, (left, _) in enumerate(self.pairs, start=1)),
            right=tuple((id_, rights[id_]) for id_ in layout.order or rights),
        )

    def read_answer(self, raw: object) -> Answer | None:
        """Left id → right id, for as many as were matched."""
        if raw in (None, {}):
            return None
        if not isinstance(raw, dict):
            raise InvalidAnswer
        rights = {id_ for id_, _ in self._right()}
        chosen = {left: right for left, right in raw.items() if right not in (None, "")}
        lefts = {str(n) for n in range(1, len(self.pairs) + 1)}
        if not lefts.issuperset(chosen) or not all(
            isinstance(right, str) and right in rights for right in chosen.values()
        ):
            raise InvalidAnswer
        return {left: chosen[left] for left in sorted(chosen)} or None

    def _right(self) -> list[tuple[str, Text]]:
        return _deal([*(right for _, right in self.pairs), *self.distractors])


@dataclass(frozen=True, slots=True)
class Ordering:
    """Entries to be put in order; the file lists them in the right one."""

    items: tuple[Text, ...]

    TYPE: ClassVar[QuestionType] = QuestionType.ORDERING
    SCORED_BY_RULE: ClassVar[bool] = True
    BLANK: ClassVar[dict[str, Any]] = {"items": [{"zh": "", "en": ""}]}

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """See `Body`."""
        items = []
        for item in reader.items("items", least=3, most=10):
            items.append(item.own_text())
            item.done()
        _refuse_twins(reader, "items", items)
        return cls(tuple(items))

    @property
    def key(self) -> tuple[str, ...]:
        """Ids in the right order."""
        ids = {text: id_ for id_, text in _deal(list(self.items))}
        return tuple(ids[text] for text in self.items)

    def key_text(self) -> str:
        """See `Body`."""
        return "".join(item.zh for item in self.items)

    def dump(self) -> dict[str, object]:
        """See `Body`."""
        return {"items": [text.dump() for text in self.items]}

    def arrange(self, draw: random.Random) -> Layout:
        """Draw an order that is not the right one: nobody passes by touching nothing."""
        key = self.key
        order = shuffled(key, draw)
        while order == key and len(set(key)) > 1:
            order = shuffled(key, draw)
        return Layout(order=order)

    def prompt(self, layout: Layout) -> tuple[tuple[str, Text], ...]:
        """(id, text) in the drawn order."""
        texts = dict(_deal(list(self.items)))
        return tuple((id_, texts[id_]) for id_ in layout.order or texts)

    def read_answer(self, raw: object) -> Answer | None:
        """All ids in the chosen order."""
        if raw in (None, []):
            return None
        ids = read_known_ids(raw, frozenset(self.key))
        if len(ids) != len(self.items):
            raise InvalidAnswer
        return ids


def _deal(texts: list[Text]) -> list[tuple[str, Text]]:
    by_hash = sorted(texts, key=lambda text: hashlib.sha256(text.zh.encode()).digest())
    return [(f"r{number}", text) for number, text in enumerate(by_hash, start=1)]


def _refuse_twins(reader: Reader, key: str, texts: list[Text]) -> None:
    for language in ("zh", "en"):
        seen = [text.to(language).casefold() for text in texts]
        for text in sorted({t for t in seen if t and seen.count(t) > 1}):
            reader.note(key, N_("two entries read the same: %(text)s"), text=text)
