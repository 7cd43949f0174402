"""From ticks to points."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.marking.policy import MarkingPolicy
from app.domain.marking.rubric import (
    Judgement,
    MarkIncomplete,
    PointsOutside,
    criteria_of,
    points_of,
    read_points,
)
from app.domain.problems import Problems
from app.domain.questions.written import Case
from app.domain.reading import Reader
from tests.domain.marking.test_evidence import TEAM

MAXIMUM = Fraction(20)


def criterion(weight, *shares):
    return {
        "name": {"zh": "项", "en": "row"},
        "weight": weight,
        "levels": [{"share": share, "zh": "级", "en": "level"} for share in shares],
    }


def case(*parts):
    raw = {
        "parts": [
            {
                "stem": {"zh": "问", "en": "task"},
                "model_answer": {"zh": "范", "en": "model"},
                "criteria": list(rows),
            }
            for rows in parts
        ]
    }
    return Case.read(Reader(raw, place="", problems=Problems()))


CASE = case([criterion(4, 1, 0.5, 0), criterion(2, 1, 0)], [criterion(4, 1, 0.3, 0)])


def levels(*chosen):
    return Judgement(levels=dict(zip(criteria_of(CASE), chosen, strict=False)))


def test_points_are_the_weighted_shares_of_the_levels():
    assert points_of(CASE, levels(0, 0, 0), maximum=MAXIMUM) == 20
    assert points_of(CASE, levels(1, 1, 1), maximum=MAXIMUM) == Fraction(32, 5)
    assert points_of(CASE, levels(2, 1, 2), maximum=MAXIMUM) == 0


@pytest.mark.parametrize("chosen", [(), (0, 0), (0, 0, 7), (0, -1, 0)])
def test_a_criterion_without_a_level_is_no_mark(chosen):
    with pytest.raises(MarkIncomplete):
        points_of(CASE, levels(*chosen), maximum=MAXIMUM)


def test_points_of_a_case_cannot_be_typed_past_its_rubric():
    with pytest.raises(MarkIncomplete):
        points_of(CASE, Judgement({}, own="20"), maximum=MAXIMUM)


def test_key_points_count_by_their_weights():
    ticked = Judgement({}, frozenset({0, 1}), has_decided=True)

    assert points_of(TEAM, ticked, maximum=MAXIMUM) == 15


def test_no_key_point_is_a_mark_only_once_somebody_has_looked():
    assert points_of(TEAM, Judgement({}, has_decided=True), maximum=MAXIMUM) == 0
    with pytest.raises(MarkIncomplete):
        points_of(TEAM, Judgement({}), maximum=MAXIMUM)


def test_typed_points_stand_above_the_ticks():
    judged = Judgement({}, frozenset({0}), has_decided=True, own=" 7.5 ")

    assert points_of(TEAM, judged, maximum=MAXIMUM) == Fraction(15, 2)


@pytest.mark.parametrize("typed", ["-1", "20.01", "x", "1e1", "1.234", "٣", "1,5", "999"])
def test_points_outside_the_scale_are_refused(typed):
    with pytest.raises(PointsOutside):
        read_points(typed, maximum=MAXIMUM)


@given(st.frozensets(st.integers(0, 2)))
def test_one_more_key_point_never_earns_less(ticked):
    fewer = points_of(TEAM, Judgement({}, ticked, has_decided=True), maximum=MAXIMUM)
    more = points_of(TEAM, Judgement({}, ticked | {1}, has_decided=True), maximum=MAXIMUM)

    assert 0 <= fewer <= more <= MAXIMUM


def test_a_judgement_comes_back_as_it_was_kept():
    judged = Judgement({"1.1": 2}, frozenset({3, 1}), has_decided=True, own="1", comment="好")

    assert Judgement.load(judged.dump()) == judged
    assert Judgement.load({}) == Judgement({})


def read_policy(raw):
    problems = Problems()
    return MarkingPolicy.read(Reader(raw, place="marking", problems=problems)), problems


def test_an_exam_that_says_nothing_is_marked_twice_with_the_usual_tolerance():
    policy, problems = read_policy({})

    assert not problems
    assert (policy.double, policy.tolerance, policy.checks) == (
        True, Fraction(15, 100), Fraction(1, 20),
    )  # fmt: skip
    assert policy.dump() == {}


@pytest.mark.parametrize("tolerance", [0.05, 0.25, -1])
def test_the_tolerance_is_ten_to_twenty_per_cent(tolerance):
    _, problems = read_policy({"tolerance": tolerance})

    assert problems


def test_a_policy_comes_back_as_it_was_kept():
    policy, _ = read_policy({"double": False, "tolerance": 0.2, "checks": 0.1, "back_reading": 0})

    assert MarkingPolicy.load(policy.dump()) == policy
