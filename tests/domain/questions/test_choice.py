"""Choice questions: what an author may write, and how options are shuffled."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.problems import Problems
from app.domain.questions.choice import Multiple, Single, TrueFalse
from app.domain.questions.kinds import QuestionType
from app.domain.reading import Reader
from tests.domain.strategies import questions

choices = questions(QuestionType.SINGLE, QuestionType.MULTIPLE)


def options(letters, right=""):
    return [{"zh": f"文{c}", "en": f"text {c}", "right": c in right} for c in letters]


def problems_of(kind, **raw):
    problems = Problems()
    reader = Reader(raw, place="Q", problems=problems)
    kind.read(reader)
    reader.done()
    return [str(problem) for problem in problems]


@given(question=choices, seed=st.integers(0, 999))
def test_shuffling_is_a_permutation_and_fixed_options_keep_their_places(question, seed):
    written = [option.id for option in question.body.options]

    order = question.body.arrange(random.Random(seed)).order

    assert sorted(order) == written
    for place, option in enumerate(question.body.options):
        assert not option.fixed or order[place] == option.id


@given(question=choices, seed=st.integers(0, 999))
def test_the_prompt_shows_every_option_in_the_drawn_order(question, seed):
    layout = question.body.arrange(random.Random(seed))
    texts = {option.id: option.text for option in question.body.options}

    prompt = question.body.prompt(layout)

    assert prompt.options == tuple((id_, texts[id_]) for id_ in layout.order)
    assert prompt.several is (question.type is QuestionType.MULTIPLE)


def test_options_are_really_shuffled():
    problems = Problems()
    body = Single.read(Reader({"options": options("abcd", "a")}, place="", problems=problems))

    orders = {body.arrange(random.Random(seed)).order for seed in range(20)}

    assert len(orders) > 5


@pytest.mark.parametrize(
    ("kind", "letters", "right", "message"),
    [
        (Single, "abcd", "", "Q › options: no option is marked right"),
        (Single, "abcd", "ab", "Q › options: 2 options are marked right, one is asked"),
        (Single, "ab", "a", "Q › options: must have 3 to 10 entries, has 2"),
        (Multiple, "abcd", "", "Q › options: no option is marked right"),
        (
            Multiple,
            "abcd",
            "a",
            "Q › options: only one option is marked right; two or more are asked",
        ),
        (Multiple, "abc", "ab", "Q › options: must have 4 to 10 entries, has 3"),
        (Multiple, "abcdefghijk", "ab", "Q › options: must have 4 to 10 entries, has 11"),
    ],
)
def test_too_few_options_or_the_wrong_number_of_right_ones_are_refused(
    kind, letters, right, message
):
    assert problems_of(kind, options=options(letters, right)) == [message]


def test_two_options_that_read_the_same_are_refused():
    twins = [*options("ab", "a"), {"zh": "文A", "en": "TEXT A"}]

    assert problems_of(Single, options=twins) == [
        "Q › options: two options read the same: 文a",
        "Q › options: two options read the same: text a",
    ]


def test_an_option_without_a_translation_is_told_with_its_place():
    broken = [*options("abc", "a"), {"zh": "丁"}]

    assert problems_of(Single, options=broken) == [
        "Q › options 4 › en: translation is missing",
    ]


@pytest.mark.parametrize("answer", ["true", 1, None, "对"])
def test_a_verdict_is_true_or_false(answer):
    assert problems_of(TrueFalse, answer=answer) == ["Q › answer: must be true or false"]


@pytest.mark.parametrize(("raw", "read"), [(True, True), ("true", True), ("false", False)])
def test_a_verdict_may_be_sent_as_a_word(raw, read):
    assert TrueFalse(True).read_answer(raw) is read
