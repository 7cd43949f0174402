"""The scaled score: worked figures, and what holds for every total, cut and maximum."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.results import outcome, rounded, scaled


@pytest.mark.parametrize(
    ("total", "cut", "maximum", "told"),
    [
        (36, 72, 100, "30.0"),  # 60·36/72
        (72, 72, 100, "60.0"),
        (86, 72, 100, "80.0"),  # 60 + 40·14/28
        (100, 72, 100, "100.0"),
        (0, 72, 100, "0.0"),
        (45, 50, 80, "54.0"),  # 60·45/50
        (65, 50, 80, "80.0"),  # 60 + 40·15/30
        (Fraction(200, 3), 72, 100, "55.6"),  # 60·66.667/72 = 55.556
        (60, 60, 100, "60.0"),
        (73, 60, 100, "73.0"),  # where the cut is 60 of 100 the scale is the score
    ],
)
def test_worked_figures(total, cut, maximum, told):
    found = scaled(Fraction(total), cut=Fraction(cut), maximum=Fraction(maximum))

    assert str(found) == told


def test_a_total_that_rounds_up_to_the_cut_passes_on_both_scales():
    found = scaled(Fraction("44.95"), cut=Fraction(45), maximum=Fraction(100))

    assert str(found) == "60.0"


def test_a_total_just_below_the_cut_never_shows_sixty():
    found = scaled(Fraction("149.94"), cut=Fraction(150), maximum=Fraction(200))

    assert str(found) == "59.9"


totals = st.fractions(0, 100, max_denominator=60)
cuts = st.integers(1, 99).map(Fraction)


@given(total=totals, cut=cuts)
def test_the_scale_never_contradicts_the_decision(total, cut):
    found = scaled(total, cut=cut, maximum=Fraction(100))

    assert 0 <= found <= 100
    assert (found >= 60) is (rounded(total) >= cut)


@given(one=totals, other=totals, cut=cuts)
def test_more_points_never_scale_to_less(one, other, cut):
    less, more = sorted([one, other])

    assert scaled(less, cut=cut, maximum=Fraction(100)) <= scaled(
        more, cut=cut, maximum=Fraction(100)
    )


@given(total=totals)
def test_with_sixty_of_a_hundred_the_scale_is_the_score(total):
    found = scaled(total, cut=Fraction(60), maximum=Fraction(100))

    assert abs(found - rounded(total)) <= (Decimal("0.1") if 59 < total < 60 else 0)


marks = st.lists(
    st.tuples(st.just("planning"), st.fractions(0, 4, max_denominator=6), st.just(Fraction(4))),
    min_size=1,
    max_size=20,
)


@given(kept=marks, dropped=st.integers(0, 10))
def test_dropping_keeps_the_maximum_and_the_share(kept, dropped):
    remaining = sum(maximum for _, _, maximum in kept)
    full = remaining + 4 * dropped

    found = outcome(kept, pass_mark=Decimal(1), full=Fraction(full))

    assert found.maximum == full
    assert found.total / full == sum(points for _, points, _ in kept) / remaining
