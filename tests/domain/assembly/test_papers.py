"""Assembled papers: meet the plan, repeat nothing, and come again from the same seed."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.assembly.collisions import PlanNotMet
from app.domain.assembly.papers import assemble as assemble_papers
from app.domain.plans import ExamPlan
from tests.domain.assembly.scenes import T, candidate, cell, plans_and_pools


def assemble(plan, pool, *, seed, uses=None):
    """One paper."""
    (paper,) = assemble_papers(plan, pool, count=1, seed=seed, uses=uses).papers
    return paper


@given(drawn=plans_and_pools(), seed=st.integers(0, 999))
def test_a_paper_meets_every_cell_exactly_and_repeats_nothing(drawn, seed):
    plan, pool = drawn
    by_id = {one.version_id: one for one in pool}

    paper = assemble(plan, pool, seed=seed)

    assert [slot.position for slot in paper] == list(range(1, plan.questions + 1))
    assert len({slot.question_id for slot in paper}) == plan.questions
    assert sum(slot.points for slot in paper) == plan.total
    for one in plan.cells:
        met = [
            slot
            for slot in paper
            if one.admits(
                module=by_id[slot.version_id].module,
                type=by_id[slot.version_id].type,
                level=by_id[slot.version_id].level,
            )
        ]
        assert len(met) == one.count
        assert {slot.points for slot in met} == {one.points}


@given(drawn=plans_and_pools(), seed=st.integers(0, 999), data=st.data())
def test_the_same_seed_gives_the_same_paper_from_any_order_of_the_pool(drawn, seed, data):
    plan, pool = drawn
    again = data.draw(st.permutations(pool))

    assert assemble(plan, pool, seed=seed) == assemble(plan, again, seed=seed)


def test_another_seed_gives_another_paper():
    plan, pool = ExamPlan((cell(count=5),)), [candidate(number) for number in range(30)]

    papers = {assemble(plan, pool, seed=seed) for seed in range(10)}

    assert len(papers) > 5


@given(drawn=plans_and_pools(), data=st.data())
def test_a_short_pool_is_refused_with_every_short_cell_and_what_is_missing(drawn, data):
    plan, pool = drawn
    short = data.draw(st.lists(st.sampled_from(plan.cells), min_size=1, unique=True))
    left = list(pool)
    for one in short:
        fits = [q for q in left if q.home(plan) == one]
        for question in fits[data.draw(st.integers(0, one.count - 1)) :]:
            left.remove(question)

    with pytest.raises(PlanNotMet) as refused:
        assemble(plan, left, seed=1)

    assert {collision.cell for collision in refused.value.collisions} == set(short)
    for collision in refused.value.collisions:
        assert collision.cell.name() in str(refused.value)
        assert f"{collision.available}/{collision.cell.count}" in str(refused.value)
        assert collision.missing == collision.cell.count - collision.available > 0


def test_the_message_of_a_refusal_can_be_acted_upon():
    plan = ExamPlan((cell(count=3), cell(kind=T.MULTIPLE, level=None, count=2)))

    with pytest.raises(PlanNotMet) as refused:
        assemble(plan, [candidate(1)], seed=1)

    assert refused.value.code == "plan-not-met"
    assert "planning × apply × single: 1/3 (−2)" in str(refused.value)
    assert "planning × * × multiple: 0/2 (−2)" in str(refused.value)


def test_points_repeat_as_little_as_possible():
    pool = [candidate(number, point=f"PL{number % 4}") for number in range(40)]

    paper = assemble(ExamPlan((cell(count=8),)), pool, seed=3)

    points = Counter(f"PL{slot.version_id % 4}" for slot in paper)
    assert set(points.values()) == {2}


def test_questions_on_other_papers_come_last():
    plan, pool = ExamPlan((cell(count=4),)), [candidate(number) for number in range(8)]
    first = assemble(plan, pool, seed=1)

    second = assemble(plan, pool, seed=1, uses={slot.question_id: 1 for slot in first})

    assert not {slot.question_id for slot in first} & {slot.question_id for slot in second}


def test_a_pool_that_is_just_enough_is_enough():
    plan, pool = ExamPlan((cell(count=3),)), [candidate(number) for number in range(3)]

    assert {slot.version_id for slot in assemble(plan, pool, seed=0)} == {0, 1, 2}


@given(drawn=plans_and_pools(), seed=st.integers(0, 999))
def test_positions_go_through_the_sections_in_order(drawn, seed):
    plan, pool = drawn
    by_id = {one.version_id: one for one in pool}

    paper = assemble(plan, pool, seed=seed)

    assert [slot.section for slot in paper] == sorted(slot.section for slot in paper)
    for slot in paper:
        question = by_id[slot.version_id]
        (home,) = (
            one
            for one in plan.cells
            if one.admits(module=question.module, type=question.type, level=question.level)
        )
        assert (slot.section, slot.points) == (home.section, home.points)


def test_a_section_that_the_plan_names_last_first_comes_in_its_place():
    pool = [candidate(number, kind=T.MULTIPLE if number % 2 else T.SINGLE) for number in range(9)]
    plan = ExamPlan((cell(section=2), cell(kind=T.MULTIPLE, section=1)))

    paper = assemble(plan, pool, seed=1)

    assert [(slot.position, slot.section) for slot in paper] == [(1, 1), (2, 1), (3, 2), (4, 2)]
    assert [slot.version_id % 2 for slot in paper] == [1, 1, 0, 0]


def test_sections_change_the_order_of_a_paper_and_not_its_questions():
    pool = [candidate(number, kind=T.MULTIPLE if number % 2 else T.SINGLE) for number in range(9)]
    free, one_way = (
        assemble(ExamPlan((cell(section=last), cell(kind=T.MULTIPLE))), pool, seed=4)
        for last in (1, 2)
    )

    assert {slot.version_id for slot in free} == {slot.version_id for slot in one_way}
