"""Numeric questions: drawn values, and what an author may write."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.problems import Problems
from app.domain.questions.body import InvalidAnswer, Layout
from app.domain.questions.numeric import Numeric, Variable, read_number
from app.domain.reading import Reader

STAFF = {"name": "staff", "least": 10, "most": 20, "step": 5}


def problems_of(**raw):
    problems = Problems()
    reader = Reader(raw, place="Q", problems=problems)
    Numeric.read(reader)
    reader.done()
    return [str(problem) for problem in problems]


def test_a_formula_that_fails_between_the_ends_is_refused():
    between = {"name": "a", "least": 0, "most": 10, "step": 5}

    (problem,) = problems_of(answer="1 / (a - 5)", variables=[between])

    assert "cannot be worked out" in problem
    assert problems_of(answer="1 / (a + 5)", variables=[between]) == []


@given(
    least=st.integers(-100, 100),
    width=st.integers(0, 100),
    step=st.sampled_from(["0.1", "0.25", "0.6", "1", "3", "7"]),
    seed=st.integers(0, 999),
)
def test_a_drawn_value_is_a_step_between_least_and_most(least, width, step, seed):
    drawn = Variable("a", least, least + width, float(step)).draw(random.Random(seed))

    steps = (Fraction(str(drawn)) - least) / Fraction(step)
    assert least <= drawn <= least + width
    assert steps.denominator == 1


def test_every_value_can_be_drawn():
    variable = Variable("a", 0, 0.3, 0.1)

    assert {variable.draw(random.Random(seed)) for seed in range(40)} == {0, 0.1, 0.2, 0.3}


def test_the_prompt_shows_the_drawn_values_alone():
    body = Numeric("staff * 2", (Variable("staff", 10, 20, 5),))
    layout = body.arrange(random.Random(1))

    assert body.prompt(layout).values == layout.values
    assert body.expected(layout) == 2 * layout.values["staff"]


@pytest.mark.parametrize("typed", ["", "元", "．", "nan", "inf", "x1"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(InvalidAnswer):
        read_number(typed)


@given(number=st.integers(-(10**9), 10**9))
def test_thousands_may_be_separated(number):
    assert read_number(f"{number:,}") == number


def test_a_number_is_kept_as_it_was_typed():
    assert Numeric("1").read_answer(" １，２５０ 元 ") == "１，２５０ 元"
    assert Numeric("1").read_answer("  ") is None


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ({"answer": "staff * 2"}, "Q › answer"),
        ({"answer": "1 / (staff - 10)", "variables": [STAFF]}, "Q › answer"),
        ({"answer": "staff.real", "variables": [STAFF]}, "Q › answer"),
        ({"answer": "1", "variables": [{**STAFF, "step": 0}]}, "Q › variables 1"),
        ({"answer": "1", "variables": [{**STAFF, "most": 5}]}, "Q › variables 1"),
        ({"answer": "1", "variables": [{**STAFF, "most": float("inf")}]}, "Q › variables 1 › most"),
        ({"answer": "1", "tolerance": -1}, "Q › tolerance"),
        ({"answer": "1", "tolerance": float("nan")}, "Q › tolerance"),
        ({"answer": "1", "relative_tolerance": -0.1}, "Q › relative_tolerance"),
        ({"answer": "1", "decimals": 7}, "Q › decimals"),
        ({"answer": "1", "unit": {"zh": "元"}}, "Q › unit › en"),
    ],
)
def test_what_cannot_be_worked_out_is_refused(raw, place):
    assert problems_of(**raw)[0].partition(": ")[0] == place


def test_a_share_of_nothing_is_read_back_as_it_was_written():
    body = Numeric.read(
        Reader({"answer": "1", "relative_tolerance": 0}, place="", problems=Problems())
    )

    assert Numeric.read(Reader(body.dump(), place="", problems=Problems())) == body
    assert body.expected(Layout()) == 1
