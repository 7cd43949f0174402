"""Exam plans as a scheme's file gives them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.domain.plans import ExamPlan
from app.domain.problems import Problems
from app.domain.questions.kinds import Level, QuestionType
from app.domain.reading import Reader

CELL = {"module": "planning", "type": "single", "level": "apply", "count": 4, "points": 2.5}
ANY = {key: value for key, value in CELL.items() if key != "level"}


def read(*cells):
    problems = Problems()
    reader = Reader({"plan": list(cells)}, place="", problems=problems)
    plan = ExamPlan.read(reader.items("plan"))
    reader.done()
    return plan, [str(problem) for problem in problems]


def test_a_plan_adds_up_its_questions_and_points():
    plan, problems = read(CELL, {**CELL, "level": "analyse", "count": 1, "points": 10})

    assert not problems
    assert plan.questions == 5
    assert plan.total == 20


def test_a_third_of_a_point_is_a_third():
    plan, _ = read({**CELL, "count": 3, "points": 0.3333})

    assert plan.total == 1


def test_a_plan_is_read_back_as_it_was_written():
    plan, _ = read(CELL, {**ANY, "type": "ordering"})
    again, problems = read(*plan.dump())

    assert again == plan
    assert not problems


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (CELL, CELL, True),
        (CELL, ANY, True),
        (ANY, CELL, True),
        (ANY, ANY, True),
        (CELL, {**CELL, "level": "analyse"}, False),
        (CELL, {**CELL, "type": "multiple"}, False),
        (CELL, {**CELL, "module": "crm"}, False),
        (ANY, {**ANY, "type": "multiple"}, False),
    ],
)
def test_overlapping_cells_are_noted(one, other, overlap):
    _, problems = read(one, other)

    assert bool(problems) is overlap
    if overlap:
        assert problems[0].startswith("plan 2: overlaps with an earlier cell: planning × ")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"count": 0}, "count"),
        ({"count": 1.5}, "count"),
        ({"points": 0}, "points"),
        ({"points": -1}, "points"),
        ({"points": "many"}, "points"),
        ({"points": float("inf")}, "points"),
        ({"points": 10**400}, "points"),
        ({"type": "essay"}, "type"),
        ({"level": "guess"}, "level"),
        ({"module": None}, "module"),
        ({"weight": 1}, "weight"),
    ],
)
def test_a_broken_cell_names_its_place(changes, place):
    _, problems = read({**CELL, **changes})

    assert problems[0].startswith(f"plan 1 › {place}: ")


def test_a_cell_admits_its_own_level_or_any():
    (one,), (every,) = read(CELL)[0].cells, read(ANY)[0].cells

    assert one.points == Fraction(5, 2)
    for level in Level:
        marks = {"module": "planning", "type": QuestionType.SINGLE, "level": level}
        assert every.admits(**marks)
        assert one.admits(**marks) is (level is Level.APPLY)
        assert not one.admits(**{**marks, "module": "crm"})
        assert not every.admits(**{**marks, "type": QuestionType.MULTIPLE})


def test_a_cell_stands_in_the_first_section_unless_it_says_otherwise():
    plan, problems = read(CELL, {**CELL, "type": "ordering", "section": 2})

    assert not problems
    assert [cell.section for cell in plan.cells] == [1, 2]


def test_sections_are_read_back_as_they_were_written():
    plan, _ = read({**CELL, "section": 3}, {**ANY, "type": "ordering"})
    again, problems = read(*plan.dump())

    assert again == plan
    assert not problems
    assert [cell.get("section") for cell in plan.dump()] == [3, None]


@pytest.mark.parametrize("section", [0, -1, 10, 1.5, "2", True])
def test_a_section_is_a_number_from_one_to_nine(section):
    _, problems = read({**CELL, "section": section})

    assert problems[0].startswith("plan 1 › section: ")


def test_the_same_cell_in_two_sections_overlaps():
    _, problems = read(CELL, {**CELL, "section": 2})

    assert problems[0].startswith("plan 2: overlaps with an earlier cell: planning × ")
