"""The sweep: closes as of the deadline, heals, and never stops at one failure."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.jobs.sweeping import sweep_attempts
from app.models.attempts import Attempt
from app.models.results import Result
from app.services import attempts, starting
from app.services.trail import Actor
from tests import factories
from tests.services import scenes


@pytest.fixture
def sweep(app):
    return lambda now: sweep_attempts(signer=scenes.signer(app), now=now)


@pytest.fixture
def two(app):
    """Two running attempts of the same sitting, their answers right."""
    first = factories.attempt(app, factories.user())
    row = attempt(first)
    other_id = factories.user("trainee2")
    place = factories.registration(row.sitting_id, other_id)
    second = starting.start(place, user_id=other_id, seed=2, actor=Actor(), now=factories.NOW)
    for attempt_id in (first, second):
        user_id = attempt(attempt_id).user_id
        scenes.answer(attempt_id, user_id, scenes.right_answers(attempt_id))
    return first, second


def attempt(attempt_id):
    factories.db.session.expire_all()
    return factories.db.session.get_one(Attempt, attempt_id)


def counts(swept):
    return swept.closed, swept.graded, swept.failed


def test_attempts_past_their_deadline_are_closed_as_of_it_and_graded(two, sweep, session, clock):
    swept = sweep(clock.forward(minutes=61))

    assert counts(swept) == (2, 2, 0)
    assert {attempt(id_).closed_at for id_ in two} == {factories.NOW + timedelta(minutes=60)}
    assert session.scalars(select(Result.score)).all() == [100, 100]


def test_the_sweep_waits_a_minute_for_the_browser(two, sweep, clock):
    assert counts(sweep(clock.forward(minutes=60, seconds=59))) == (0, 0, 0)


def test_a_second_sweep_finds_nothing(two, sweep, clock):
    sweep(clock.forward(minutes=61))

    assert counts(sweep(clock.at)) == (0, 0, 0)


def test_an_attempt_that_was_closed_but_not_graded_is_healed(two, sweep, session, clock):
    user_id = attempt(two[0]).user_id
    attempts.submit(two[0], user_id=user_id, actor=Actor(), now=factories.NOW)

    assert counts(sweep(clock.forward(minutes=1))) == (0, 1, 0)

    assert attempt(two[0]).state == "released"
    assert session.scalar(select(Result.score)) == 100


def test_one_that_fails_does_not_stop_the_others_and_is_tried_again(two, sweep, session, clock):
    layout = attempt(two[0]).layout
    write_layout(session, two[0], {})

    first = sweep(clock.forward(minutes=61))

    assert counts(first) == (2, 1, 1)
    assert [attempt(id_).state for id_ in two] == ["expired", "released"]
    write_layout(session, two[0], layout)
    assert counts(sweep(clock.at)) == (0, 1, 0)


def write_layout(session, attempt_id, layout):
    session.execute(update(Attempt).where(Attempt.id == attempt_id).values(layout=layout))
    session.commit()


def test_the_command_says_what_it_did_and_fails_where_something_failed(two, app, session):
    write_layout(session, two[0], {})
    for attempt_id in two:
        user_id = attempt(attempt_id).user_id
        attempts.submit(attempt_id, user_id=user_id, actor=Actor(), now=factories.NOW)

    result = app.test_cli_runner().invoke(args=["sweep"])

    assert (result.exit_code, result.output) == (1, "0 closed, 1 graded, 1 failed\n")
