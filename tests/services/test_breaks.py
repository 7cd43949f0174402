"""Breaks: they stop the clock within an allowance, and end by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.attempts import MoveRefused
from app.domain.pauses import LONGEST_PAUSE, NoBreakLeft
from app.domain.timing import GRACE
from app.models.attempts import Attempt, AttemptEvent
from app.services import attempts, proctoring
from app.services.attempts import AttemptMissing, AttemptPaused
from app.services.trail import Actor
from tests import factories


def attempt_row(session, attempt_id):
    session.expire_all()
    return session.get_one(Attempt, attempt_id)


def log(session, attempt_id):
    """Kinds of the attempt's events, the oldest first."""
    rows = select(AttemptEvent.kind).where(AttemptEvent.attempt_id == attempt_id)
    return session.scalars(rows.order_by(AttemptEvent.id)).all()


def claim(attempt_id, user_id, *, now=factories.NOW):
    return attempts.claim_tab(attempt_id, user_id=user_id, actor=Actor(user_id), now=now)


@pytest.fixture
def rested(app):
    """A running attempt of somebody who has ten minutes of breaks."""
    user_id = factories.user()
    factories.accommodation(user_id, breaks=10)
    return factories.attempt(app, user_id), user_id


def take_break(attempt_id, user_id, now=factories.NOW):
    attempts.take_break(attempt_id, user_id=user_id, actor=Actor(user_id), now=now)


def end_break(attempt_id, user_id, now):
    attempts.end_break(attempt_id, user_id=user_id, actor=Actor(user_id), now=now)


def test_a_break_stops_the_clock_and_hides_the_exam(rested, session, clock):
    take_break(*rested)

    row = attempt_row(session, rested[0])
    assert (row.state, row.pause_kind) == ("paused", "break")
    assert row.pause_ends_at == factories.NOW + timedelta(minutes=10)
    with pytest.raises(AttemptPaused):
        claim(*rested, now=clock.forward(minutes=9))


def test_coming_back_gives_the_time_of_the_break_and_keeps_the_rest_of_it(rested, session, clock):
    take_break(*rested)
    end_break(*rested, now=clock.forward(minutes=4))

    row = attempt_row(session, rested[0])
    assert (row.state, row.break_used_seconds) == ("in_progress", 240)
    assert row.deadline_at == factories.NOW + timedelta(minutes=64)
    take_break(*rested, now=clock.at)
    assert attempt_row(session, rested[0]).pause_ends_at == clock.at + timedelta(minutes=6)


def test_coming_back_twice_gives_the_time_once(rested, session, clock):
    take_break(*rested)
    for _ in range(2):
        end_break(*rested, now=clock.forward(minutes=4))

    assert attempt_row(session, rested[0]).deadline_at == factories.NOW + timedelta(minutes=64)
    assert log(session, rested[0]).count("resume") == 1


def test_a_break_that_is_used_up_ends_by_itself_when_somebody_looks(rested, session, clock):
    take_break(*rested)

    claim(*rested, now=clock.forward(minutes=30))

    row = attempt_row(session, rested[0])
    assert (row.state, row.break_used_seconds) == ("in_progress", 600)
    assert row.deadline_at == factories.NOW + timedelta(minutes=70)
    with pytest.raises(NoBreakLeft):
        take_break(*rested, now=clock.at)


def test_coming_back_after_the_break_has_ended_is_no_error(rested, session, clock):
    take_break(*rested)
    end_break(*rested, now=clock.forward(minutes=30))

    assert attempt_row(session, rested[0]).break_used_seconds == 600
    resumed = session.scalar(select(AttemptEvent).where(AttemptEvent.kind == "resume"))
    assert resumed.at == factories.NOW + timedelta(minutes=10)


def test_an_attempt_ends_while_its_break_was_forgotten(rested, session, clock):
    take_break(*rested)

    assert not attempts.expire(rested[0], now=clock.forward(minutes=70, seconds=10))
    assert attempts.expire(rested[0], now=clock.forward(seconds=1))

    row = attempt_row(session, rested[0])
    assert row.closed_at == factories.NOW + timedelta(minutes=70)
    assert log(session, rested[0]) == ["start", "pause", "resume", "expire"]


def test_handing_in_during_a_break_is_handing_in(rested, session, clock):
    take_break(*rested)
    attempts.submit(rested[0], user_id=rested[1], actor=Actor(), now=clock.forward(minutes=2))

    row = attempt_row(session, rested[0])
    assert (row.state, row.closed_at, row.pause_kind) == ("submitted", clock.at, None)


def test_nobody_takes_a_break_after_the_deadline_not_even_in_its_grace(rested, session, clock):
    with pytest.raises(MoveRefused):
        take_break(*rested, now=clock.forward(minutes=60))
    with pytest.raises(MoveRefused):
        take_break(*rested, now=clock.at + GRACE)

    assert attempt_row(session, rested[0]).deadline_at == factories.NOW + timedelta(minutes=60)


def test_in_the_last_second_there_is_a_break(rested, session, clock):
    take_break(*rested, now=clock.forward(minutes=59, seconds=59))

    assert attempt_row(session, rested[0]).deadline_at == factories.NOW + timedelta(minutes=70)


def test_a_break_in_a_break_is_refused(rested, clock):
    take_break(*rested)

    with pytest.raises(MoveRefused):
        take_break(*rested, now=clock.forward(minutes=1))


def test_without_an_accommodation_there_is_no_break(app):
    user_id = factories.user()

    with pytest.raises(NoBreakLeft):
        take_break(factories.attempt(app, user_id), user_id)


def test_nobody_pauses_or_goes_on_for_another(rested):
    other_id = factories.user("trainee2")

    with pytest.raises(AttemptMissing):
        take_break(rested[0], other_id)
    with pytest.raises(AttemptMissing):
        end_break(rested[0], other_id, now=factories.NOW)


def proctor_pauses(session, attempt_id, user_id, now=factories.NOW):
    sitting_id = attempt_row(session, attempt_id).sitting_id
    proctoring.pause(sitting_id, [attempt_id], reason="alarm", actor=Actor(user_id), now=now)


def test_a_candidate_does_not_end_the_pause_of_a_proctor(rested, session, clock):
    proctor_pauses(session, *rested)

    with pytest.raises(AttemptPaused):
        end_break(*rested, now=clock.forward(minutes=1))
    with pytest.raises(MoveRefused):
        take_break(*rested, now=clock.at)


def test_after_a_pause_that_nobody_ended_there_is_still_a_break(rested, session):
    proctor_pauses(session, *rested)
    later = factories.NOW + LONGEST_PAUSE

    take_break(*rested, now=later)

    row = attempt_row(session, rested[0])
    assert (row.pause_kind, row.pause_since) == ("break", later)
    assert row.deadline_at == later + timedelta(minutes=70)
