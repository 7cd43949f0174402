"""What holds for every type, every rule and every answer."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.questions.kinds import QuestionType
from app.domain.questions.types import BODIES
from app.domain.scoring.rules import ScoringRules
from app.domain.scoring.score import SCORES, score
from tests.domain.strategies import ANSWERS, OBJECTIVE, RIGHT, maxima, questions, rules

every_objective_type = pytest.mark.parametrize("kind", OBJECTIVE)


@every_objective_type
@given(data=st.data(), maximum=maxima, rule=rules, seed=st.integers(0, 99))
def test_points_stay_between_the_penalty_and_the_maximum(kind, data, maximum, rule, seed):
    body = data.draw(questions(kind)).body
    answer = body.read_answer(data.draw(ANSWERS[kind](body)))

    points = score(
        body, answer, layout=body.arrange(random.Random(seed)), maximum=maximum, rules=rule
    )

    assert -rule.penalty * maximum <= points <= maximum


@every_objective_type
@given(data=st.data(), maximum=maxima, rule=rules, seed=st.integers(0, 99))
def test_the_right_answer_earns_full_marks(kind, data, maximum, rule, seed):
    body = data.draw(questions(kind)).body
    layout = body.arrange(random.Random(seed))
    answer = body.read_answer(RIGHT[kind](body, layout))

    assert score(body, answer, layout=layout, maximum=maximum, rules=rule) == maximum


@every_objective_type
@given(data=st.data(), maximum=maxima, rule=rules)
def test_a_blank_earns_nothing_and_costs_nothing(kind, data, maximum, rule):
    body = data.draw(questions(kind)).body
    layout = body.arrange(random.Random(0))

    points = score(body, None, layout=layout, maximum=maximum, rules=rule)

    assert points == 0


@pytest.mark.parametrize("kind", [k for k in OBJECTIVE if k is not QuestionType.NUMERIC])
@given(data=st.data(), rule=rules, seeds=st.tuples(st.integers(0, 99), st.integers(0, 99)))
def test_the_shuffled_order_never_changes_a_score(kind, data, rule, seeds):
    body = data.draw(questions(kind)).body
    answer = body.read_answer(data.draw(ANSWERS[kind](body)))

    one, other = (
        score(
            body, answer, layout=body.arrange(random.Random(seed)), maximum=Fraction(4), rules=rule
        )
        for seed in seeds
    )

    assert one == other


@given(data=st.data(), rule=rules)
def test_the_order_of_choosing_never_changes_a_score(data, rule):
    body = data.draw(questions(QuestionType.MULTIPLE)).body
    chosen = data.draw(ANSWERS[QuestionType.MULTIPLE](body))
    again = data.draw(st.permutations(chosen))

    one, other = (
        score(body, answer, layout=body.arrange(random.Random(0)), maximum=Fraction(2), rules=rule)
        for answer in (chosen, again)
    )

    assert body.read_answer(chosen) == body.read_answer(again)
    assert one == other


@given(data=st.data(), rule=rules)
def test_the_order_of_joining_never_changes_a_score(data, rule):
    body = data.draw(questions(QuestionType.MATCHING)).body
    joined = data.draw(ANSWERS[QuestionType.MATCHING](body))
    again = dict(data.draw(st.permutations(list(joined.items()))))

    one, other = (
        score(body, answer, layout=body.arrange(random.Random(0)), maximum=Fraction(8), rules=rule)
        for answer in (joined, again)
    )

    assert one == other


def test_every_type_is_scored_by_a_rule_or_by_a_person():
    assert {kind for kind, body in BODIES.items() if body.SCORED_BY_RULE} == set(SCORES)


@pytest.mark.parametrize("kind", [QuestionType.SHORT_ANSWER, QuestionType.CASE])
@given(data=st.data())
def test_written_answers_wait_for_a_person_even_when_blank(kind, data):
    body = data.draw(questions(kind)).body
    answer = data.draw(st.none() | ANSWERS[kind](body))
    layout = body.arrange(random.Random(0))

    points = score(body, answer, layout=layout, maximum=Fraction(1), rules=ScoringRules())

    assert points is None
