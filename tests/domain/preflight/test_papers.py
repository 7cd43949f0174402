"""Papers against the plan: whole ones pass, and every way to be broken is named."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.plans import Cell, ExamPlan
from app.domain.preflight.checks import Verdict, overall
from app.domain.preflight.papers import PaperFacts, SlotFacts, papers, possible_attempts
from app.domain.questions.kinds import Level, QuestionType

PLAN = ExamPlan(
    (
        Cell("planning", QuestionType.SINGLE, None, 2, Fraction(40)),
        Cell("planning", QuestionType.TRUE_FALSE, Level.APPLY, 1, Fraction(20), section=2),
    )
)
SINGLE = SlotFacts(1, "PL14-51", "planning", Fraction(40), 1, QuestionType.SINGLE, Level.REMEMBER)
SLOTS = (
    SINGLE,
    replace(SINGLE, position=2, question_id="PL14-52", level=Level.ANALYSE),
    SlotFacts(3, "PL14-81", "planning", Fraction(20), 2, QuestionType.TRUE_FALSE, Level.APPLY),
)
PAPER = PaperFacts(7, of_exam=True, slots=SLOTS)


def check(*found, attempts=1, used_up=0):
    return papers(found, plan=PLAN, total=Fraction(100), attempts=attempts, used_up=used_up)


def broken(**changes):
    """The paper with its last question changed."""
    return replace(PAPER, slots=(*SLOTS[:-1], replace(SLOTS[-1], **changes)))


def test_a_paper_that_meets_the_plan_is_a_go():
    assert overall(check(PAPER)) is Verdict.GO


def test_a_pilot_stands_beside_the_plan():
    pilot = replace(SINGLE, position=4, question_id="PL14-71", is_pilot=True)

    assert overall(check(replace(PAPER, slots=(*SLOTS, pilot)))) is Verdict.GO
    assert overall(check(replace(PAPER, slots=(*SLOTS, replace(pilot, is_pilot=False))))) is (
        Verdict.NO_GO
    )


def test_a_sitting_without_papers_is_a_no_go():
    assert overall(check()) is Verdict.NO_GO


@pytest.mark.parametrize(
    ("paper", "told"),
    [
        (replace(PAPER, of_exam=False), "it belongs to another exam"),
        (replace(PAPER, slots=()), "%(cell)s: %(found)s questions of %(wanted)s"),
        (replace(PAPER, slots=SLOTS[1:]), "its questions are not numbered without a gap"),
        (replace(PAPER, slots=SLOTS[:-1]), "it has %(points)s points, the exam %(total)s"),
        (broken(points=Fraction(21)), "it has %(points)s points, the exam %(total)s"),
        (broken(type=None, level=None), "cannot be read: %(questions)s"),
        (broken(question_id="PL14-51"), "appears twice: %(questions)s"),
        (broken(level=Level.REMEMBER), "%(cell)s: %(found)s questions of %(wanted)s"),
        (broken(level=Level.REMEMBER), "not in the plan: %(questions)s"),
        (broken(module="other"), "not in the plan: %(questions)s"),
        (broken(section=1), "not in the plan: %(questions)s"),
        (broken(type=QuestionType.SINGLE), "not in the plan: %(questions)s"),
    ],
)
def test_every_way_to_be_broken_is_a_no_go_and_is_named(paper, told):
    found = check(PAPER, paper)

    assert overall(found) is Verdict.NO_GO
    assert told in [line.parameters["problem"].sentence for line in found]
    assert {line.parameters["paper"] for line in found} == {7}


def test_what_is_wrong_with_many_papers_stays_readable():
    found = check(*[replace(PAPER, id=id_, slots=()) for id_ in range(50)])

    assert len(found) == 10


@pytest.mark.parametrize(("count", "expected"), [(2, Verdict.GO), (1, Verdict.NO_GO)])
def test_there_is_another_paper_for_every_attempt(count, expected):
    found = check(*[replace(PAPER, id=id_) for id_ in range(count)], attempts=2)

    assert overall(found) is expected


def test_somebody_who_has_had_every_paper_is_a_no_go():
    assert overall(check(PAPER, used_up=1)) is Verdict.NO_GO


@pytest.mark.parametrize(
    ("attempts", "wait", "window", "expected"),
    [
        (3, 0, 1, 3),
        (3, 24, 23, 1),
        (3, 24, 24, 2),
        (3, 24, 47, 2),
        (3, 24, 1000, 3),
        (1, 24, 99, 1),
    ],
)
def test_as_many_attempts_fit_into_a_window_as_the_wait_allows(attempts, wait, window, expected):
    found = possible_attempts(attempts, wait=timedelta(hours=wait), window=timedelta(hours=window))

    assert found == expected


@given(seed=st.integers(0, 10_000))
def test_the_order_of_questions_is_no_matter_of_the_plan(seed):
    order = list(SLOTS)
    random.Random(seed).shuffle(order)
    slots = tuple(replace(slot, position=n) for n, slot in enumerate(order, start=1))

    assert overall(check(replace(PAPER, slots=slots))) is Verdict.GO
