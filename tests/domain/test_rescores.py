"""What a re-score gives for an answer, and new keys by type."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.counting import comes_to
from app.domain.questions.body import Layout
from app.domain.rescores import Act, Remedy, points_under
from app.domain.scoring.rekeying import KeyRefused, rekeyed
from app.domain.scoring.rules import MultipleRule, ScoringRules
from tests import factories
from tests.services import scenes

FOUR = Fraction(4)
OPTIONS = [scenes.text(letter) | {"right": letter in "甲丙"} for letter in "甲乙丙丁"]


def question(type_, **fields):
    return factories.content("PL14-51", pool="exam", type=type_, **fields)


def points(remedy, body, answer, rules=None):
    rules = rules or ScoringRules()
    return points_under(remedy, body, answer, layout=Layout(), maximum=FOUR, rules=rules)


def under(asked, key, answer, rules=None):
    return points(Remedy.of(Act.REKEY, key, asked), asked.body, answer, rules)


SINGLE = question("single")
TRUE = question("true_false", answer=True)
MULTIPLE = question("multiple", options=OPTIONS)


@pytest.mark.parametrize(("answer", "earned"), [("a", 0), ("b", 4), ("c", 4), (None, 0)])
def test_each_of_several_right_answers_earns_the_points(answer, earned):
    assert under(SINGLE, ["b", "c"], answer) == earned


@pytest.mark.parametrize(("answer", "earned"), [(True, 0), (False, 4)])
def test_a_statement_turns_round(answer, earned):
    assert under(TRUE, False, answer) == earned


@pytest.mark.parametrize(
    ("answer", "earned"), [(["a", "b"], 4), (["a"], 0.5), (["a", "c"], 0), (["a", "b", "c"], 0)]
)
def test_a_new_set_of_options_follows_the_exams_rule(answer, earned):
    rules = ScoringRules(multiple=MultipleRule.HALF_POINT_EACH)

    assert under(MULTIPLE, ["a", "b"], answer, rules) == Fraction(earned)


def test_a_gap_accepts_another_wording():
    asked = question(
        "fill_in",
        stem={"zh": "服务的____", "en": "The ____"},
        blanks=[{"zh": ["流程"], "en": ["process"]}],
    )
    key = [{"zh": ["流程", "步骤"], "en": ["process"]}]

    assert under(asked, key, ["步骤"]) == 4
    assert points(None, asked.body, ["步骤"]) == 0


def test_another_formula_gives_another_number():
    asked = question("numeric", stem={"zh": "几分钟？", "en": "How long?"}, answer="10")

    assert under(asked, "12", "12") == 4


@pytest.mark.parametrize("key", ["maybe", 1, {}, None])
def test_a_statement_is_right_or_wrong(key):
    with pytest.raises(KeyRefused):
        rekeyed(TRUE, key)


def test_an_ordering_has_no_other_key():
    asked = question("ordering", items=[scenes.text(step) for step in scenes.STEPS])

    with pytest.raises(KeyRefused, match="no other key"):
        rekeyed(asked, ["a"])


def test_credit_gives_full_points_to_a_blank_as_well():
    assert points(Remedy(Act.CREDIT_ALL), SINGLE.body, None) == 4


@dataclass(frozen=True)
class Place:
    position: int
    version_id: int
    module_id: str
    points: Fraction
    is_pilot: bool = False


@given(
    worth=st.lists(st.fractions(1, 10, max_denominator=4), min_size=2, max_size=12),
    share=st.fractions(0, 1, max_denominator=8),
    dropped=st.sets(st.integers(1, 12)),
)
def test_equal_shares_everywhere_are_the_same_share_whatever_is_dropped(worth, share, dropped):
    places = [Place(n, n, "planning", each) for n, each in enumerate(worth, start=1)]
    remedies = {n: Remedy(Act.DROP) for n in list(dropped)[: len(worth) - 1]}
    earned = {place.position: share * place.points for place in places}

    whole = comes_to(places, earned, {}, pass_mark=Fraction(1))
    rest = comes_to(places, earned, remedies, pass_mark=Fraction(1))

    assert rest.total == whole.total
    assert rest.maximum == whole.maximum
