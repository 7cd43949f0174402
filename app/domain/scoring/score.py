"""Scores one answer: looks up the type's function, so that no caller asks for the type."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from app.domain.questions.body import Answer, Body, Layout
from app.domain.questions.kinds import QuestionType
from app.domain.scoring import objective
from app.domain.scoring.rules import ScoringRules

_Score = Callable[[Any, Answer, Layout, Fraction, ScoringRules], Fraction]

SCORES: dict[QuestionType, _Score] = {
    QuestionType.SINGLE: objective.score_single,
    QuestionType.MULTIPLE: objective.score_multiple,
    QuestionType.TRUE_FALSE: objective.score_true_false,
    QuestionType.FILL_IN: objective.score_fill_in,
    QuestionType.NUMERIC: objective.score_numeric,
    QuestionType.MATCHING: objective.score_matching,
    QuestionType.ORDERING: objective.score_ordering,
}
"""The rule of each objective type; a type that is not here is marked by a person."""


def score(
    body: Body, answer: Answer | None, *, layout: Layout, maximum: Fraction, rules: ScoringRules
) -> Fraction | None:
    """Points for `answer`, exact; None where a person has to mark it. A blank earns 0."""
    if body.TYPE not in SCORES:
        return None
    if answer is None:
        return Fraction(0)
    return SCORES[body.TYPE](body, answer, layout, maximum, rules)
