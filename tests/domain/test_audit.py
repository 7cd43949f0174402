"""The chain of the audit log."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.audit import START, Entry, chained_hash, first_break

NOON = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)


def entry(number):
    return Entry(
        at=NOON + timedelta(minutes=number),
        actor_id=number,
        action="question.edited",
        subject=f"question:{number}",
        detail={"version": number, "reason": "改正"},
        address="10.0.0.1",
    )


def log(count=5):
    previous, rows = START, []
    for number in range(1, count + 1):
        hash_ = chained_hash(previous, entry(number))
        rows.append((number, entry(number), previous, hash_))
        previous = hash_
    return rows


def test_an_untouched_log_has_no_break():
    assert first_break(log()) is None
    assert first_break([]) is None


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize(
    "change",
    [
        {"at": NOON},
        {"actor_id": None},
        {"action": "question.read"},
        {"subject": "question:99"},
        {"detail": {}},
        {"detail": {"version": "1", "reason": "改正"}},
        {"address": ""},
    ],
)
def test_any_change_of_an_entry_is_found_where_it_is(place, change):
    rows = log()
    id_, changed, previous, hash_ = rows[place]
    rows[place] = (id_, replace(changed, **change), previous, hash_)

    assert first_break(rows) == id_


@pytest.mark.parametrize("place", range(4))
def test_a_changed_entry_with_a_new_hash_breaks_the_next(place):
    rows = log()
    id_, changed, previous, _ = rows[place]
    changed = replace(changed, subject="question:99")
    rows[place] = (id_, changed, previous, chained_hash(previous, changed))

    assert first_break(rows) == id_ + 1


@pytest.mark.parametrize("place", range(4))
def test_a_deleted_entry_is_found(place):
    rows = log()
    del rows[place]

    assert first_break(rows) == place + 2


@pytest.mark.parametrize("place", range(4))
def test_swapped_entries_are_found(place):
    rows = log()
    rows[place], rows[place + 1] = rows[place + 1], rows[place]

    assert first_break(rows) == place + 2


def test_an_entry_put_in_between_is_found():
    rows = log()
    rows.insert(2, (9, entry(9), rows[1][3], chained_hash(rows[1][3], entry(9))))

    assert first_break(rows) == 3


def test_the_order_of_details_makes_no_other_hash():
    one = replace(entry(1), detail={"a": 1, "b": 2})
    other = replace(entry(1), detail={"b": 2, "a": 1})

    assert chained_hash(START, one) == chained_hash(START, other)
