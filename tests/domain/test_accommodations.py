"""What an approval gives, when it stands, and which ones are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.accommodations import (
    NOTHING,
    Accommodation,
    AccommodationRefused,
    Standing,
    check_accommodation,
    provision,
)

TODAY = date(2026, 11, 2)
DAY = timedelta(days=1)
GIVEN = Accommodation(
    time_factor=1.25,
    break_minutes=10,
    larger_text=False,
    separate_room=False,
    valid_from=TODAY,
    valid_until=TODAY,
)

days = st.integers(-5, 5).map(lambda n: TODAY + n * DAY)
accommodations = st.builds(
    Accommodation,
    time_factor=st.sampled_from([1.0, 1.25, 1.5, 3.0]),
    break_minutes=st.sampled_from([0, 10, 240]),
    larger_text=st.booleans(),
    separate_room=st.booleans(),
    valid_from=days,
    valid_until=st.none() | days,
)


@pytest.mark.parametrize(
    ("first", "last", "standing"),
    [
        (TODAY, TODAY, Standing.VALID),
        (TODAY - DAY, None, Standing.VALID),
        (TODAY + DAY, None, Standing.FUTURE),
        (TODAY - 2 * DAY, TODAY - DAY, Standing.ENDED),
    ],
)
def test_both_days_belong_to_the_validity(first, last, standing):
    item = replace(GIVEN, valid_from=first, valid_until=last)

    assert item.standing(TODAY) is standing
    assert item.standing(TODAY, revoked=True) is Standing.REVOKED


@given(accommodations)
def test_it_is_valid_exactly_where_it_stands_as_valid(item):
    assert (item.standing(TODAY) is Standing.VALID) is item.is_valid(TODAY)


@given(st.lists(accommodations, max_size=4), accommodations)
def test_one_more_approval_never_takes_anything_away(items, more):
    before, after = provision(items, on=TODAY), provision([*items, more], on=TODAY)

    assert after.time_factor >= before.time_factor
    assert after.breaks >= before.breaks
    assert after.larger_text >= before.larger_text
    assert after.separate_room >= before.separate_room


@given(st.lists(accommodations, max_size=4))
def test_what_is_not_valid_on_the_day_gives_nothing(items):
    standing = [item for item in items if item.is_valid(TODAY)]

    assert provision(items, on=TODAY) == provision(standing, on=TODAY)
    assert provision([], on=TODAY) == NOTHING


@pytest.mark.parametrize(
    "changes",
    [
        {"time_factor": 3.0},
        {"time_factor": 1.0},
        {"break_minutes": 240},
        {"break_minutes": 0},
        {"time_factor": 1.0, "break_minutes": 0, "larger_text": True},
        {"time_factor": 1.0, "break_minutes": 0, "separate_room": True},
        {"valid_until": None},
        {"valid_from": TODAY - DAY},
        {"valid_from": TODAY + DAY, "valid_until": TODAY + DAY},
    ],
)
def test_what_makes_sense_is_let_through(changes):
    check_accommodation(replace(GIVEN, **changes), on=TODAY)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"time_factor": 0.99}, "factor-out-of-range"),
        ({"time_factor": 3.01}, "factor-out-of-range"),
        ({"time_factor": float("nan")}, "factor-out-of-range"),
        ({"time_factor": float("inf")}, "factor-out-of-range"),
        ({"break_minutes": -1}, "break-out-of-range"),
        ({"break_minutes": 241}, "break-out-of-range"),
        ({"time_factor": 1.0, "break_minutes": 0}, "no-effect"),
        ({"valid_until": TODAY - DAY}, "ends-before"),
        ({"valid_from": TODAY - 2 * DAY, "valid_until": TODAY - DAY}, "ended-already"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_reason(changes, code):
    with pytest.raises(AccommodationRefused) as refused:
        check_accommodation(replace(GIVEN, **changes), on=TODAY)

    assert refused.value.code == code
