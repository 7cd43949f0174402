"""When failed log-ins lock, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.lockout import FAILURES, WINDOW, locked_until

NOON = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)

failures = st.lists(
    st.timedeltas(timedelta(hours=-1), timedelta(minutes=5)).map(lambda ago: NOON + ago),
    max_size=12,
)


def ago(*minutes):
    return [NOON - one * MINUTE for one in minutes]


@pytest.mark.parametrize(
    ("times", "until"),
    [
        (ago(), None),
        (ago(1, 2, 3, 4), None),
        (ago(0, 1, 2, 3, 4), NOON + 11 * MINUTE),
        (ago(4, 0, 2, 1, 3), NOON + 11 * MINUTE),
        (ago(0, 0, 0, 0, 0), NOON + 15 * MINUTE),
        (ago(0, 1, 2, 3, 4, 5, 6), NOON + 11 * MINUTE),
        (ago(1, 2, 3, 4, 20), None),
        (ago(1, 2, 3, 4, 15), None),
        ([*ago(1, 2, 3, 4), NOON - WINDOW + TICK], NOON + TICK),
        ([*ago(1, 2, 3, 4), NOON + TICK], None),
    ],
)
def test_five_failures_in_fifteen_minutes_lock(times, until):
    assert locked_until(times, now=NOON) == until


@given(times=failures)
def test_a_lock_is_over_when_it_says(times):
    until = locked_until(times, now=NOON)

    if until is not None:
        assert NOON < until <= NOON + WINDOW
        past = [at for at in times if at <= NOON]
        assert locked_until(past, now=until) is None
        assert locked_until(past, now=until - TICK) is not None


@given(times=failures, data=st.data())
def test_the_order_of_failures_changes_nothing(times, data):
    again = data.draw(st.permutations(times))

    assert locked_until(again, now=NOON) == locked_until(times, now=NOON)


def test_another_limit_may_be_asked_for():
    assert locked_until(ago(1) * (FAILURES * 2 - 1), now=NOON, limit=FAILURES * 2) is None
    assert locked_until(ago(1) * FAILURES * 2, now=NOON, limit=FAILURES * 2) is not None
