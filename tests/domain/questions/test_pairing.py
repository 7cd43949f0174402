"""Matching and ordering: ids and layouts that say nothing about the key."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.problems import Problems
from app.domain.questions.kinds import QuestionType
from app.domain.questions.pairing import Matching, Ordering
from app.domain.reading import Reader
from app.domain.text import Text
from tests.domain.strategies import questions

seeds = st.integers(0, 999)
orderings = questions(QuestionType.ORDERING).map(lambda question: question.body)
matchings = questions(QuestionType.MATCHING).map(lambda question: question.body)


def problems_of(kind, **raw):
    problems = Problems()
    reader = Reader(raw, place="Q", problems=problems)
    kind.read(reader)
    reader.done()
    return [str(problem) for problem in problems]


def texts(letters):
    return [{"zh": f"文{c}", "en": f"text {c}"} for c in letters]


@given(body=orderings, seed=seeds)
def test_an_ordering_is_never_dealt_in_the_right_order(body, seed):
    order = body.arrange(random.Random(seed)).order

    assert sorted(order) == sorted(body.key)
    assert order != body.key


def test_no_seed_deals_a_short_ordering_in_the_right_order():
    body = Ordering(tuple(Text(c, c) for c in "abc"))

    orders = {body.arrange(random.Random(seed)).order for seed in range(99)}

    assert len(orders) == 5
    assert body.key not in orders


@given(body=orderings, data=st.data())
def test_an_id_belongs_to_its_text_whatever_the_right_order_is(body, data):
    other = Ordering(tuple(data.draw(st.permutations(body.items))))

    assert dict(zip(body.key, body.items, strict=True)) == dict(
        zip(other.key, other.items, strict=True)
    )


@given(body=matchings, data=st.data())
def test_the_id_of_a_partner_says_nothing_about_its_pair(body, data):
    rights = data.draw(st.permutations([right for _, right in body.pairs]))
    lefts = [left for left, _ in body.pairs]
    other = Matching(tuple(zip(lefts, rights, strict=True)), body.distractors)

    layout = body.arrange(random.Random(0))

    assert other.prompt(layout) == body.prompt(layout)
    assert other.arrange(random.Random(0)) == layout


@given(body=matchings, seed=seeds)
def test_partners_and_distractors_are_dealt_together(body, seed):
    prompt = body.prompt(body.arrange(random.Random(seed)))
    shown = dict(prompt.right)

    assert [left for _, left in prompt.left] == [left for left, _ in body.pairs]
    assert set(shown.values()) == {*(right for _, right in body.pairs), *body.distractors}
    assert [shown[body.key[id_]] for id_, _ in prompt.left] == [right for _, right in body.pairs]


def test_partners_come_in_different_orders():
    body = Matching(tuple((Text(c, c), Text(c * 2, c * 2)) for c in "abcd"))

    assert len({body.arrange(random.Random(seed)).order for seed in range(20)}) > 5


def test_a_partly_joined_matching_is_kept_without_its_gaps():
    body = Matching(tuple((Text(c, c), Text(c * 2, c * 2)) for c in "abc"))

    assert body.read_answer({"3": "r1", "1": "r2", "2": ""}) == {"1": "r2", "3": "r1"}
    assert body.read_answer({"1": None}) is None


@pytest.mark.parametrize(
    ("kind", "raw", "places"),
    [
        (Ordering, {"items": texts("ab")}, ["Q › items"]),
        (Ordering, {"items": texts("aba")}, ["Q › items", "Q › items"]),
        (Ordering, {"items": [*texts("ab"), {"zh": "丙"}]}, ["Q › items 3 › en"]),
        (Matching, {"pairs": []}, ["Q › pairs"]),
        (
            Matching,
            {
                "pairs": [
                    {"left": left, "right": right}
                    for left, right in zip(texts("abc"), texts("xyz"), strict=True)
                ],
                "distractors": texts("x"),
            },
            ["Q › pairs", "Q › pairs"],
        ),
        (Matching, {"pairs": [{"left": t} for t in texts("abc")]}, ["Q › pairs 1 › right"] * 1),
    ],
)
def test_too_few_entries_and_twins_are_refused(kind, raw, places):
    found = [message.partition(": ")[0] for message in problems_of(kind, **raw)]

    assert found[: len(places)] == places
