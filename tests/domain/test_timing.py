"""Deadlines: decided by the server's clock alone, and never later than they were."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import timing
from app.domain.accommodations import Provision
from app.domain.timing import (
    GRACE,
    SWEEP_DELAY,
    Arrival,
    Clockwork,
    arrival,
    deadline,
    is_over,
    is_sweepable,
    remaining,
)

NOON = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
HOUR = timedelta(hours=1)

spans = st.timedeltas(timedelta(0), timedelta(hours=4))
clockworks = st.builds(
    Clockwork,
    started_at=st.just(NOON),
    limit=spans,
    window_end=spans.map(lambda span: NOON + span),
    factor=st.floats(1.0, 3.0),
    granted=spans,
    late_allowance=spans,
)
steps = st.lists(
    st.tuples(
        st.sampled_from(["read", "save", "start", "other tab"]),
        st.timedeltas(timedelta(0), timedelta(minutes=40)),
        st.timedeltas(timedelta(days=-9), timedelta(days=9)),
    ),
    max_size=20,
)


def exam(**changes):
    return Clockwork(
        **{"started_at": NOON, "limit": HOUR, "window_end": NOON + 8 * HOUR, **changes}
    )


@given(clockwork=clockworks, steps=steps)
def test_nothing_that_a_browser_does_moves_the_deadline(clockwork, steps):
    first = ends = deadline(clockwork)
    now, left, over = clockwork.started_at, remaining(ends, now=clockwork.started_at), False

    for _, passed, browser_jump in steps:
        now += passed
        _browser_clock = now + browser_jump  # no function of timing takes it
        ends = deadline(clockwork)

        assert ends == first
        assert remaining(ends, now=now) == max(left - passed, timedelta(0))
        assert not over or arrival(ends, now=now) is Arrival.LATE
        left, over = remaining(ends, now=now), is_over(ends, now=now)


def test_only_the_servers_facts_go_into_a_deadline():
    functions = [deadline, remaining, arrival, is_over, is_sweepable]
    inputs = {name for function in functions for name in inspect.signature(function).parameters}

    assert inputs == {"clockwork", "deadline_at", "now"}
    assert set(Clockwork.__slots__) == {
        "started_at", "limit", "window_end", "factor", "granted", "late_allowance"
    }  # fmt: skip
    assert {name for name, kind in vars(timing).items() if inspect.isfunction(kind)} >= {
        function.__name__ for function in functions
    }


@given(clockwork=clockworks)
def test_the_deadline_is_bound_by_the_person_and_by_the_window(clockwork):
    personal = NOON + clockwork.limit * clockwork.factor + clockwork.granted
    window = clockwork.window_end + clockwork.late_allowance

    ends = deadline(clockwork)

    assert ends in (personal, window)
    assert ends <= personal
    assert ends <= window


@pytest.mark.parametrize(
    ("changes", "ends"),
    [
        ({}, NOON + HOUR),
        ({"factor": 1.5}, NOON + 1.5 * HOUR),
        ({"granted": timedelta(minutes=5)}, NOON + timedelta(minutes=65)),
        ({"factor": 2.0, "granted": timedelta(minutes=5)}, NOON + timedelta(minutes=125)),
        ({"window_end": NOON + HOUR / 2}, NOON + HOUR / 2),
        ({"window_end": NOON + HOUR / 2, "granted": HOUR}, NOON + HOUR / 2),
        ({"window_end": NOON + HOUR / 2, "late_allowance": HOUR / 4}, NOON + HOUR * 3 / 4),
        ({"late_allowance": HOUR}, NOON + HOUR),
        ({"started_at": NOON + HOUR / 3}, NOON + HOUR * 4 / 3),
    ],
)
def test_the_deadline_is_the_earlier_of_two(changes, ends):
    assert deadline(exam(**changes)) == ends


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOON - HOUR, Arrival.IN_TIME),
        (NOON, Arrival.IN_TIME),
        (NOON + TICK, Arrival.IN_TIME),
        (NOON + GRACE, Arrival.IN_TIME),
        (NOON + GRACE + TICK, Arrival.LATE),
        (NOON + SWEEP_DELAY, Arrival.LATE),
    ],
)
def test_a_save_counts_until_the_grace_has_passed(now, expected):
    assert arrival(NOON, now=now) is expected
    assert is_over(NOON, now=now) is (expected is Arrival.LATE)


@pytest.mark.parametrize(
    ("now", "sweepable"),
    [
        (NOON, False),
        (NOON + GRACE + TICK, False),
        (NOON + SWEEP_DELAY - TICK, False),
        (NOON + SWEEP_DELAY, True),
    ],
)
def test_the_sweeper_waits_until_no_browser_is_on_its_way(now, sweepable):
    assert is_sweepable(NOON, now=now) is sweepable


@given(late=st.timedeltas(-HOUR, HOUR))
def test_the_sweeper_takes_nothing_that_still_counts(late):
    now = NOON + late

    assert not (is_sweepable(NOON, now=now) and arrival(NOON, now=now) is Arrival.IN_TIME)


@pytest.mark.parametrize(
    ("now", "left"),
    [(NOON - TICK, TICK), (NOON, timedelta(0)), (NOON + TICK, timedelta(0)), (NOON - HOUR, HOUR)],
)
def test_time_left_is_never_negative(now, left):
    assert remaining(NOON, now=now) == left


@given(
    factor=st.sampled_from([1.0, 1.1, 1.25, 1.5, 2.0, 3.0]),
    minutes=st.integers(1, 600),
    late=st.timedeltas(timedelta(0), HOUR),
)
def test_extra_time_is_whole_where_the_window_is_as_long_as_the_exam(factor, minutes, late):
    limit = timedelta(minutes=minutes)
    allowed = Provision(time_factor=factor).late_allowance(limit)

    ends = deadline(
        exam(limit=limit, factor=factor, window_end=NOON + limit, late_allowance=allowed + late)
    )

    assert abs(ends - (NOON + limit * factor)) <= TICK


@given(clockwork=clockworks, still=spans)
def test_a_pause_moves_the_deadline_by_itself_and_no_more(clockwork, still):
    paused = replace(
        clockwork,
        granted=clockwork.granted + still,
        late_allowance=clockwork.late_allowance + still,
    )

    assert deadline(paused) == deadline(clockwork) + still


@given(clockwork=clockworks, minutes=st.integers(1, 240))
def test_minutes_within_the_window_never_go_beyond_it(clockwork, minutes):
    more = timedelta(minutes=minutes)
    given_more = replace(clockwork, granted=clockwork.granted + more)

    ends = deadline(given_more)

    assert deadline(clockwork) <= ends <= deadline(clockwork) + more
    assert ends <= clockwork.window_end + clockwork.late_allowance
