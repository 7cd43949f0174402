"""Whom a mail can reach, and when it is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.mails import MOST_TRIES, AddressUnusable, checked_address, due_at

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)


def test_a_mail_is_tried_at_once_and_then_with_growing_waits():
    waits = [due_at(NOW, tries) - NOW for tries in range(5)]

    assert waits == [timedelta(minutes=minutes) for minutes in (0, 1, 3, 7, 15)]


@given(st.integers(0, MOST_TRIES - 2))
def test_every_wait_is_longer_than_the_one_before(tries):
    assert due_at(NOW, tries + 1) - due_at(NOW, tries) >= timedelta(minutes=2**tries)


def test_after_ten_tries_a_mail_is_given_up():
    assert due_at(NOW, MOST_TRIES - 1) is not None
    assert due_at(NOW, MOST_TRIES) is None


@pytest.mark.parametrize(
    "address",
    ["a@b", "w.zhang@example.org", "exams+1@mail.example.org", "o'neill@example.org"],
)
def test_an_address_is_kept_without_the_blanks_around_it(address):
    assert checked_address(f"  {address} ") == address


def test_no_address_is_fine():
    assert checked_address("  ") == ""


@pytest.mark.parametrize(
    "address",
    [
        "somebody",
        "@example.org",
        "a@",
        "a b@example.org",
        "a@example.org, c@example.org",
        "a@example.org\nBcc: c@example.org",
        "张伟@example.org",
        "a@" + "b" * 200,
    ],
)
def test_what_no_mail_could_reach_is_refused(address):
    with pytest.raises(AddressUnusable):
        checked_address(address)
