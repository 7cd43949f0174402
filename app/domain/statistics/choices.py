"""Which options an answer chose, by their canonical ids: shuffling never breaks the counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.domain.questions.body import Answer, Body
from app.domain.questions.choice import Multiple, Single, TrueFalse
from app.domain.questions.kinds import QuestionType


def options_of(body: Body) -> dict[str, bool]:
    """Option → whether it is right; {} for a question that offers none."""
    read = _OPTIONS.get(body.TYPE)
    return read(body) if read else {}


def chosen_options(answer: Answer | None) -> frozenset[str]:
    """The options that an answer to such a question chose; none where nothing was answered."""
    if answer is None:
        return frozenset()
    if isinstance(answer, bool):
        return frozenset({_word(answer)})
    return frozenset({answer} if isinstance(answer, str) else answer)


def _choice(body: Single | Multiple) -> dict[str, bool]:
    return {option.id: option.right for option in body.options}


def _statement(body: TrueFalse) -> dict[str, bool]:
    return {_word(verdict): verdict is body.right for verdict in (True, False)}


def _word(verdict: bool) -> str:
    return "true" if verdict else "false"


_OPTIONS: dict[QuestionType, Callable[[Any], dict[str, bool]]] = {
    QuestionType.SINGLE: _choice,
    QuestionType.MULTIPLE: _choice,
    QuestionType.TRUE_FALSE: _statement,
}
