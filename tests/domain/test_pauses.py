"""Pauses: the clock stands still for as long as the pause really was, and never longer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import ErrorKind
from app.domain.pauses import (
    LONGEST_PAUSE,
    NoBreakLeft,
    Pause,
    PauseKind,
    begin_break,
    begin_proctor_pause,
    hides_from,
    is_over,
    length,
)
from app.domain.timing import GRACE

NOON = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)

spans = st.timedeltas(timedelta(0), timedelta(hours=24))
pauses = st.builds(
    lambda kind, planned: Pause(kind, NOON, NOON + planned), st.sampled_from(PauseKind), spans
)


def pause(minutes=10):
    return Pause(PauseKind.BREAK, NOON, NOON + minutes * MINUTE)


def test_a_break_lasts_as_long_as_what_is_left_of_the_allowance():
    begun = begin_break(allowance=15 * MINUTE, used=6 * MINUTE, now=NOON)

    assert begun == Pause(PauseKind.BREAK, NOON, NOON + 9 * MINUTE)
    assert begun.planned == 9 * MINUTE


@pytest.mark.parametrize(
    ("allowance", "used"), [(0, 0), (15, 15), (15, 16)], ids=["none", "used up", "more than used"]
)
def test_without_an_allowance_there_is_no_break(allowance, used):
    with pytest.raises(NoBreakLeft) as refused:
        begin_break(allowance=allowance * MINUTE, used=used * MINUTE, now=NOON)

    assert refused.value.code == "no-break-left"
    assert refused.value.kind is ErrorKind.CONFLICT


def test_the_last_second_of_an_allowance_is_a_break():
    begun = begin_break(allowance=15 * MINUTE, used=15 * MINUTE - timedelta(seconds=1), now=NOON)

    assert begun.planned == timedelta(seconds=1)


def test_a_proctors_pause_ends_by_itself_after_half_a_day():
    begun = begin_proctor_pause(now=NOON)

    assert begun == Pause(PauseKind.PROCTOR, NOON, NOON + LONGEST_PAUSE)
    assert timedelta(hours=1) < LONGEST_PAUSE < timedelta(days=1)


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (NOON, timedelta(0)),
        (NOON + TICK, TICK),
        (NOON + 10 * MINUTE, 10 * MINUTE),
        (NOON + 10 * MINUTE + TICK, 10 * MINUTE),
        (NOON + timedelta(days=3), 10 * MINUTE),
        (NOON - MINUTE, timedelta(0)),
    ],
)
def test_the_clock_stands_still_until_the_pause_ends_or_has_ended(until, expected):
    assert length(pause(), until=until) == expected


@given(paused=pauses, after=st.timedeltas(timedelta(days=-2), timedelta(days=2)))
def test_no_pause_gives_more_time_than_has_passed_or_was_planned(paused, after):
    given_back = length(paused, until=paused.since + after)

    assert timedelta(0) <= given_back <= paused.planned
    assert given_back <= max(after, timedelta(0))


@given(
    allowance=st.timedeltas(timedelta(0), timedelta(hours=4)),
    steps=st.lists(st.tuples(spans, spans), max_size=12),
)
def test_breaks_together_never_exceed_the_allowance(allowance, steps):
    now, used = NOON, timedelta(0)

    for works, rests in steps:
        now += works
        if used >= allowance:
            with pytest.raises(NoBreakLeft):
                begin_break(allowance=allowance, used=used, now=now)
            continue
        begun = begin_break(allowance=allowance, used=used, now=now)
        now += rests
        used += length(begun, until=now)

    assert used <= allowance


@pytest.mark.parametrize(
    ("now", "over"),
    [(NOON, False), (NOON + 10 * MINUTE - TICK, False), (NOON + 10 * MINUTE, True)],
)
def test_a_pause_is_over_at_its_end(now, over):
    assert is_over(pause(), now=now) is over


@pytest.mark.parametrize(
    ("now", "hidden"),
    [
        (NOON, False),
        (NOON + GRACE, False),
        (NOON + GRACE + TICK, True),
        (NOON + 10 * MINUTE - TICK, True),
        (NOON + 10 * MINUTE, False),
    ],
)
def test_what_was_written_before_a_pause_may_arrive_in_its_first_seconds(now, hidden):
    assert hides_from(pause(), now=now) is hidden


def test_a_pause_shorter_than_the_grace_hides_nothing():
    short = Pause(PauseKind.BREAK, NOON, NOON + GRACE)

    assert not any(hides_from(short, now=NOON + second * GRACE / 10) for second in range(30))
