"""Starts that meet something else at the same moment: the one that comes second finds the other."""

from __future__ import annotations

import threading

import pytest

from app.db import db
from app.domain.attempts import OPEN_STATES
from app.domain.errors import DomainError
from app.models.attempts import Attempt
from app.models.sittings import Registration
from app.services import sitting_changes, starting
from app.services.sitting_changes import SittingRefused
from app.services.sittings import SittingClosed
from app.services.starting import OtherExamOpen
from app.services.trail import Actor
from tests import factories

NOW = factories.NOW


@pytest.fixture
def two_places(real_app):
    """(user, their places in two sittings of two exams)."""
    with real_app.app_context():
        factories.syllabus()
        factories.bank(factories.exam_pool())
        user_id = factories.user()
        exams = factories.exam(), factories.exam(code="second")
        return user_id, [factories.registration(factories.sitting(exam), user_id) for exam in exams]


def in_a_thread(app, act, *, then):
    """Do it in a thread of its own once `then` is set; the list gets what was raised."""
    raised = []

    def run():
        then.wait(10)
        with app.app_context():
            try:
                act()
            except DomainError as error:
                raised.append(type(error))

    thread = threading.Thread(target=run)
    thread.start()
    return thread, raised


def start(place, user_id):
    return starting.start(place, user_id=user_id, seed=1, actor=Actor(), now=NOW)


def cancel(app, place):
    with app.app_context():
        sitting_id = db.session.get_one(Registration, place).sitting_id
        db.session.rollback()
        sitting_changes.cancel_sitting(sitting_id, reason="停电", actor=Actor(), now=NOW)


def open_attempts(app):
    with app.app_context():
        states = [state.value for state in OPEN_STATES]
        return len(db.session.scalars(db.select(Attempt).where(Attempt.state.in_(states))).all())


def test_a_start_waits_for_a_cancellation_and_is_refused(real_app, two_places, paused_after):
    user_id, places = two_places
    cancelling = paused_after(sitting_changes, "_locked")

    thread, raised = in_a_thread(real_app, lambda: start(places[0], user_id), then=cancelling)
    cancel(real_app, places[0])
    thread.join()

    assert raised == [SittingClosed]
    assert open_attempts(real_app) == 0


def test_a_cancellation_waits_for_a_start_and_is_refused(real_app, two_places, paused_after):
    user_id, places = two_places
    starting_now = paused_after(starting, "_pick_paper")
    at_once = threading.Event()
    at_once.set()

    thread, raised = in_a_thread(real_app, lambda: start(places[0], user_id), then=at_once)
    assert starting_now.wait(10)
    with pytest.raises(SittingRefused):
        cancel(real_app, places[0])
    thread.join()

    assert raised == []
    assert open_attempts(real_app) == 1


def test_two_starts_of_one_person_in_two_sittings_make_one_attempt(
    real_app, two_places, paused_after
):
    user_id, places = two_places
    first_looked = paused_after(starting, "_earlier")

    thread, raised = in_a_thread(real_app, lambda: start(places[1], user_id), then=first_looked)
    with real_app.app_context():
        start(places[0], user_id)
    thread.join()

    assert raised == [OtherExamOpen]
    assert open_attempts(real_app) == 1
