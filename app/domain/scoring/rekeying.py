"""A question with another right answer, for re-scoring: its version itself never changes.

A key as stored: single: the letters of which each one is right; multiple: the letters that are
right together; true_false: the statement; fill_in: what each blank accepts; numeric: the
formula. Matching and ordering have no other key that would leave the answers what they were:
they can be credited or dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.domain.errors import DomainError
from app.domain.problems import Problems
from app.domain.questions.body import Body
from app.domain.questions.choice import LETTERS
from app.domain.questions.kinds import QuestionType
from app.domain.questions.question import Question
from app.domain.text import N_

_Raw = dict[str, Any]


class KeyRefused(DomainError):
    """The new key is none, or is the old one."""

    def __init__(self, sentence: str = N_("This cannot be a key of the question.")) -> None:
        super().__init__("key-refused", sentence)


def rekeyed(question: Question, key: Any) -> tuple[Body, ...]:
    """The question's bodies under the new key, each a right answer; raises KeyRefused."""
    change = REKEYS.get(question.type)
    if change is None:
        raise KeyRefused(N_("A question of this type has no other key: credit or drop it."))
    if not key and key is not False:
        raise KeyRefused(N_("Say what is right."))
    bodies = tuple(_read(raw) for raw in change(question.dump(), key))
    if bodies == (question.body,):
        raise KeyRefused(N_("This is the key already."))
    return bodies


def _read(raw: _Raw) -> Body:
    problems = Problems()
    question = Question.read(raw, problems=problems)
    if question is None:
        raise KeyRefused
    return question.body


def _single(raw: _Raw, key: Any) -> list[_Raw]:
    return [_with_right(raw, {letter}) for letter in _letters(raw, key)]


def _multiple(raw: _Raw, key: Any) -> list[_Raw]:
    return [_with_right(raw, set(_letters(raw, key)))]


def _true_false(raw: _Raw, key: Any) -> list[_Raw]:
    return [{**raw, "answer": key}]


def _fill_in(raw: _Raw, key: Any) -> list[_Raw]:
    return [{**raw, "blanks": key}]


def _numeric(raw: _Raw, key: Any) -> list[_Raw]:
    return [{**raw, "answer": key}]


def _letters(raw: _Raw, key: Any) -> list[str]:
    known = LETTERS[: len(raw["options"])]
    if not isinstance(key, list) or not all(isinstance(k, str) and k in known for k in key):
        raise KeyRefused
    return sorted(set(key))


def _with_right(raw: _Raw, right: set[str]) -> _Raw:
    options = [
        {**{k: v for k, v in option.items() if k != "right"}, "right": letter in right}
        for letter, option in zip(LETTERS, raw["options"], strict=False)
    ]
    return {**raw, "options": options}


REKEYS: Mapping[QuestionType, Callable[[_Raw, Any], list[_Raw]]] = {
    QuestionType.SINGLE: _single,
    QuestionType.MULTIPLE: _multiple,
    QuestionType.TRUE_FALSE: _true_false,
    QuestionType.FILL_IN: _fill_in,
    QuestionType.NUMERIC: _numeric,
}
"""Types that can be given another key."""
