"""Short answers and cases: what an author writes for the marker, and what a candidate writes."""

from __future__ import annotations

import pytest

from app.domain.problems import Problems
from app.domain.questions.body import Layout
from app.domain.questions.written import Case, ShortAnswer
from app.domain.reading import Reader
from app.domain.text import Text

TEXT = {"zh": "文", "en": "text"}
LEVELS = [{"share": 0, **TEXT}, {"share": 1, **TEXT}]
CRITERION = {"name": TEXT, "weight": 5, "levels": LEVELS}
PART = {"stem": TEXT, "model_answer": TEXT, "criteria": [CRITERION, CRITERION]}


def read(kind, **raw):
    problems = Problems()
    reader = Reader(raw, place="Q", problems=problems)
    body = kind.read(reader)
    reader.done()
    return body, [str(problem).partition(": ")[0] for problem in problems]


def test_full_marks_take_every_key_point_unless_the_author_says_otherwise():
    points = [{**TEXT, "weight": 1}, {**TEXT, "weight": 2}]

    every, _ = read(ShortAnswer, key_points=points, model_answer=TEXT)
    any_one, _ = read(ShortAnswer, key_points=points, model_answer=TEXT, any_of=1)

    assert (every.any_of, any_one.any_of) == (2, 1)
    assert "any_of" not in every.dump()


@pytest.mark.parametrize(
    ("raw", "places"),
    [
        ({"key_points": [TEXT]}, ["Q › key_points"]),
        ({"key_points": [TEXT, TEXT], "any_of": 3}, ["Q › any_of"]),
        ({"key_points": [TEXT, {"zh": "文"}]}, ["Q › key_points 2 › en"]),
        ({"key_points": [TEXT, {**TEXT, "weight": "much"}]}, ["Q › key_points 2 › weight"]),
        ({"key_points": [TEXT, {**TEXT, "hint": 1}]}, ["Q › key_points 2 › hint"]),
        ({"key_points": [TEXT, TEXT], "model_answer": None}, ["Q › model_answer"]),
    ],
)
def test_a_short_answer_needs_key_points_and_a_model_answer(raw, places):
    _, problems = read(ShortAnswer, **{"model_answer": TEXT, **raw})

    assert problems == places


def test_a_part_is_worth_the_sum_of_its_criteria():
    body, problems = read(Case, parts=[PART, PART])

    assert not problems
    assert body.parts[0].weight == 10
    assert body.prompt(Layout()) == (("1", Text("文", "text")), ("2", Text("文", "text")))


@pytest.mark.parametrize(
    ("part", "places"),
    [
        ({**PART, "criteria": []}, ["Q › parts 2 › criteria"]),
        (
            {**PART, "criteria": [{**CRITERION, "weight": 0}]},
            ["Q › parts 2 › criteria 1 › weight"],
        ),
        (
            {**PART, "criteria": [{**CRITERION, "levels": [LEVELS[0]] * 2}]},
            ["Q › parts 2 › criteria 1 › levels"],
        ),
        (
            {**PART, "criteria": [{**CRITERION, "levels": [LEVELS[1], {"share": 2, **TEXT}]}]},
            ["Q › parts 2 › criteria 1 › levels 2 › share", "Q › parts 2 › criteria 1 › levels"],
        ),
    ],
)
def test_a_rubric_has_weights_and_a_best_level(part, places):
    _, problems = read(Case, parts=[PART, part])

    assert problems == places


def test_a_case_keeps_what_was_written_for_each_task():
    body, _ = read(Case, parts=[PART, PART])

    assert body.read_answer({"2": " 乙 ", "1": "甲"}) == {"1": "甲", "2": "乙"}
    assert body.read_answer({"1": "", "2": "乙"}) == {"2": "乙"}
    assert body.read_answer({"1": " "}) is None
