"""Question files: their names, and what a question has to do with its lesson."""

from __future__ import annotations

import pytest

from tests.loader.conftest import question

FILE = "questions/planning/swot.yaml"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (question(points=["PL14", "XX01"]), "PL14-01: point XX01 is not in the syllabus"),
        (
            question("PL20-02"),
            "PL20-02: its first point PL20 belongs to another lesson",
        ),
        (
            question("PL15-01", points=["PL14"]),
            "PL15-01: the id must begin with its first point, PL14",
        ),
        (question(pool="both"), "PL14-01 › pool: must be one of: practice, exam"),
        (question(points=None), "PL14-01 › points: is missing"),
    ],
)
def test_a_question_that_does_not_belong_is_told(files, entry, message):
    files.write(FILE, [entry])

    assert files.problems() == [f"{FILE}: {message}"]


@pytest.mark.parametrize("value", [{"id": "PL14-01"}, "text", 7])
def test_a_file_that_is_no_list_is_told(files, value):
    files.write(FILE, value)

    assert files.problems() == [f"{FILE}: must be a list of questions"]


def test_an_id_used_in_two_files_is_told_with_the_other_file(files):
    files.write("questions/planning/teams.yaml", [question("PL14-01"), question("PL20-01")])

    assert (
        "questions/planning/teams.yaml: PL14-01: this id is already used in planning/swot.yaml"
        in files.problems()
    )


def test_an_id_used_twice_in_one_file_is_told(files):
    files.write(FILE, [question(), question(difficulty=3)])

    assert files.problems() == [f"{FILE}: PL14-01: this id is already used in planning/swot.yaml"]


def test_a_file_without_a_lesson_is_told(files):
    files.write("questions/planning/swto.yaml", [])

    (problem,) = files.problems()

    assert problem.startswith("questions/planning/swto.yaml: is not named after a lesson")


def test_an_empty_file_has_no_questions_yet(files):
    files.write(FILE, "# none yet\n")

    assert [entry.question.id for entry in files.read().bank] == ["PL20-01"]


def test_every_question_of_a_file_is_told_on(files):
    files.write(FILE, [question(f"PL14-0{n}", level="guess", difficulty=9) for n in range(1, 6)])

    assert len(files.problems()) == 10
