"""Why a plan is impossible: the right cells and rules are named, with what is missing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.assembly.collisions import PlanNotMet
from app.domain.assembly.demands import DemandKind
from app.domain.assembly.papers import assemble
from app.domain.plan_rules import PlanRules
from app.domain.plans import ExamPlan
from tests.domain.assembly.scenes import L, T, candidate, cell

K = DemandKind
ONE, OTHER = cell(count=2), cell(kind=T.MULTIPLE, count=1)


def collisions(plan, pool, *, count=2):
    with pytest.raises(PlanNotMet) as refused:
        assemble(plan, pool, count=count, seed=1)
    return refused.value.collisions


def told(found):
    return {(one.demand.kind, one.demand.name, one.missing) for one in found}


@given(missing=st.integers(1, 3), count=st.integers(2, 6))
def test_an_exposure_bound_says_how_many_questions_a_cell_lacks(missing, count):
    plan = ExamPlan((ONE,), rules=PlanRules(max_exposure=1 / count))
    pool = [candidate(n) for n in range(2 * count - missing)]

    (found,) = collisions(plan, pool, count=count)

    assert found.cell == ONE
    assert (found.missing, found.needed) == (missing, 2 * count)


def test_a_point_without_a_question_is_named():
    plan = ExamPlan((ONE,), rules=PlanRules(must_appear=("PL1", "GONE")))

    found = collisions(plan, [candidate(n) for n in range(9)])

    assert told(found) == {(K.MUST_APPEAR, "GONE", 1)}


def test_too_few_pilots_are_counted():
    plan = ExamPlan((ONE,), rules=PlanRules(pilots=3))
    pool = [*(candidate(n) for n in range(9)), candidate(10, is_pilot=True)]

    (found,) = collisions(plan, pool)

    assert (found.demand.kind, found.needed, found.available, found.missing) == (K.PILOTS, 3, 1, 2)


def test_points_that_need_more_places_than_their_cell_has_collide_with_it():
    pool = [
        *(candidate(n, point="PL1") for n in range(8)),
        *(candidate(n, kind=T.MULTIPLE, point=f"CR{n % 3}") for n in range(10, 19)),
    ]
    plan = ExamPlan((ONE, OTHER), rules=PlanRules(must_appear=("CR0", "CR1", "PL1")))

    found = collisions(plan, pool)

    assert {(one.demand.kind, one.demand.name) for one in found} == {
        (K.CELL, OTHER.name()),
        (K.MUST_APPEAR, "CR0"),
        (K.MUST_APPEAR, "CR1"),
    }
    assert sum(one.missing for one in found) == 1


def test_questions_that_exclude_each_other_collide_with_the_cell_that_needs_them():
    pool = [*(candidate(n) for n in range(2)), *(candidate(n, kind=T.MULTIPLE) for n in (10, 11))]
    plan = ExamPlan((ONE, OTHER), rules=PlanRules(excludes=(("PL0000", "PL0001"),)))

    found = collisions(plan, pool, count=1)

    assert {(one.demand.kind, one.demand.name) for one in found} == {
        (K.CELL, ONE.name()),
        (K.EXCLUDES, "PL0000 PL0001"),
    }
    assert sum(one.missing for one in found) == 1


def test_a_group_that_is_larger_than_its_cell_never_stands():
    pool = [candidate(n) for n in range(3)]
    plan = ExamPlan((ONE,), rules=PlanRules(together=(("PL0000", "PL0001", "PL0002"),)))

    found = collisions(plan, pool, count=1)

    assert (K.TOGETHER, "PL0000 PL0001 PL0002") in {
        (one.demand.kind, one.demand.name) for one in found
    }


def test_a_group_with_a_question_that_cannot_be_had_keeps_the_rest_off_the_papers():
    pool = [candidate(n) for n in range(5)]
    plan = ExamPlan((ONE,), rules=PlanRules(together=(("PL0000", "GONE"),)))

    papers = assemble(plan, pool, count=2, seed=1).papers

    assert "PL0000" not in {slot.question_id for paper in papers for slot in paper}


def test_an_overlap_bound_says_by_how_many_it_is_missed_and_which_cell_is_scarce():
    plan = ExamPlan(
        (cell(count=6), cell(kind=T.MULTIPLE, count=4)), rules=PlanRules(max_overlap=0.1)
    )
    pool = [
        *(candidate(n) for n in range(9)),
        *(candidate(n, kind=T.MULTIPLE) for n in range(20, 40)),
    ]

    found = collisions(plan, pool, count=3)

    assert found[0].demand.kind is K.OVERLAP
    assert found[0].missing == 2
    assert [(one.cell, one.available, one.needed) for one in found[1:]] == [(plan.cells[0], 9, 18)]


def test_a_message_about_rules_names_them():
    plan = ExamPlan((ONE,), rules=PlanRules(must_appear=("GONE",)))

    with pytest.raises(PlanNotMet, match=r"collide: must_appear GONE: 0/1 \(−1\)"):
        assemble(plan, [candidate(n, level=L.APPLY) for n in range(5)], count=1, seed=1)
