"""What practice asks next, and when a point is mastered."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from app.domain.mastery import Mastery
from app.queries import courses, practice
from app.services import learning
from tests import factories


@pytest.fixture
def learner(app):
    factories.syllabus()
    factories.bank([factories.content(f"PL14-0{n}") for n in (1, 2, 3)])
    factories.bank([factories.content("PL14-51", pool="exam")])
    return factories.user()


def answer(user_id, number, given="b", days=0):
    now = factories.NOW + timedelta(days=days)
    learning.practise(
        f"PL14-0{number}",
        version=1,
        answer=given,
        seed=1,
        spent_ms=1,
        user_id=user_id,
        now=now,
        today=now.date(),
    )


def asked(user_id, after=None):
    """What may come next."""
    draws = (
        practice.next_question(["swot"], user_id=user_id, after=after, draw=random.Random(seed))
        for seed in range(12)
    )
    return {found.content.id[-2:] for found in draws}


def mastery(user_id):
    (module,) = courses.course(user_id, language="zh")
    return module.points[0].mastery


def test_an_exam_question_is_never_asked(learner):
    assert asked(learner) == {"01", "02", "03"}
    assert practice.practice_question("PL14-51") is None


def test_new_questions_come_first(learner):
    answer(learner, 1, "a")
    answer(learner, 2)

    assert asked(learner) == {"03"}


def test_then_come_those_that_were_wrong_at_last(learner):
    for number, given in ((1, "a"), (2, "b"), (3, "b")):
        answer(learner, number, given)

    assert asked(learner) == {"01"}


def test_a_skipped_question_does_not_come_again_at_once(learner):
    assert asked(learner, after="PL14-01") == {"02", "03"}


def test_a_skipped_question_gives_way_even_to_those_already_right(learner):
    for number, given in ((1, "a"), (2, "b"), (3, "b")):
        answer(learner, number, given)

    assert asked(learner, after="PL14-01") == {"02", "03"}


def test_another_persons_answers_change_nothing(learner):
    answer(factories.user("trainee2"), 1)

    assert asked(learner) == {"01", "02", "03"}


def test_where_one_stands_is_the_last_answer_to_each_question(learner):
    answer(learner, 1, "b")
    answer(learner, 1, "a")
    answer(learner, 2, "b")

    standing = practice.standing(["swot"], user_id=learner)

    assert (standing.questions, standing.answered, standing.right) == (3, 2, 1)


def test_a_point_is_mastered_on_the_second_day(learner):
    assert mastery(learner) is Mastery.NEW
    for _ in range(5):
        answer(learner, 1)
    assert mastery(learner) is Mastery.NEARLY

    answer(learner, 1, days=1)

    assert mastery(learner) is Mastery.MASTERED


def test_a_key_point_asks_for_nine_of_ten(learner):
    for day in range(2):
        for given in "abbb":
            answer(learner, 1, given, days=day)

    assert mastery(learner) is Mastery.LEARNING


def test_a_module_or_a_lesson_names_what_is_practised(learner):
    assert practice.scope_of("swot") == ({"zh": "服务策划", "en": "Service planning"}, ["swot"])
    assert practice.scope_of("planning")[1] == ["swot"]
    assert practice.scope_of("nothing") == (None, [])
