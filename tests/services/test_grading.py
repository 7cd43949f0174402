"""Grading: once, exact, and released as the exam says."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from app.db import db
from app.domain.receipts import tab_token
from app.models.attempts import Attempt
from app.models.certificates import Certificate
from app.models.results import Mark, Result
from app.queries.results import own_result
from app.services import grading, saves
from app.services.trail import Actor
from tests import factories
from tests.services import scenes


def grade(app, attempt_id):
    return grading.grade(attempt_id, signer=scenes.signer(app), now=factories.NOW)


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_right_answers_of_every_type_earn_every_point(app, session):
    factories.syllabus()
    factories.bank(scenes.every_type())

    attempt_id, user_id = scenes.passed(app, plan=scenes.plan_of_every_type(), papers=1, attempts=1)

    assert own_result(attempt_id, user_id=user_id).score == 100
    assert count(session, Mark) == 7


def test_nothing_answered_is_zero_and_not_passed(app):
    user_id = factories.user()
    attempt_id = scenes.finish(app, factories.attempt(app, user_id), user_id, right=False)

    result = own_result(attempt_id, user_id=user_id)

    assert (result.score, result.passed, result.certificate_number) == (0, False, None)


def test_the_last_answer_counts(app):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id)
    right = scenes.right_answers(attempt_id)
    scenes.answer(attempt_id, user_id, right)
    scenes.answer(attempt_id, user_id, {1: "a"})

    scenes.finish(app, attempt_id, user_id, right=False)

    assert own_result(attempt_id, user_id=user_id).score == 60


def test_an_open_attempt_is_not_graded(app, session):
    attempt_id = factories.attempt(app)

    assert not grade(app, attempt_id)
    assert count(session, Result) == 0


def test_grading_twice_is_grading_once(app, session):
    attempt_id, _ = scenes.passed(app)

    assert not grade(app, attempt_id)
    assert (count(session, Result), count(session, Mark)) == (1, 3)


def test_marks_point_at_the_version_that_was_shown(app, session):
    attempt_id, _ = scenes.passed(app)

    rows = session.execute(select(Mark.points, Mark.maximum, Mark.share, Mark.version_id)).all()

    assert [(row.points, row.share) for row in rows] == [(40, 1.0), (40, 1.0), (20, 1.0)]
    assert all(row.version_id for row in rows)


def test_a_result_that_a_person_releases_is_not_seen_before(app, session):
    attempt_id, user_id = scenes.passed(app, release="by_person")

    assert own_result(attempt_id, user_id=user_id) is None
    assert session.get_one(Attempt, attempt_id).state == "scored"
    assert session.scalar(select(Result.released_at)) is None
    assert count(session, Certificate) == 0


def test_a_written_answer_waits_for_a_person(app, session):
    factories.syllabus()
    points = [{"zh": letter, "en": letter} for letter in "甲乙"]
    factories.bank(
        [
            factories.content(
                "PL14-51",
                pool="exam",
                type="short_answer",
                key_points=points,
                model_answer=scenes.text("范文"),
            )
        ]
    )
    user_id = factories.user()
    plan = [{"module": "planning", "type": "short_answer", "count": 1, "points": 100.0}]
    attempt_id = factories.attempt(app, user_id, plan=plan, papers=1, attempts=1)
    scenes.answer(attempt_id, user_id, {1: "甲"})

    scenes.finish(app, attempt_id, user_id, right=False)

    assert session.get_one(Attempt, attempt_id).state == "marking"
    assert count(session, Result) == 0


def test_a_crash_in_grading_leaves_the_attempt_closed_and_nothing_half_written(app, session):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id)
    scenes.answer(attempt_id, user_id, scenes.right_answers(attempt_id))
    layout = session.get_one(Attempt, attempt_id).layout
    break_layout(attempt_id, {})
    with pytest.raises(KeyError):
        scenes.finish(app, attempt_id, user_id, right=False)
    session.expire_all()
    assert session.get_one(Attempt, attempt_id).state == "submitted"
    assert count(session, Mark) == 0

    break_layout(attempt_id, layout)

    assert grade(app, attempt_id)
    assert own_result(attempt_id, user_id=user_id).score == 100


def break_layout(attempt_id, layout):
    db.session.execute(update(Attempt).where(Attempt.id == attempt_id).values(layout=layout))
    db.session.commit()


def test_an_answer_that_came_too_late_earns_nothing(app, clock):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id)
    right = scenes.right_answers(attempt_id)
    scenes.answer(attempt_id, user_id, {1: right[1]})
    late = dict(list(right.items())[1:])
    save_late(attempt_id, user_id, late, now=clock.forward(minutes=61))

    scenes.finish(app, attempt_id, user_id, right=False, now=clock.at)

    assert own_result(attempt_id, user_id=user_id).score == 40


def save_late(attempt_id, user_id, answers, now):
    token = tab_token(key=scenes.KEY, attempt_id=attempt_id, user_id=user_id, epoch=1)
    saves.save(
        attempt_id,
        user_id=user_id,
        token=token,
        epoch=1,
        saves=[saves.IncomingSave(p, 90 + p, given, False, 1) for p, given in answers.items()],
        events=[],
        key=scenes.KEY,
        actor=Actor(user_id),
        now=now,
    )
