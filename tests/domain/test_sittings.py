"""Where a sitting stands, and what the rules at its door may be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import DomainError
from app.domain.sittings import (
    SittingState,
    access_code_of,
    config_keys_of,
    networks_of,
    sitting_state,
)

NINE = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
KEY = "ab" * 32


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (NINE - timedelta(seconds=1), SittingState.PLANNED),
        (NINE, SittingState.OPEN),
        (TEN - timedelta(seconds=1), SittingState.OPEN),
        (TEN, SittingState.CLOSED),
    ],
)
def test_the_window_begins_with_its_first_moment_and_ends_before_its_last(now, state):
    assert sitting_state(NINE, TEN, cancelled_at=None, now=now) is state


def test_a_cancelled_sitting_is_cancelled_at_any_time():
    found = {
        sitting_state(NINE, TEN, cancelled_at=NINE, now=NINE + timedelta(hours=hours))
        for hours in (-1, 0, 2)
    }

    assert found == {SittingState.CANCELLED}


@pytest.mark.parametrize(
    ("typed", "kept"), [("", ""), ("  ", ""), ("ab-12 c", "AB12C"), ("K7PQ", "K7PQ")]
)
def test_an_access_code_is_kept_as_it_is_compared(typed, kept):
    assert access_code_of(typed) == kept


@pytest.mark.parametrize("typed", ["abc", "--", "x" * 21, "考场口令"])
def test_an_access_code_that_nobody_can_type_well_is_refused(typed):
    with pytest.raises(DomainError) as refused:
        access_code_of(typed)

    assert refused.value.code == "access-code-wrong"


def test_networks_are_read_line_by_line():
    text = "10.1.0.0/16\n\n 10.2.3.4 \r\n2001:db8::/32\n10.1.9.9/16"

    assert networks_of(text) == ("10.1.0.0/16", "10.2.3.4/32", "2001:db8::/32")


def test_a_network_that_is_none_is_refused_by_its_line():
    with pytest.raises(DomainError) as refused:
        networks_of("10.1.0.0/16\n\n10.1.0.0/99")

    assert refused.value.parameters == {"number": 3, "line": "10.1.0.0/99"}


def test_config_keys_are_read_in_small_letters_and_once():
    assert config_keys_of(f"{KEY}\n{KEY.upper()}\n") == (KEY,)


@pytest.mark.parametrize("line", ["ab" * 31, "zz" * 32, KEY + "0"])
def test_a_config_key_that_is_none_is_refused_by_its_line(line):
    with pytest.raises(DomainError) as refused:
        config_keys_of(f"{KEY}\n{line}")

    assert refused.value.parameters == {"number": 2}
