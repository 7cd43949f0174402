"""What holds for the body of every type: prompts without the key, and answers read safely."""

from __future__ import annotations

import random
from dataclasses import asdict, is_dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.questions.body import LONGEST_ANSWER, InvalidAnswer, Layout
from app.domain.questions.kinds import QuestionType
from app.domain.questions.question import load_question
from tests.domain.strategies import ANSWERS, OBJECTIVE, RIGHT, TYPES, json_values, questions

T = QuestionType
every_type = pytest.mark.parametrize("kind", TYPES)
SECRET = {"zh": "机密", "en": "SECRET"}
SHOWN = {"zh": "可见", "en": "shown"}


def texts(count):
    return [{"zh": f"文{number}", "en": f"text {number}"} for number in range(count)]


RAW = {
    T.SINGLE: {
        "options": [
            {**text, "feedback": SECRET, "right": n == 1} for n, text in enumerate(texts(4))
        ]
    },
    T.MULTIPLE: {
        "options": [{**text, "feedback": SECRET, "right": n < 2} for n, text in enumerate(texts(4))]
    },
    T.TRUE_FALSE: {"answer": True},
    T.FILL_IN: {"blanks": [{"zh": "机密", "en": "SECRET"}], "stem": {"zh": "____", "en": "____"}},
    T.NUMERIC: {
        "answer": "SECRET * 7",
        "variables": [{"name": "SECRET", "least": 1, "most": 2, "step": 1}],
        "tolerance": 0.125,
        "unit": SHOWN,
    },
    T.MATCHING: {
        "pairs": [
            {"left": left, "right": right}
            for left, right in zip(texts(3), texts(6)[3:], strict=True)
        ]
    },
    T.ORDERING: {"items": texts(4)},
    T.SHORT_ANSWER: {
        "key_points": [{**SECRET, "weight": n, "synonyms": SECRET} for n in (1, 2)],
        "model_answer": SECRET,
    },
    T.CASE: {
        "parts": [
            {
                "stem": SHOWN,
                "model_answer": SECRET,
                "criteria": [
                    {
                        "name": SECRET,
                        "weight": 1,
                        "levels": [{"share": 0, **SECRET}, {"share": 1, **SECRET}],
                    }
                ],
            }
        ]
        * 2
    },
}


def question(kind, **changes):
    return load_question(
        {
            "id": "PL14-01",
            "type": kind.value,
            "pool": "exam",
            "points": ["PL14"],
            "level": "apply",
            "difficulty": 3,
            "stem": SHOWN,
            "explanation": SECRET,
            "source": "SECRET",
            **RAW[kind],
            **changes,
        }
    )


def plain(prompt):
    """Everything that is in a prompt, however it is looked at."""
    return repr(prompt) + (repr(asdict(prompt)) if is_dataclass(prompt) else "")


@every_type
def test_a_prompt_has_neither_key_nor_explanation(kind):
    body = question(kind).body
    shown = plain(body.prompt(Layout(values={"a": 1.0})))

    for hidden in ("机密", "SECRET", "0.125", "right=True", "'right': True", "fixed", "feedback"):
        assert hidden not in shown


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (T.SINGLE, {"options": [{**t, "right": n == 3} for n, t in enumerate(texts(4))]}),
        (T.MULTIPLE, {"options": [{**t, "right": n > 1} for n, t in enumerate(texts(4))]}),
        (T.TRUE_FALSE, {"answer": False}),
        (T.FILL_IN, {"blanks": [{"zh": "别的", "en": "other"}]}),
        (T.NUMERIC, {"answer": "1", "variables": [], "tolerance": 9}),
        (T.ORDERING, {"items": texts(4)[::-1]}),
        (
            T.MATCHING,
            {
                "pairs": [
                    {"left": left, "right": right}
                    for left, right in zip(texts(3), texts(6)[:2:-1], strict=True)
                ]
            },
        ),
    ],
)
def test_another_key_gives_the_same_prompt(kind, changes):
    one, other = question(kind).body, question(kind, **changes).body

    assert one.prompt(Layout()) == other.prompt(Layout())


@every_type
@given(data=st.data(), seed=st.integers(0, 99))
def test_a_layout_is_drawn_again_from_its_seed_and_survives_storage(kind, data, seed):
    body = data.draw(questions(kind)).body

    layout = body.arrange(random.Random(seed))

    assert layout == body.arrange(random.Random(seed))
    assert Layout.load(layout.dump()) == layout


@every_type
@given(data=st.data(), raw=json_values)
def test_whatever_is_sent_is_an_answer_or_refused(kind, data, raw):
    body = data.draw(questions(kind)).body

    try:
        answer = body.read_answer(raw)
    except InvalidAnswer:
        return

    assert body.read_answer(answer) == answer
    assert answer is None or answer == raw or isinstance(answer, bool | str | list | dict)
    assert answer not in ("", [], {})
    str(answer).encode()


@every_type
@given(data=st.data())
def test_every_answer_that_fits_is_read_and_reading_it_again_changes_nothing(kind, data):
    body = data.draw(questions(kind)).body

    answer = body.read_answer(data.draw(ANSWERS[kind](body)))

    assert body.read_answer(answer) == answer


@pytest.mark.parametrize("kind", OBJECTIVE)
@given(data=st.data())
def test_the_right_answer_fits(kind, data):
    body = data.draw(questions(kind)).body

    assert body.read_answer(RIGHT[kind](body, body.arrange(random.Random(0)))) is not None


@every_type
def test_nothing_is_a_blank_answer(kind):
    assert question(kind).body.read_answer(None) is None


REFUSED = {
    T.SINGLE: ["z", "A", "ab", ["a"], 1, True, {"a": 1}],
    T.MULTIPLE: ["a", ["a", "a"], ["z"], [1], [None], [["a"]], {"a": True}, 0],
    T.TRUE_FALSE: ["yes", "True", 0, 1, 1.0, [], [True], {}],
    T.FILL_IN: ["x", ["x", "y"], [1], [None], ["a\x00"], ["x" * (LONGEST_ANSWER + 1)], {"1": "x"}],
    T.NUMERIC: [1, 1.5, True, ["1"], "1\x00", "9" * (LONGEST_ANSWER + 1)],
    T.MATCHING: [[], "r1", {"9": "r1"}, {"1": "r9"}, {"1": 1}, {"1": ["r1"]}, {"1": True}, 1],
    T.ORDERING: ["r1", ["r1"], ["r1", "r1", "r2", "r3"], ["r1", "r2", "r3", "r9"], [1, 2, 3, 4]],
    T.SHORT_ANSWER: [1, True, ["x"], {"1": "x"}, "x\x00", "x" * (LONGEST_ANSWER + 1)],
    T.CASE: [
        "x",
        ["x"],
        {"3": "x"},
        {"1": 1},
        {"1": None},
        {"1": "\x00"},
        {"1": "x" * LONGEST_ANSWER, "2": "x"},
    ],
}


@pytest.mark.parametrize(("kind", "raw"), [(kind, raw) for kind in TYPES for raw in REFUSED[kind]])
def test_what_does_not_fit_is_refused(kind, raw):
    with pytest.raises(InvalidAnswer):
        question(kind).body.read_answer(raw)


def test_half_an_emoji_becomes_a_replacement_that_can_be_stored():
    body = question(T.SHORT_ANSWER).body

    assert body.read_answer("好\ud83d") == "好�"
    assert body.read_answer("\ud83d\ude00 𬭎") == "😀 𬭎"
