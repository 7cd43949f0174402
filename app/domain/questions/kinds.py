"""The closed vocabularies of the question bank."""

from __future__ import annotations

from enum import StrEnum


class QuestionType(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    FILL_IN = "fill_in"
    NUMERIC = "numeric"
    MATCHING = "matching"
    ORDERING = "ordering"
    SHORT_ANSWER = "short_answer"
    CASE = "case"


class Pool(StrEnum):
    """Practice or exam: disjoint for ever (promise 7)."""

    PRACTICE = "practice"
    EXAM = "exam"


class Level(StrEnum):
    """Cognitive level: 识记, 理解应用, 分析."""

    REMEMBER = "remember"
    APPLY = "apply"
    ANALYSE = "analyse"


class QuestionState(StrEnum):
    """Where a question stands in its life; only live ones are given to candidates."""

    DRAFT = "draft"
    CONTENT_REVIEW = "content_review"
    FAIRNESS_REVIEW = "fairness_review"
    PILOT = "pilot"
    LIVE = "live"
    RETIRED = "retired"
