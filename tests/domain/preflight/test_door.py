"""What a sitting asks for at its door."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.preflight.checks import Verdict, overall
from app.domain.preflight.door import DoorFacts, door

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
DAY = timedelta(hours=24)
GO, WARN, NO_GO = Verdict.GO, Verdict.WARN, Verdict.NO_GO
DOOR = DoorFacts(
    access_code="",
    networks=(),
    seb_keys=(),
    needs_admission=False,
    needs_ticket=False,
    open_to_enrolled=False,
    room="",
    opens_at=NOW + DAY,
)


def verdict(**changes):
    return overall(door(replace(DOOR, **changes), now=NOW))


def test_an_open_door_is_a_go_where_there_is_no_room():
    assert verdict() is GO


def test_an_open_door_of_a_room_is_a_warning():
    assert verdict(room="A101") is WARN


@pytest.mark.parametrize(
    "asked",
    [
        {"access_code": "K7QM2P"},
        {"networks": ("10.1.0.0/16",)},
        {"seb_keys": ("a" * 64,)},
        {"needs_admission": True},
        {"needs_ticket": True},
    ],
)
def test_a_room_whose_door_asks_for_something_is_a_go(asked):
    assert verdict(room="A101", **asked) is GO


@pytest.mark.parametrize(("code", "expected"), [("K7QM", GO), ("K7Q", WARN), ("- -", NO_GO)])
def test_an_access_code_has_to_be_one(code, expected):
    assert verdict(access_code=code) is expected


@pytest.mark.parametrize("network", ["10.1.0.0/33", "exam room", "", "300.1.1.1"])
def test_a_network_that_is_none_would_shut_everybody_out(network):
    assert verdict(networks=("10.1.0.0/16", network)) is NO_GO


@pytest.mark.parametrize("network", ["10.1.2.3", "10.1.2.3/16", "2001:db8::/32"])
def test_addresses_and_networks_are_fine(network):
    assert verdict(networks=(network,)) is GO


@pytest.mark.parametrize("key", ["a" * 63, "g" * 64, "", "A" * 64])
def test_a_config_key_that_is_none_would_shut_everybody_out(key):
    assert verdict(seb_keys=(key,)) is NO_GO


@pytest.mark.parametrize(
    ("missing", "opens_in", "expected"),
    [
        (0, timedelta(0), GO),
        (1, DAY + timedelta(seconds=1), WARN),
        (1, DAY, NO_GO),
        (1, -timedelta(hours=1), NO_GO),
    ],
)
def test_everybody_has_a_ticket_a_day_before(missing, opens_in, expected):
    found = verdict(needs_ticket=True, without_ticket=missing, opens_at=NOW + opens_in)

    assert found is expected


def test_missing_tickets_are_nothing_where_none_are_asked_for():
    assert verdict(without_ticket=5) is GO


def test_tickets_do_not_go_with_taking_a_place_by_oneself():
    assert verdict(needs_ticket=True, open_to_enrolled=True) is WARN
