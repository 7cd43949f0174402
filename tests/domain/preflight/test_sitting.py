"""Window, roster and proctors of a sitting, at and around every limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.preflight import sitting
from app.domain.preflight.checks import Verdict, overall
from app.domain.preflight.sitting import ProctorFacts, RosterFacts, WindowFacts

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
GO, WARN, NO_GO = Verdict.GO, Verdict.WARN, Verdict.NO_GO
WINDOW = WindowFacts(
    opens_at=NOW + HOUR, closes_at=NOW + 3 * HOUR, cancelled=False, limit=HOUR, factor=1.0
)
ROSTER = RosterFacts(registered=20, enrolled=None, capacity=None)


def window(**changes):
    return overall(sitting.window(replace(WINDOW, **changes), now=NOW))


def roster(**changes):
    return overall(sitting.roster(replace(ROSTER, **changes)))


def test_a_sitting_that_is_yet_to_open_is_a_go():
    assert window() is GO


def test_a_sitting_that_is_open_is_a_go():
    assert window(opens_at=NOW - MINUTE) is GO


def test_a_cancelled_sitting_is_a_no_go():
    assert window(cancelled=True) is NO_GO


@pytest.mark.parametrize(("left", "verdict"), [(MINUTE, WARN), (timedelta(0), NO_GO)])
def test_a_sitting_that_is_over_is_a_no_go(left, verdict):
    assert window(opens_at=NOW - 2 * HOUR, closes_at=NOW + left) is verdict


@pytest.mark.parametrize(("length", "verdict"), [(HOUR, GO), (HOUR - MINUTE, NO_GO)])
def test_the_window_has_to_be_as_long_as_the_exam(length, verdict):
    assert window(closes_at=WINDOW.opens_at + length) is verdict


@pytest.mark.parametrize(("left", "verdict"), [(HOUR, GO), (HOUR - MINUTE, WARN)])
def test_whoever_starts_now_should_have_the_whole_time(left, verdict):
    assert window(opens_at=NOW - HOUR, closes_at=NOW + left) is verdict


@pytest.mark.parametrize(("factor", "verdict"), [(1.0, GO), (2.0, GO), (2.1, WARN)])
def test_extra_time_that_the_window_does_not_hold_is_a_warning(factor, verdict):
    assert window(factor=factor) is verdict


def test_the_warning_tells_until_when_room_and_proctor_are_needed():
    found = sitting.window(replace(WINDOW, factor=2.5), now=NOW)[-1]

    assert found.parameters["until"] == WINDOW.closes_at + 1.5 * HOUR


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, GO),
        ({"registered": 0}, NO_GO),
        ({"registered": 0, "enrolled": 0}, NO_GO),
        ({"registered": 0, "enrolled": 3}, WARN),
        ({"capacity": 20}, GO),
        ({"capacity": 19}, NO_GO),
        ({"unknown": 1}, NO_GO),
        ({"disabled": 1}, WARN),
        ({"without_address": 1}, WARN),
        ({"separate_room": 1}, GO),
        ({"late": 1, "late_until": NOW}, GO),
    ],
)
def test_the_roster_needs_people_who_can_come(changes, verdict):
    assert roster(**changes) is verdict


def test_separate_rooms_and_late_ends_are_told():
    found = sitting.roster(replace(ROSTER, separate_room=2, late=3, late_until=NOW))

    assert [check.parameters["count"] for check in found] == [20, 2, 3]
    assert found[-1].parameters["until"] == NOW


@given(
    registered=st.integers(0, 100),
    enrolled=st.none() | st.integers(0, 100),
    capacity=st.none() | st.integers(0, 100),
)
def test_as_many_are_expected_as_may_come_and_never_fewer_than_have_a_place(
    registered, enrolled, capacity
):
    expected = RosterFacts(registered=registered, enrolled=enrolled, capacity=capacity).expected

    assert registered <= expected <= max(registered, enrolled or 0)
    if capacity is not None and registered <= capacity:
        assert expected <= capacity


@pytest.mark.parametrize(
    ("named", "able", "all_able", "needed", "verdict"),
    [
        (2, 2, 5, True, GO),
        (2, 1, 5, True, WARN),
        (2, 0, 5, False, NO_GO),
        (0, 0, 5, True, WARN),
        (0, 0, 0, True, NO_GO),
        (0, 0, 0, False, WARN),
    ],
)
def test_somebody_has_to_be_able_to_run_it(named, able, all_able, needed, verdict):
    facts = ProctorFacts(named=named, able=able, all_able=all_able, needed=needed)

    assert sitting.proctors(facts).verdict is verdict
