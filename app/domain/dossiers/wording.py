"""A question in words, as one candidate saw it, and an answer to it: one wording per type.

For people who read a dossier or a receipt; nothing is decided by it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from app.domain.questions.body import Layout
from app.domain.questions.choice import LETTERS, Multiple, Single, TrueFalse
from app.domain.questions.fill_in import FillIn
from app.domain.questions.kinds import QuestionType
from app.domain.questions.numeric import Numeric
from app.domain.questions.pairing import Matching, Ordering
from app.domain.questions.question import Question
from app.domain.questions.written import Case, ShortAnswer
from app.domain.text import Text

Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Speech:
    """How to put things: the language, and the words for right and wrong statements."""

    language: str
    right: str
    wrong: str

    def of(self, text: Text) -> str:
        """The text in the reader's language."""
        return text.to(self.language)


@dataclass(frozen=True, slots=True)
class Wording:
    """One question in lines. shown: what stood below the stem, in the order in which it stood.

    answer: what was answered, () for nothing. key: what is right, () where a person marks.
    """

    stem: str
    shown: Lines
    answer: Lines
    key: Lines


_Parts = tuple[Lines, Lines, Lines]
_Words = Callable[[Any, Layout, Any, Speech], _Parts]


def wording(question: Question, layout: Layout, answer: Any, speech: Speech) -> Wording:
    """The question as it was shown with this layout, and the answer in words."""
    stem = speech.of(question.stem)
    for name, number in layout.values.items():
        stem = stem.replace("{" + name + "}", f"{number:g}")
    words = WORDINGS.get(question.type, _as_stored)
    shown, answered, key = words(question.body, layout, answer, speech)
    return Wording(stem, shown, answered, key)


def _choice(body: Single | Multiple, layout: Layout, answer: Any, speech: Speech) -> _Parts:
    lines = {
        id_: f"{letter.upper()}. {speech.of(text)}"
        for letter, (id_, text) in zip(LETTERS, body.prompt(layout).options, strict=False)
    }
    chosen = [answer] if isinstance(answer, str) else answer or []
    return (
        tuple(lines.values()),
        tuple(line for id_, line in lines.items() if id_ in chosen),
        tuple(line for id_, line in lines.items() if id_ in body.key),
    )


def _true_false(body: TrueFalse, layout: Layout, answer: Any, speech: Speech) -> _Parts:
    words = {True: speech.right, False: speech.wrong, None: ""}
    answered = () if answer is None else (words[answer],)
    return (), answered, (words[body.right],)


def _fill_in(body: FillIn, layout: Layout, answer: Any, speech: Speech) -> _Parts:
    key = (" / ".join(blank.accepted) for blank in body.blanks)
    return (), _numbered(answer or ()), _numbered(key)


def _numeric(body: Numeric, layout: Layout, answer: Any, speech: Speech) -> _Parts:
    unit = f" {speech.of(body.unit)}" if body.unit else ""
    expected = f"{body.expected(layout):.{body.decimals}f}{unit}"
    return (), () if answer is None else (f"{answer}{unit}",), (expected,)


def _matching(body: Matching, layout: Layout, answer: Any, speech: Speech) -> _Parts:
    prompt = body.prompt(layout)
    lefts = {id_: speech.of(text) for id_, text in prompt.left}
    rights = {id_: speech.of(text) for id_, text in prompt.right}
    shown = (*_numbered(lefts.values()), *(f"– {text}" for text in rights.values()))

    def pairs(chosen: dict[str, str]) -> Lines:
        return tuple(
            f"{left} → {rights[chosen[id_]]}" for id_, left in lefts.items() if id_ in chosen
        )

    return shown, pairs(answer or {}), pairs(body.key)


def _ordering(body: Ordering, layout: Layout, answer: Any, speech: Speech) -> _Parts:
    texts = {id_: speech.of(text) for id_, text in body.prompt(layout)}
    return (
        tuple(f"– {text}" for text in texts.values()),
        _numbered(texts[id_] for id_ in answer or ()),
        _numbered(texts[id_] for id_ in body.key),
    )


def _short_answer(body: ShortAnswer, layout: Layout, answer: Any, speech: Speech) -> _Parts:
    return (), tuple(str(answer or "").splitlines()), (speech.of(body.model_answer),)


def _case(body: Case, layout: Layout, answer: Any, speech: Speech) -> _Parts:
    given = answer or {}
    answered = [
        f"{number}. {given[number]}" for number, _ in body.prompt(layout) if number in given
    ]
    return (
        _numbered(speech.of(part.stem) for part in body.parts),
        tuple(line for text in answered for line in text.splitlines()),
        _numbered(speech.of(part.model_answer) for part in body.parts),
    )


def _as_stored(body: Any, layout: Layout, answer: Any, speech: Speech) -> _Parts:
    return (), () if answer is None else (json.dumps(answer, ensure_ascii=False),), ()


def _numbered(lines: Iterable[str]) -> Lines:
    return tuple(f"{number}. {line}" for number, line in enumerate(lines, start=1))


WORDINGS: dict[QuestionType, _Words] = {
    QuestionType.SINGLE: _choice,
    QuestionType.MULTIPLE: _choice,
    QuestionType.TRUE_FALSE: _true_false,
    QuestionType.FILL_IN: _fill_in,
    QuestionType.NUMERIC: _numeric,
    QuestionType.MATCHING: _matching,
    QuestionType.ORDERING: _ordering,
    QuestionType.SHORT_ANSWER: _short_answer,
    QuestionType.CASE: _case,
}
"""The words of each type; a type that is not here is told as it is stored."""
