"""Double marking, the third marker and the lead: the worked cases, and what always holds."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.marking.adjudication import GivenMarks, How, Need, Settled, adjudicate

MAXIMUM = 20
ALLOWED = Fraction(3)
"""15 % of 20 points."""

points = st.fractions(min_value=0, max_value=MAXIMUM, max_denominator=24)
tolerances = st.fractions(min_value=2, max_value=4, max_denominator=20)


def decide(*marks, lead=None, allowed=ALLOWED, is_double=True):
    first, second, third = (*marks, None, None, None)[:3]
    given_marks = GivenMarks(
        *(None if mark is None else Fraction(mark) for mark in (first, second, third)),
        lead=None if lead is None else Fraction(lead),
    )
    return adjudicate(given_marks, allowed=allowed, is_double=is_double)


@pytest.mark.parametrize(
    ("marks", "comes_to"),
    [
        ((), Need.FIRST),
        ((12,), Need.SECOND),
        ((12, 12), Settled(Fraction(12), How.MEAN)),
        ((12, 15), Settled(Fraction(27, 2), How.MEAN)),
        ((12, Fraction("15.01")), Need.THIRD),
        ((8, 16, 10), Settled(Fraction(9), How.PAIR)),
        ((8, 16, 14), Settled(Fraction(15), How.PAIR)),
        ((10, 14, 11), Settled(Fraction(21, 2), How.CLOSER)),
        ((10, 14, 13), Settled(Fraction(27, 2), How.CLOSER)),
        ((10, 14, 12), Settled(Fraction(12), How.BETWEEN)),
        ((4, 16, 10), Need.LEAD),
        ((4, 8, 20), Need.LEAD),
        ((0, 20, 0), Settled(Fraction(0), How.PAIR)),
    ],
)
def test_the_worked_cases_of_double_marking(marks, comes_to):
    assert decide(*marks) == comes_to


def test_one_marker_is_enough_where_the_exam_asks_for_one():
    assert decide(7, is_double=False) == Settled(Fraction(7), How.SINGLE)
    assert decide(is_double=False) is Need.FIRST


def test_the_lead_decides_whatever_the_others_gave():
    assert decide(4, 16, 10, lead=9) == Settled(Fraction(9), How.LEAD)
    assert decide(4, 4, lead=5) == Settled(Fraction(5), How.LEAD)


def test_nothing_is_rounded():
    third = Fraction(1, 3)

    assert decide(third, 2 * third) == Settled(Fraction(1, 2), How.MEAN)


@given(points, points, st.none() | points, tolerances)
def test_who_marked_first_makes_no_difference(first, second, third, allowed):
    assert decide(first, second, third, allowed=allowed) == decide(
        second, first, third, allowed=allowed
    )


@given(points, points, st.none() | points, tolerances)
def test_what_is_settled_lies_among_the_marks(first, second, third, allowed):
    settled = decide(first, second, third, allowed=allowed)

    assume(isinstance(settled, Settled))
    marks = [mark for mark in (first, second, third) if mark is not None]
    assert min(marks) <= settled.points <= max(marks)
    near = [mark for mark in marks if abs(mark - settled.points) <= allowed]
    assert len(near) >= 2


@given(points, points, tolerances)
def test_two_marks_are_enough_exactly_within_the_tolerance(first, second, allowed):
    settled = decide(first, second, allowed=allowed)

    assert (settled is Need.THIRD) == (abs(first - second) > allowed)


@given(points, points, points, tolerances)
def test_the_lead_is_asked_exactly_when_the_third_agrees_with_nobody(first, second, third, allowed):
    assume(abs(first - second) > allowed)

    needs_lead = decide(first, second, third, allowed=allowed) is Need.LEAD

    assert needs_lead == (abs(third - first) > allowed and abs(third - second) > allowed)


@given(points, points, tolerances, st.fractions(min_value=-5, max_value=5, max_denominator=12))
def test_moving_every_mark_moves_what_is_settled_by_as_much(first, second, allowed, by):
    settled, moved = (
        decide(first, second, allowed=allowed),
        decide(first + by, second + by, allowed=allowed),
    )

    if isinstance(settled, Settled):
        assert moved == Settled(settled.points + by, settled.how)
    else:
        assert moved == settled
