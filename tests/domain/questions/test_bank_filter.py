"""Filters of the bank go into an address and come back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.questions.bank_filter import BankFilter, BankSort

words = st.text("ab客户 -01", max_size=8).map(str.strip)
numbers = st.none() | st.integers(0, 1000)
filters = st.builds(
    BankFilter,
    search=words,
    lesson=words,
    difficulty=numbers,
    author=numbers,
    papers_least=numbers,
    attempts_most=numbers,
    last_papers=numbers,
    changed_since=st.none() | st.dates(date(1970, 1, 1), date(9998, 12, 31)),
    sort=st.sampled_from(["", *BankSort]),
)


@given(filters)
def test_what_is_written_is_read_back(wanted):
    assert BankFilter.read(wanted.dump()) == wanted


def test_only_what_is_set_is_written():
    wanted = BankFilter(search="客户", author=0, changed_since=date(2026, 11, 2))

    assert wanted.dump() == {"search": "客户", "author": "0", "changed_since": "2026-11-02"}
    assert BankFilter().dump() == {}


@pytest.mark.parametrize(
    "raw",
    [
        {"difficulty": "hard"},
        {"difficulty": "-1"},
        {"author": "１"},
        {"changed_since": "yesterday"},
        {"papers_least": "1.5"},
        {"unknown": "x", "page": "3"},
        {"live": "maybe", "used": "1"},
        {"state": "nonsense", "type": "essay", "level": "5", "pool": "both"},
        {"flag": "odd", "sort": "size"},
    ],
)
def test_what_means_nothing_leaves_its_filter_open(raw):
    assert BankFilter.read(raw) == BankFilter()


def test_values_are_cut_and_nul_is_dropped():
    found = BankFilter.read({"search": " a\x00b" + "x" * 200, "papers_most": "9" * 90})

    assert (found.search[:2], len(found.search), found.papers_most) == ("ab", 100, 1_000_000)


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31"])
def test_every_day_has_a_moment_in_every_zone(text):
    day = BankFilter.read({"changed_since": text}).changed_since

    for hours in (-14, 14):
        datetime.combine(day, time.min, timezone(timedelta(hours=hours))).astimezone(UTC)


@pytest.mark.parametrize(
    ("wanted", "order"),
    [
        (BankFilter(), BankSort.ID),
        (BankFilter(search="x"), BankSort.RELEVANCE),
        (BankFilter(search="x", sort="changed"), BankSort.CHANGED),
        (BankFilter(sort="no such"), BankSort.ID),
    ],
)
def test_the_order_that_goes_without_saying(wanted, order):
    assert wanted.order is order
