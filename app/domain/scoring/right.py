"""The right answer to a question: what earns full marks where a rule scores it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.domain.questions.body import Answer, Body, Layout
from app.domain.questions.choice import Multiple, Single, TrueFalse
from app.domain.questions.fill_in import FillIn
from app.domain.questions.kinds import QuestionType
from app.domain.questions.numeric import Numeric
from app.domain.questions.pairing import Matching, Ordering
from app.domain.questions.written import Case, ShortAnswer


def right_answer(body: Body, layout: Layout) -> Answer:
    """A canonical answer: the key, or the model answer where a person marks."""
    return RIGHT[body.TYPE](body, layout)


def _single(body: Single, layout: Layout) -> Answer:
    return min(body.key)


def _multiple(body: Multiple, layout: Layout) -> Answer:
    return sorted(body.key)


def _true_false(body: TrueFalse, layout: Layout) -> Answer:
    return body.right


def _fill_in(body: FillIn, layout: Layout) -> Answer:
    return [blank.shown.zh for blank in body.blanks]


def _numeric(body: Numeric, layout: Layout) -> Answer:
    return f"{body.expected(layout):.{body.decimals}f}"


def _matching(body: Matching, layout: Layout) -> Answer:
    return body.key


def _ordering(body: Ordering, layout: Layout) -> Answer:
    return list(body.key)


def _short_answer(body: ShortAnswer, layout: Layout) -> Answer:
    return body.model_answer.zh


def _case(body: Case, layout: Layout) -> Answer:
    return {str(number): part.model_answer.zh for number, part in enumerate(body.parts, start=1)}


RIGHT: dict[QuestionType, Callable[[Any, Layout], Answer]] = {
    QuestionType.SINGLE: _single,
    QuestionType.MULTIPLE: _multiple,
    QuestionType.TRUE_FALSE: _true_false,
    QuestionType.FILL_IN: _fill_in,
    QuestionType.NUMERIC: _numeric,
    QuestionType.MATCHING: _matching,
    QuestionType.ORDERING: _ordering,
    QuestionType.SHORT_ANSWER: _short_answer,
    QuestionType.CASE: _case,
}
"""One function per type."""
