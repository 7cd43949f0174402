"""Changes of state: each one checked, each one in the log, and a deadline that never drifts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.db import db, transaction
from app.domain.attempts import AttemptState, Move, MoveRefused
from app.domain.pauses import LONGEST_PAUSE, Pause, PauseKind, begin_proctor_pause
from app.models.attempts import Attempt, AttemptEvent
from app.models.sittings import Registration, RegistrationEvent, Sitting
from app.services import transitions
from app.services.trail import SYSTEM, Actor
from tests import factories
from tests.factories import NOW

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
WINDOW_END = NOW + 8 * HOUR


@pytest.fixture
def attempt(app):
    """A running attempt of an hour; its row is in the session."""
    return db.session.get_one(Attempt, factories.attempt(app))


def events(kind=None):
    rows = db.session.scalars(select(AttemptEvent).order_by(AttemptEvent.id))
    return [row for row in rows if kind is None or row.kind == kind]


def rest(minutes=10):
    return Pause(PauseKind.BREAK, NOW, NOW + minutes * MINUTE)


def test_a_move_is_one_entry_with_who_when_and_from_where(attempt):
    actor = Actor(attempt.user_id, "10.1.2.3", "b" * 300)

    with transaction():
        event_id = transitions.step(attempt, Move.SUBMIT, actor=actor, now=NOW, why="done")

    (event,) = events("submit")
    assert attempt.state == "submitted"
    assert event.id == event_id
    assert (event.actor_id, event.address, event.browser, event.at, event.detail) == (
        attempt.user_id, "10.1.2.3", "b" * 200, NOW, {"why": "done"}
    )  # fmt: skip


def test_a_move_that_is_not_allowed_changes_nothing_and_logs_nothing(attempt):
    before = len(events())

    with pytest.raises(MoveRefused), transaction():
        transitions.step(attempt, Move.RELEASE, actor=SYSTEM, now=NOW)

    assert db.session.get_one(Attempt, attempt.id).state == "in_progress"
    assert len(events()) == before


def test_a_move_that_is_rolled_back_leaves_no_entry(attempt):
    with pytest.raises(ZeroDivisionError), transaction():
        transitions.step(attempt, Move.SUBMIT, actor=SYSTEM, now=NOW)
        raise ZeroDivisionError

    assert not events("submit")
    assert db.session.get_one(Attempt, attempt.id).state == "in_progress"


def test_a_registration_moves_and_is_logged_in_the_same_way(attempt, session):
    place = session.get_one(Registration, attempt.registration_id)

    with transaction():
        transitions.step_registration(
            place, Move.VOID, actor=Actor(attempt.user_id), now=NOW, reason="ill"
        )

    assert place.state == "voided"
    logged = session.scalar(select(RegistrationEvent).where(RegistrationEvent.kind == "void"))
    assert (logged.actor_id, logged.detail) == (attempt.user_id, {"reason": "ill"})
    with pytest.raises(MoveRefused), transaction():
        transitions.step_registration(place, Move.MAKE_READY, actor=SYSTEM, now=NOW)


def test_a_pause_moves_the_deadline_by_as_long_as_it_may_last(attempt):
    with transaction():
        transitions.begin_pause(attempt, rest(), actor=SYSTEM, now=NOW)

    assert attempt.state == "paused"
    assert attempt.deadline_at == NOW + HOUR + 10 * MINUTE
    assert transitions.pause_of(attempt) == rest()


def pause_for(attempt, lasts, *, pause=None, window_end=WINDOW_END):
    with transaction():
        transitions.begin_pause(attempt, pause or rest(), actor=SYSTEM, now=NOW)
    with transaction():
        transitions.end_pause(attempt, window_end=window_end, actor=SYSTEM, now=NOW + lasts)


def test_whoever_comes_back_early_gets_back_what_the_pause_took_and_no_more(attempt):
    pause_for(attempt, 4 * MINUTE)

    assert attempt.state == "in_progress"
    assert attempt.deadline_at == NOW + HOUR + 4 * MINUTE
    assert (attempt.granted_seconds, attempt.break_used_seconds) == (240, 240)
    assert transitions.pause_of(attempt) is None


def test_parts_of_a_second_are_not_given(attempt):
    pause_for(attempt, timedelta(seconds=4, milliseconds=999))

    assert attempt.deadline_at == NOW + HOUR + timedelta(seconds=4)


def test_a_pause_of_the_proctor_uses_up_no_break(attempt):
    pause_for(attempt, 4 * MINUTE, pause=begin_proctor_pause(now=NOW))

    assert attempt.deadline_at == NOW + HOUR + 4 * MINUTE
    assert (attempt.granted_seconds, attempt.break_used_seconds) == (240, 0)


def test_a_pause_moves_the_end_of_the_window_for_this_person(attempt):
    pause_for(attempt, 4 * MINUTE, window_end=NOW + HOUR)

    assert attempt.deadline_at == NOW + HOUR + 4 * MINUTE
    assert attempt.late_seconds == 240


@pytest.mark.parametrize("minutes", [4, 10, 11])
def test_the_row_always_holds_the_deadline_of_the_rules(attempt, minutes):
    with transaction():
        transitions.begin_pause(attempt, rest(), actor=SYSTEM, now=NOW)
    during = transitions.deadline_of(attempt, window_end=WINDOW_END)
    assert attempt.deadline_at == during

    with transaction():
        transitions.end_pause(
            attempt, window_end=WINDOW_END, actor=SYSTEM, now=NOW + minutes * MINUTE
        )

    assert attempt.deadline_at == transitions.deadline_of(attempt, window_end=WINDOW_END)
    assert attempt.deadline_at == NOW + HOUR + min(minutes, 10) * MINUTE


def test_a_pause_that_is_not_over_is_not_ended(attempt):
    with transaction():
        transitions.begin_pause(attempt, rest(), actor=SYSTEM, now=NOW)
    almost = NOW + 10 * MINUTE - timedelta(microseconds=1)

    with transaction():
        ended = transitions.end_pause_if_over(attempt, window_end=WINDOW_END, now=almost)

    assert not ended
    assert attempt.state == "paused"


def test_a_pause_that_ended_by_itself_ended_then_and_not_when_somebody_looks(attempt):
    with transaction():
        transitions.begin_pause(attempt, rest(), actor=Actor(attempt.user_id), now=NOW)

    with transaction():
        ended = transitions.end_pause_if_over(attempt, window_end=WINDOW_END, now=NOW + 5 * HOUR)

    (event,) = events("resume")
    assert ended
    assert (event.at, event.actor_id) == (NOW + 10 * MINUTE, None)
    assert attempt.notice_id == event.id
    assert attempt.deadline_at == NOW + HOUR + 10 * MINUTE


def test_without_a_pause_there_is_none_to_end(attempt):
    with transaction():
        assert not transitions.end_pause_if_over(
            attempt, window_end=WINDOW_END, now=NOW + LONGEST_PAUSE
        )
    with pytest.raises(MoveRefused), transaction():
        transitions.end_pause(attempt, window_end=WINDOW_END, actor=SYSTEM, now=NOW)


def test_closing_ends_a_pause_too(attempt):
    with transaction():
        transitions.begin_pause(attempt, rest(), actor=SYSTEM, now=NOW)
    with transaction():
        transitions.close(attempt, Move.SUBMIT, at=NOW, actor=SYSTEM, now=NOW)

    assert (attempt.state, attempt.closed_at, attempt.pause_kind) == ("submitted", NOW, None)
    assert events("submit")[0].detail == {"closed_at": NOW.isoformat()}


def test_what_is_over_expires_as_of_its_deadline_with_the_whole_of_its_pause(attempt, session):
    window_end = session.get_one(Sitting, attempt.sitting_id).closes_at
    with transaction():
        transitions.begin_pause(attempt, rest(), actor=SYSTEM, now=NOW)
    with transaction():
        transitions.expire_as_due(attempt, window_end=window_end, now=NOW + 3 * HOUR)

    assert (attempt.state, attempt.closed_at) == ("expired", NOW + HOUR + 10 * MINUTE)
    assert [event.kind for event in events()] == ["start", "pause", "resume", "expire"]
    assert attempt.deadline_at == transitions.deadline_of(attempt, window_end=window_end)


def test_every_change_of_state_is_one_entry(attempt, session):
    pause_for(attempt, MINUTE)
    with transaction():
        transitions.close(attempt, Move.SUBMIT, at=NOW, actor=SYSTEM, now=NOW)
    for move in (Move.SEND_TO_MARKING, Move.SCORE, Move.RELEASE, Move.VOID):
        with transaction():
            transitions.step(attempt, move, actor=SYSTEM, now=NOW)

    assert attempt.state == AttemptState.VOIDED
    assert session.scalar(select(func.count()).select_from(AttemptEvent)) == 8
