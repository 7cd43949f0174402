"""Lessons read and questions practised."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.domain.errors import DomainError
from app.domain.questions.body import InvalidAnswer
from app.models.learning import LessonProgress, PracticeAnswer
from app.services import learning
from tests import factories
from tests.services import scenes


@pytest.fixture
def learner(app):
    factories.syllabus()
    factories.bank([factories.content(), factories.content("PL14-51", pool="exam")])
    return factories.user()


def practise(user_id, answer="b", question_id="PL14-01", version=1, **changes):
    return learning.practise(
        question_id,
        version=version,
        answer=answer,
        seed=changes.pop("seed", 1),
        spent_ms=changes.pop("spent_ms", 900),
        user_id=user_id,
        now=factories.NOW,
        today=factories.NOW.date(),
    )


def progress(session, user_id):
    session.expire_all()
    return session.get(LessonProgress, (user_id, "swot"))


def test_a_lesson_is_marked_as_done_and_as_not_done(learner, session):
    learning.mark_lesson("swot", user_id=learner, done=True, now=factories.NOW)
    assert progress(session, learner).done_at == factories.NOW

    learning.mark_lesson("swot", user_id=learner, done=False, now=factories.NOW)

    assert progress(session, learner).done_at is None


def test_time_adds_up_within_bounds(learner, session):
    for seconds in (30, 45, -5, 999_999):
        learning.add_lesson_time("swot", user_id=learner, seconds=seconds, now=factories.NOW)

    assert progress(session, learner).seconds == 30 + 45 + 0 + 3600


def test_a_lesson_that_does_not_exist_keeps_no_progress(learner, session):
    with pytest.raises(DomainError) as refused:
        learning.mark_lesson("nowhere", user_id=learner, done=True, now=factories.NOW)

    assert refused.value.code == "lesson-missing"


@pytest.mark.parametrize(("answer", "share"), [("b", 1.0), ("a", 0.0), (None, 0.0)])
def test_an_answer_is_judged_and_kept(learner, session, answer, share):
    practised = practise(learner, answer)

    row = session.get_one(PracticeAnswer, practised.answer_id)
    assert (practised.share, row.share, row.point_id, row.answer) == (share, share, "PL14", answer)


@pytest.mark.parametrize("question_id", ["PL14-51", "PL14-99", ""])
def test_what_is_not_in_the_practice_pool_is_never_practised(learner, session, question_id):
    with pytest.raises(DomainError) as refused:
        practise(learner, question_id=question_id)

    assert refused.value.code == "question-missing"
    assert session.scalar(select(func.count()).select_from(PracticeAnswer)) == 0


def test_a_version_that_never_was_cannot_be_answered(learner):
    with pytest.raises(DomainError):
        practise(learner, version=2)


@pytest.mark.parametrize("answer", ["e", ["b"], {"b": 1}, 3, True, "b\x00"])
def test_an_answer_that_does_not_fit_is_refused(learner, session, answer):
    with pytest.raises(InvalidAnswer):
        practise(learner, answer)

    assert session.scalar(select(func.count()).select_from(PracticeAnswer)) == 0


def test_time_at_a_question_stays_within_bounds(learner, session):
    for spent_ms in (-1, 10**9):
        practise(learner, spent_ms=spent_ms)

    spent = session.scalars(select(PracticeAnswer.spent_ms).order_by(PracticeAnswer.id)).all()
    assert spent == [0, timedelta(hours=1) / timedelta(milliseconds=1)]


def test_part_of_a_multiple_choice_question_earns_part_of_the_point(app):
    factories.syllabus()
    factories.bank(scenes.every_type(pool="practice"))

    practised = practise(factories.user(), ["a"], "PL14-52")

    assert practised.share == 0.5


def test_the_layout_is_that_of_the_seed_that_was_shown(learner, session):
    content = factories.content()
    shown = learning.practice_layout(content, seed=5)

    practise(learner, seed=5)

    assert session.scalar(select(PracticeAnswer.layout)) == shown.dump()
