"""An approval and a start at the same moment: whoever comes second finds the other."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from app.db import db
from app.domain.accommodations import Accommodation as Given
from app.domain.text import Text
from app.models.attempts import Attempt
from app.services import accommodations, starting
from app.services.mails import Letterhead
from app.services.trail import Actor
from tests import factories

NOW = factories.NOW
LETTERHEAD = Letterhead(Text("学院", "Academy"), "Asia/Shanghai")
HALF_MORE = Given(
    time_factor=1.5,
    break_minutes=0,
    larger_text=False,
    separate_room=False,
    valid_from=NOW.date(),
    valid_until=None,
)


@pytest.fixture
def place(real_app):
    """(registration, user) of somebody who is ready."""
    with real_app.app_context():
        factories.syllabus()
        factories.bank(factories.exam_pool())
        user_id = factories.user(email="a@example.org")
        return factories.registration(factories.sitting(factories.exam()), user_id), user_id


def begin(app, place, *, then):
    """Start in a thread of its own, once `then` is set."""

    def act():
        then.wait(10)
        with app.app_context():
            starting.start(place[0], user_id=place[1], seed=1, actor=Actor(), now=NOW)

    thread = threading.Thread(target=act)
    thread.start()
    return thread


def approve(app, place):
    with app.app_context():
        accommodations.approve(
            place[1],
            HALF_MORE,
            reason="x",
            letterhead=LETTERHEAD,
            today=NOW.date(),
            actor=Actor(),
            now=NOW,
        )


def deadline(app):
    with app.app_context():
        return db.session.scalars(db.select(Attempt)).one().deadline_at


def test_an_approval_waits_for_a_start_that_has_looked_already(real_app, place, paused_after):
    looked = paused_after(starting, "provision_of")
    at_once = threading.Event()
    at_once.set()

    thread = begin(real_app, place, then=at_once)
    assert looked.wait(10)
    approve(real_app, place)
    thread.join()

    assert deadline(real_app) == NOW + timedelta(minutes=90)


def test_a_start_waits_for_an_approval_that_has_looked_already(real_app, place, paused_after):
    looked = paused_after(accommodations, "_apply_to_open_attempt")

    thread = begin(real_app, place, then=looked)
    approve(real_app, place)
    thread.join()

    assert deadline(real_app) == NOW + timedelta(minutes=90)
