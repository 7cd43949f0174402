"""The right answer is one, whatever an author writes."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.questions.types import BODIES
from app.domain.scoring.right import RIGHT, right_answer
from app.domain.scoring.score import score
from tests.domain.strategies import OBJECTIVE, TYPES, maxima, questions, rules


def test_every_type_has_a_right_answer():
    assert set(RIGHT) == set(BODIES)


@pytest.mark.parametrize("kind", TYPES)
@given(data=st.data(), seed=st.integers(0, 99))
def test_a_right_answer_is_an_answer_to_the_question(kind, data, seed):
    body = data.draw(questions(kind)).body
    answer = right_answer(body, body.arrange(random.Random(seed)))

    assert body.read_answer(answer) == answer


@pytest.mark.parametrize("kind", OBJECTIVE)
@given(data=st.data(), maximum=maxima, rule=rules, seed=st.integers(0, 99))
def test_a_right_answer_earns_full_marks(kind, data, maximum, rule, seed):
    body = data.draw(questions(kind)).body
    layout = body.arrange(random.Random(seed))

    points = score(body, right_answer(body, layout), layout=layout, maximum=maximum, rules=rule)

    assert points == maximum
