"""Grading: once, exact, and released as the exam says."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from app.db import db, transaction
from app.domain.receipts import tab_token
from app.models.attempts import Attempt, AttemptEvent, Save, SaveDecision
from app.models.certificates import Certificate
from app.models.papers import PaperQuestion
from app.models.results import Mark, Result
from app.queries.transcripts import transcript
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

    assert transcript(attempt_id, user_id=user_id).score == 100
    assert count(session, Mark) == 7


def test_nothing_answered_is_zero_and_not_passed(app):
    user_id = factories.user()
    attempt_id = scenes.finish(app, factories.attempt(app, user_id), user_id, right=False)

    result = transcript(attempt_id, user_id=user_id)

    assert (result.score, result.passed, result.certificate) == (0, False, None)


def test_the_last_answer_counts(app):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id)
    right = scenes.right_answers(attempt_id)
    scenes.answer(attempt_id, user_id, right)
    scenes.answer(attempt_id, user_id, {1: "a"})

    scenes.finish(app, attempt_id, user_id, right=False)

    assert transcript(attempt_id, user_id=user_id).score == 60


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

    assert transcript(attempt_id, user_id=user_id) is None
    assert session.get_one(Attempt, attempt_id).state == "scored"
    assert session.scalar(select(Result.released_at)) is None
    assert count(session, Certificate) == 0


def test_a_written_answer_waits_for_a_person(app, session):
    user_id = factories.user()
    attempt_id = marked_by_person(app, user_id)
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
    assert transcript(attempt_id, user_id=user_id).score == 100


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

    assert transcript(attempt_id, user_id=user_id).score == 40


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


def rescore(app, attempt_id, reason="a held answer was accepted"):
    """As the services do that call it: in a transaction that has locked the attempt."""
    with transaction():
        attempt = db.session.get_one(Attempt, attempt_id, with_for_update=True)
        grading.rescore(
            attempt,
            reason=reason,
            signer=scenes.signer(app),
            actor=Actor(attempt.user_id),
            now=factories.NOW,
        )


def accept_everything(user_id):
    """Every held save counts now."""
    held = db.session.scalars(select(Save.id).where(Save.state == "held")).all()
    decision = {"accepted": True, "decided_by": user_id, "reason": "ok", "at": factories.NOW}
    db.session.add_all(SaveDecision(save_id=save_id, **decision) for save_id in held)
    db.session.commit()


@pytest.fixture
def failed(app, clock):
    """Somebody who failed with one right answer, the other two came too late."""
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id)
    right = scenes.right_answers(attempt_id)
    scenes.answer(attempt_id, user_id, {1: right.pop(1)})
    scenes.finish(app, attempt_id, user_id, right=False, now=clock.forward(minutes=30))
    save_late(attempt_id, user_id, right, now=clock.forward(minutes=31))
    return attempt_id, user_id


def versions_of(session):
    session.expire_all()
    rows = session.scalars(select(Result).order_by(Result.version)).all()
    return [(row.version, row.current, row.score, row.passed) for row in rows]


def test_grading_again_writes_a_second_result_and_keeps_the_first(app, failed, session):
    accept_everything(failed[1])

    rescore(app, failed[0])

    assert versions_of(session) == [(1, False, 40, False), (2, True, 100, True)]
    assert transcript(failed[0], user_id=failed[1]).score == 100


def test_whoever_passes_by_it_gets_the_certificate(app, failed, session):
    assert count(session, Certificate) == 0
    accept_everything(failed[1])

    rescore(app, failed[0])

    assert count(session, Certificate) == 1
    assert session.get_one(Attempt, failed[0]).state == "released"


def test_grading_again_without_a_change_writes_no_version(app, failed, session):
    rescore(app, failed[0])

    assert versions_of(session) == [(1, True, 40, False)]


def test_what_changed_is_in_the_log_with_points_before_and_after(app, failed, session):
    accept_everything(failed[1])

    rescore(app, failed[0])

    event = session.scalar(select(AttemptEvent).where(AttemptEvent.kind == "rescored"))
    assert event.detail["changed"] == {"2": ["0", "40"], "3": ["0", "20"]}
    assert (event.detail["reason"], event.actor_id) == ("a held answer was accepted", failed[1])


def test_marks_follow_and_nobody_has_two_for_one_place(app, failed, session):
    accept_everything(failed[1])
    rescore(app, failed[0])

    rows = session.execute(select(Mark.position, Mark.points, Mark.share).order_by(Mark.position))

    assert [tuple(row) for row in rows] == [(1, 40, 1.0), (2, 40, 1.0), (3, 20, 1.0)]


def test_a_result_that_was_not_released_is_not_released_by_it(app, session, clock):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id, release="by_person")
    right = scenes.right_answers(attempt_id)
    scenes.finish(app, attempt_id, user_id, right=False, now=clock.forward(minutes=30))
    save_late_first(attempt_id, user_id, right, now=clock.at)
    accept_everything(user_id)

    rescore(app, attempt_id)

    assert [row[0] for row in versions_of(session)] == [1, 2]
    assert session.scalars(select(Result.released_at)).all() == [None, None]
    assert transcript(attempt_id, user_id=user_id) is None
    assert count(session, Certificate) == 0


def save_late_first(attempt_id, user_id, answers, now):
    """As `save_late`, from a page that never saved in time."""
    db.session.execute(update(Attempt).where(Attempt.id == attempt_id).values(epoch=1))
    db.session.commit()
    save_late(attempt_id, user_id, answers, now=now)


def test_what_a_person_marked_stays(app, session):
    user_id = factories.user()
    attempt_id = marked_by_person(app, user_id)
    scenes.answer(attempt_id, user_id, {1: "甲"})
    scenes.finish(app, attempt_id, user_id, right=False)
    mark = {"attempt_id": attempt_id, "position": 1, "points": 70, "maximum": 100, "share": 0.7}
    version_id = session.scalar(select(PaperQuestion.version_id))
    session.add(Mark(**mark, version_id=version_id, rule="person", created_at=factories.NOW))
    session.commit()

    rescore(app, attempt_id)

    assert session.scalars(select(Mark.points)).all() == [70]


def marked_by_person(app, user_id):
    """An attempt with one written answer."""
    factories.syllabus()
    points = [{"zh": letter, "en": letter} for letter in "甲乙"]
    question = factories.content(
        "PL14-51",
        pool="exam",
        type="short_answer",
        key_points=points,
        model_answer=scenes.text("范文"),
    )
    factories.bank([question])
    plan = [{"module": "planning", "type": "short_answer", "count": 1, "points": 100.0}]
    return factories.attempt(app, user_id, plan=plan, papers=1, attempts=1)
