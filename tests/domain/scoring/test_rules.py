"""Scoring rules as a scheme's file gives them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from app.domain.problems import Problems
from app.domain.reading import Reader
from app.domain.scoring.rules import MultipleRule, ScoringRules
from tests.domain import strategies


def read(raw):
    problems = Problems()
    return ScoringRules.read(Reader(raw, place="scoring", problems=problems)), problems


@given(rules=strategies.rules)
def test_rules_are_read_back_as_they_were_written(rules):
    again, problems = read(rules.dump())

    assert again == rules
    assert not problems


def test_without_a_word_nothing_is_partial_and_nothing_is_negative():
    rules, _ = read({})

    assert rules.multiple is MultipleRule.ALL_OR_NOTHING
    assert rules.penalty == 0
    assert rules.fraction == Fraction(1, 2)


@pytest.mark.parametrize(
    "raw",
    [
        {"penalty": 1.5},
        {"penalty": -0.1},
        {"fraction": 2},
        {"fraction": float("inf")},
        {"penalty": float("nan")},
        {"multiple": "by_mood"},
        {"ordering": 3},
        {"bonus": 1},
    ],
)
def test_a_rule_that_does_not_exist_is_refused_by_its_name(raw):
    _, problems = read(raw)

    assert [problem.place for problem in problems] == [f"scoring › {next(iter(raw))}"]
