"""From marks to a result: one rounding, at the end."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.counting import comes_to
from app.domain.results import (
    ModuleScore,
    outcome,
    rounded,
)

SIXTY = Decimal(60)
marks = st.lists(
    st.tuples(
        st.sampled_from(["planning", "crm", "culture"]),
        st.fractions(-2, 4, max_denominator=12),
        st.just(Fraction(4)),
    ),
    min_size=1,
    max_size=30,
)


@pytest.mark.parametrize(
    ("points", "score"),
    [
        (Fraction(0), "0.0"),
        (Fraction(5, 100), "0.1"),
        (Fraction(15, 100), "0.2"),
        (Fraction(25, 100), "0.3"),
        (Fraction(249999, 1000000), "0.2"),
        (Fraction(5995, 100), "60.0"),
        (Fraction(59949, 1000), "59.9"),
        (Fraction(100, 3), "33.3"),
        (Fraction(200, 3), "66.7"),
    ],
)
def test_points_are_rounded_half_up_to_a_tenth(points, score):
    assert str(rounded(points)) == score


def test_thirds_add_up_exactly():
    third = [("planning", Fraction(1, 3), Fraction(1))] * 180

    assert outcome(third, pass_mark=SIXTY).score == SIXTY
    assert outcome(third, pass_mark=SIXTY).passed


def test_single_questions_are_not_rounded():
    almost = [("planning", Fraction(4, 100), Fraction(1))] * 10

    assert outcome(almost, pass_mark=SIXTY).score == Decimal("0.4")


@pytest.mark.parametrize(
    ("points", "passed"),
    [("60", True), ("59.95", True), ("59.94", False), ("59.9", False), ("100", True), ("0", False)],
)
def test_the_pass_mark_itself_passes(points, passed):
    result = outcome([("planning", Fraction(points), Fraction(100))], pass_mark=SIXTY)

    assert result.passed is passed


def test_penalties_never_bring_a_total_below_zero():
    result = outcome(
        [("planning", Fraction(-3), Fraction(4)), ("crm", Fraction(1), Fraction(4))],
        pass_mark=SIXTY,
    )

    assert result.score == 0
    assert result.modules == (
        ModuleScore("planning", Fraction(0), Fraction(4)),
        ModuleScore("crm", Fraction(1), Fraction(4)),
    )


def test_a_penalty_in_one_module_weighs_on_the_total():
    result = outcome(
        [("planning", Fraction(-1), Fraction(4)), ("crm", Fraction(3), Fraction(4))],
        pass_mark=SIXTY,
    )

    assert result.score == 2


@given(marks=marks, data=st.data())
def test_the_order_of_marks_changes_nothing(marks, data):
    one = outcome(marks, pass_mark=SIXTY)
    other = outcome(data.draw(st.permutations(marks)), pass_mark=SIXTY)

    assert (one.score, one.maximum) == (other.score, other.maximum)
    assert set(one.modules) == set(other.modules)


@given(marks=marks)
def test_a_score_lies_between_zero_and_the_maximum(marks):
    result = outcome(marks, pass_mark=SIXTY)

    assert 0 <= result.score <= result.maximum == 4 * len(marks)
    assert all(0 <= module.share <= 1 for module in result.modules)


def test_a_paper_without_marks_is_worth_nothing():
    result = outcome([], pass_mark=SIXTY)

    assert (result.score, result.maximum, result.passed) == (0, 0, False)
    assert ModuleScore("planning", Fraction(0), Fraction(0)).share == 0


pilots = st.lists(
    st.tuples(
        st.sampled_from(["planning", "crm", "warehouse"]),
        st.none() | st.fractions(0, 4, max_denominator=12),
    ),
    max_size=5,
)


@dataclass(frozen=True)
class Place:
    position: int
    module_id: str
    points: Fraction
    is_pilot: bool = False

    @property
    def version_id(self) -> int:
        return self.position


@given(marks=marks, pilots=pilots, data=st.data())
def test_with_pilots_or_without_the_result_is_the_same(marks, pilots, data):
    places = [Place(n, module, most) for n, (module, _, most) in enumerate(marks)]
    earned = {n: points for n, (_, points, _) in enumerate(marks)}
    mixed = list(places)
    for number, (module, points) in enumerate(pilots, start=1000):
        place = Place(number, module, Fraction(4), is_pilot=True)
        mixed.insert(data.draw(st.integers(0, len(mixed))), place)
        earned[number] = points

    with_pilots = comes_to(mixed, earned, {}, pass_mark=Fraction(60))

    assert with_pilots == comes_to(places, earned, {}, pass_mark=Fraction(60))
    assert with_pilots == outcome(marks, pass_mark=SIXTY)
