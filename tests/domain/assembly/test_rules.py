"""Several papers at once: every cell and rule holds on every paper, and between any two."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.assembly.collisions import PlanNotMet
from app.domain.assembly.figures import SetFigures, figures_of
from app.domain.assembly.improving import Rounds
from app.domain.assembly.papers import Effort, GaveUp, assemble
from app.domain.assembly.solving import Limits
from app.domain.plan_rules import PlanRules, Targets
from app.domain.plans import Cell, ExamPlan
from tests.domain.assembly.scenes import L, T, candidate, cell, rich_scenes


def assembled(plan, pool, **wanted):
    """The papers, or None where there are none."""
    try:
        return assemble(plan, pool, **wanted)
    except PlanNotMet:
        return None


def ids(paper):
    return {slot.question_id for slot in paper if not slot.is_pilot}


@given(scene=rich_scenes(), seed=st.integers(0, 99))
def test_every_cell_and_every_rule_is_met_or_the_plan_is_refused(scene, seed):
    plan, pool, count = scene
    made = assembled(plan, pool, count=count, seed=seed)
    if made is None:
        return
    by_id = {question.question_id: question for question in pool}
    rules = plan.rules

    for paper in made.papers:
        scored = [by_id[slot.question_id] for slot in paper if not slot.is_pilot]
        assert Counter(q.home(plan) for q in scored) == {c: c.count for c in plan.cells}
        assert sum(slot.points for slot in paper if not slot.is_pilot) == plan.total
        assert not any(question.is_pilot for question in scored)
        assert len(paper) - len(scored) == rules.pilots
        assert {p for q in scored for p in q.all_points} >= set(rules.must_appear)
        on_it = {slot.question_id for slot in paper}
        assert len(on_it) == len(paper)
        assert all(len(on_it & set(group)) <= 1 for group in rules.excludes)
        assert all(len(on_it & set(group)) in (0, len(group)) for group in rules.together)
    uses = Counter(slot.question_id for paper in made.papers for slot in paper)
    assert max(uses.values()) <= rules.uses_per_question(count)
    for one, other in combinations(made.papers, 2):
        assert len(ids(one) & ids(other)) <= rules.max_overlap * plan.questions


@given(scene=rich_scenes(), seed=st.integers(0, 99), data=st.data())
def test_the_same_seed_gives_the_same_papers_from_any_order_of_the_pool(scene, seed, data):
    plan, pool, count = scene
    again = data.draw(st.permutations(pool))

    first = assembled(plan, pool, count=count, seed=seed)

    assert first == assembled(plan, again, count=count, seed=seed)


def test_papers_share_nothing_while_the_pool_lasts():
    plan, pool = ExamPlan((cell(count=5),)), [candidate(n) for n in range(20)]

    made = assemble(plan, pool, count=4, seed=2)

    assert sum(len(ids(paper)) for paper in made.papers) == 20
    assert len(set().union(*map(ids, made.papers))) == 20


@pytest.mark.parametrize(("size", "most"), [(15, 2), (10, 4), (6, 8)])
def test_a_scarce_cell_is_shared_as_evenly_as_can_be(size, most):
    plan, pool = ExamPlan((cell(count=5),)), [candidate(n) for n in range(size)]

    made = assemble(plan, pool, count=6, seed=2)

    uses = Counter(id_ for paper in made.papers for id_ in ids(paper))
    assert max(uses.values()) - min(uses.values()) <= 1
    assert max(len(ids(a) & ids(b)) for a, b in combinations(made.papers, 2)) <= most


def test_papers_are_as_hard_and_as_long_as_each_other():
    pool = [candidate(n, difficulty=float(1 + n % 5), minutes=1.0 + n % 3) for n in range(120)]
    plan = ExamPlan((cell(count=10, points=10),))

    made = assemble(plan, pool, count=4, seed=5)
    figures = figures_of(made.papers, {q.version_id: q for q in pool}, uses={})

    assert figures.difficulty_spread < 0.05
    assert figures.minutes_spread <= 1


@pytest.mark.parametrize("target", [2.0, 4.0])
def test_papers_come_to_the_difficulty_that_the_plan_asks_for(target):
    pool = [candidate(n, difficulty=float(1 + n % 5)) for n in range(200)]
    plan = ExamPlan((cell(count=10, points=10),), Targets(difficulty=target))

    made = assemble(plan, pool, count=3, seed=5)
    figures = figures_of(made.papers, {q.version_id: q for q in pool}, uses={})

    assert all(paper.difficulty == pytest.approx(target, abs=0.11) for paper in figures.papers)


def test_papers_come_to_the_time_that_the_plan_asks_for():
    pool = [candidate(n, point=f"PL{n}", minutes=float(1 + n % 5)) for n in range(200)]
    plan = ExamPlan((cell(count=10, points=10),), Targets(minutes=40))

    made = assemble(plan, pool, count=3, seed=5)
    figures = figures_of(made.papers, {q.version_id: q for q in pool}, uses={})

    assert all(paper.minutes == pytest.approx(40, abs=1) for paper in figures.papers)


def test_a_rule_that_the_even_design_forbids_is_met_by_sharing_a_question():
    pool = [candidate(n, point="RARE" if n == 7 else "PL1") for n in range(30)]
    plan = ExamPlan((cell(count=5),), rules=PlanRules(must_appear=("RARE",)))

    made = assemble(plan, pool, count=3, seed=1)

    assert all("PL0007" in ids(paper) for paper in made.papers)
    assert max(len(ids(a) & ids(b)) for a, b in combinations(made.papers, 2)) == 1


def test_without_pilots_in_the_plan_none_comes_on_a_paper():
    pool = [*(candidate(n) for n in range(8)), candidate(9, is_pilot=True)]

    made = assemble(ExamPlan((cell(count=4),)), pool, count=2, seed=1)

    assert not any(slot.is_pilot for paper in made.papers for slot in paper)


def test_a_pilot_stands_among_the_questions_of_its_cell_and_looks_like_them():
    cells = (cell(count=4, points=3), cell(kind=T.MULTIPLE, count=3, points=5))
    pool = [
        *(candidate(n) for n in range(8)),
        *(candidate(n, kind=T.MULTIPLE) for n in range(10, 16)),
        candidate(20, is_pilot=True),
    ]
    plan = ExamPlan(cells, rules=PlanRules(pilots=1))

    papers = [assemble(plan, pool, count=1, seed=seed).papers[0] for seed in range(8)]

    places = {slot.position for paper in papers for slot in paper if slot.is_pilot}
    assert places <= {1, 2, 3, 4, 5}
    assert len(places) > 1
    assert all(slot.points == 3 for paper in papers for slot in paper if slot.is_pilot)


def test_figures_tell_what_papers_share_and_how_often_questions_are_used():
    pool = [candidate(n) for n in range(6)]
    plan = ExamPlan((cell(count=4),))

    made = assemble(plan, pool, count=2, seed=1)
    figures = figures_of(made.papers, {q.version_id: q for q in pool}, uses={"PL0000": 3})

    assert figures.between(1, 2) == figures.between(2, 1) == 2
    assert figures.exposure == {1: 4, 2: 2}
    assert figures.largest_overlap == 0.5
    assert SetFigures.load(figures.dump()) == figures
    assert figures.papers[0].by_difficulty == (0, 0, 4, 0, 0)


def test_a_gap_is_told_and_small_where_nothing_is_in_the_way():
    pool = [candidate(n, difficulty=float(1 + n % 5)) for n in range(60)]

    made = assemble(ExamPlan((cell(count=6),)), pool, count=3, seed=1)

    assert 0 <= made.gap <= 1
    assert not made.by_clock


def test_a_search_that_finds_nothing_in_time_says_so():
    pool = [candidate(n, difficulty=float(1 + n % 5)) for n in range(300)]
    cells = (cell(count=60), replace(cell(count=40), level=L.ANALYSE))
    pool += [
        replace(q, version_id=q.version_id + 300, question_id=f"X{n}", level=L.ANALYSE)
        for n, q in enumerate(pool)
    ]

    with pytest.raises(GaveUp):
        assemble(
            ExamPlan(cells), pool, count=5, seed=1, effort=Effort(Limits(seconds=0.0), Rounds(0, 0))
        )


def test_a_real_plan_of_many_cells_is_met_by_every_paper():
    plan = ExamPlan(
        tuple(
            Cell(module, kind, level, 2, Fraction(1))
            for module in ("planning", "crm", "culture")
            for kind in (T.SINGLE, T.MULTIPLE)
            for level in (L.REMEMBER, L.APPLY)
        ),
        rules=PlanRules(max_overlap=0.1, max_exposure=0.5),
    )
    pool = [
        candidate(
            n,
            module=("planning", "crm", "culture")[n % 3],
            kind=(T.SINGLE, T.MULTIPLE)[n // 3 % 2],
            level=(L.REMEMBER, L.APPLY)[n // 6 % 2],
            difficulty=float(1 + n % 5),
        )
        for n in range(12 * 9)
    ]

    made = assemble(plan, pool, count=4, seed=3)

    assert len(set().union(*map(ids, made.papers))) == 4 * 24
