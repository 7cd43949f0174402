"""Reading and writing back questions of every type; every problem of one at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.problems import Problems
from app.domain.questions.question import Question, load_question
from tests.domain.strategies import TYPES, raw_questions

SINGLE = {
    "id": "PL14-01",
    "type": "single",
    "pool": "practice",
    "points": ["PL14"],
    "level": "remember",
    "difficulty": 2,
    "stem": {"zh": "题干", "en": "Stem"},
    "options": [
        {"zh": "甲", "en": "first"},
        {"zh": "乙", "en": "second", "right": True},
        {"zh": "丙", "en": "third"},
    ],
    "explanation": {"zh": "解析", "en": "Reason"},
    "source": "004 Q9",
}


def problems_of(**changes):
    problems = Problems()
    raw = {key: value for key, value in {**SINGLE, **changes}.items() if value is not None}
    question = Question.read(raw, problems=problems)
    assert (question is None) == bool(problems)
    return [str(problem) for problem in problems]


@pytest.mark.parametrize("kind", TYPES)
@given(data=st.data())
def test_what_was_read_is_written_back_and_read_unchanged(kind, data):
    question = load_question(data.draw(raw_questions(kind)))

    again = load_question(question.dump())

    assert again == question
    assert again.dump() == question.dump()
    assert again.content_hash() == question.content_hash()


@pytest.mark.parametrize("kind", TYPES)
@given(data=st.data())
def test_the_order_of_keys_makes_no_new_version(kind, data):
    raw = data.draw(raw_questions(kind))
    again = dict(data.draw(st.permutations(list(raw.items()))))

    assert load_question(raw).content_hash() == load_question(again).content_hash()


@pytest.mark.parametrize(
    "changes",
    [
        {"stem": {"zh": "题干。", "en": "Stem"}},
        {"explanation": {"zh": "解析", "en": "Another reason"}},
        {"difficulty": 3},
        {"pool": "exam"},
        {"source": "004 Q10"},
        {"options": [SINGLE["options"][1], SINGLE["options"][0], SINGLE["options"][2]]},
    ],
)
def test_a_change_of_content_makes_a_new_version(changes):
    changed = load_question({**SINGLE, **changes})

    assert changed.content_hash() != load_question(SINGLE).content_hash()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"id": "PL1"}, "PL1 › id: must look like PL05-01"),
        ({"points": []}, "PL14-01 › points: is empty"),
        ({"points": ["PL14", "a\x00b"]}, "PL14-01 › points: contains a NUL character"),
        ({"difficulty": 6}, "PL14-01 › difficulty: must be between 1 and 5"),
        ({"difficulty": True}, "PL14-01 › difficulty: must be a whole number"),
        ({"level": "guess"}, "PL14-01 › level: must be one of: remember, apply, analyse"),
        ({"stem": {"zh": "题干"}}, "PL14-01 › stem › en: translation is missing"),
        ({"stem": {"zh": "题\x00干", "en": "S"}}, "PL14-01 › stem › zh: contains a NUL character"),
        ({"explanation": None}, "PL14-01 › explanation: is missing"),
        ({"source": None}, "PL14-01 › source: is missing"),
        ({"colour": "red"}, "PL14-01 › colour: is not a known key"),
    ],
)
def test_a_problem_names_its_place(changes, message):
    assert problems_of(**changes) == [message]


def test_an_unknown_type_is_told_with_the_known_ones():
    (message,) = problems_of(type="essay")

    assert message.startswith("PL14-01 › type: must be one of: single, multiple, true_false")


def test_an_odd_id_does_not_hide_the_other_problems():
    messages = problems_of(id="type", options=[], colour="red")

    assert [message.partition(": ")[0] for message in messages] == [
        "type › id",
        "type › options",
        "type › options",
        "type › colour",
    ]


def test_every_problem_of_a_question_is_found_in_one_pass():
    messages = problems_of(
        id="x", pool="mine", level=None, stem=7, difficulty="hard", source="", explanation={}
    )

    assert len(messages) == 8


@pytest.mark.parametrize("raw", [None, [], "text", 7, {}])
def test_what_is_no_question_is_a_problem_and_no_error(raw):
    problems = Problems()

    assert Question.read(raw, problems=problems, place="question 3") is None
    assert problems


def test_a_stored_question_that_is_broken_is_an_error():
    with pytest.raises(ValueError, match="must look like"):
        load_question({**SINGLE, "id": "?"})
