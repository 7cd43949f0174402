"""Where a candidate is right now: from state, last contact, last answer, deadline and pause."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.attempts import AttemptState
from app.domain.presence import IDLE_AFTER, OFFLINE_AFTER, Presence, presence
from app.domain.timing import GRACE

NOON = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def at(state=AttemptState.IN_PROGRESS, **changes):
    """The presence at noon of somebody who is there and has just answered."""
    known = {
        "seen_at": NOON,
        "saved_at": NOON,
        "started_at": NOON - timedelta(hours=1),
        "deadline_at": NOON + timedelta(hours=1),
    }
    return presence(state, **{**known, **changes}, now=NOON)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (AttemptState.REGISTERED, Presence.REGISTERED),
        (AttemptState.READY, Presence.READY),
        (AttemptState.IN_PROGRESS, Presence.WORKING),
        (AttemptState.PAUSED, Presence.PAUSED),
        (AttemptState.SUBMITTED, Presence.FINISHED),
        (AttemptState.EXPIRED, Presence.FINISHED),
        (AttemptState.MARKING, Presence.FINISHED),
        (AttemptState.SCORED, Presence.FINISHED),
        (AttemptState.RELEASED, Presence.FINISHED),
        (AttemptState.VOIDED, Presence.VOIDED),
    ],
)
def test_every_state_has_its_presence(state, expected):
    assert at(state) is expected


def test_three_missed_heartbeats_are_offline():
    assert at(seen_at=NOON - OFFLINE_AFTER) is Presence.WORKING
    assert at(seen_at=NOON - OFFLINE_AFTER - TICK) is Presence.OFFLINE


def test_who_has_not_answered_for_long_is_idle():
    assert at(saved_at=NOON - IDLE_AFTER) is Presence.WORKING
    assert at(saved_at=NOON - IDLE_AFTER - TICK) is Presence.IDLE


def test_who_has_just_started_is_not_idle_without_an_answer():
    assert at(saved_at=None, started_at=NOON - IDLE_AFTER) is Presence.WORKING
    assert at(saved_at=None, started_at=NOON - IDLE_AFTER - TICK) is Presence.IDLE


def test_a_clock_that_ran_out_is_the_end_before_anybody_writes_it_down():
    assert at(deadline_at=NOON - GRACE) is Presence.WORKING
    assert at(deadline_at=NOON - GRACE - TICK) is Presence.FINISHED


def test_a_pause_that_ran_out_no_longer_hides_that_somebody_is_away():
    gone = {"seen_at": NOON - timedelta(minutes=20)}

    assert at(AttemptState.PAUSED, pause_ends_at=NOON + TICK, **gone) is Presence.PAUSED
    assert at(AttemptState.PAUSED, pause_ends_at=NOON, **gone) is Presence.OFFLINE
