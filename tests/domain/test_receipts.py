"""Receipts and tab tokens: proofs that nobody else can write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.receipts import is_tab_token, receipt, tab_token

NOON = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
KEY = b"k" * 32
SAVE = {
    "key": KEY,
    "attempt_id": 7,
    "position": 3,
    "epoch": 1,
    "seq": 12,
    "answer": ["a", "b"],
    "state": "accepted",
    "received_at": NOON,
}
TAB = {"key": KEY, "attempt_id": 7, "user_id": 5, "epoch": 1}


def test_the_same_save_has_the_same_receipt():
    assert receipt(**SAVE) == receipt(**SAVE)
    assert len(receipt(**SAVE)) == 64


@pytest.mark.parametrize(
    "change",
    [
        {"key": b"x" * 32},
        {"attempt_id": 8},
        {"position": 4},
        {"epoch": 2},
        {"seq": 13},
        {"answer": ["a"]},
        {"answer": ["b", "a"]},
        {"answer": None},
        {"answer": '["a","b"]'},
        {"state": "held"},
        {"received_at": NOON + timedelta(microseconds=1)},
    ],
)
def test_any_changed_field_changes_the_receipt(change):
    assert receipt(**{**SAVE, **change}) != receipt(**SAVE)


numbers = st.tuples(*[st.integers(1, 200)] * 4)


@given(one=numbers, other=numbers)
def test_neighbouring_numbers_never_run_together(one, other):
    fields = ("attempt_id", "position", "epoch", "seq")
    first, second = (
        receipt(**{**SAVE, **dict(zip(fields, values, strict=True))}) for values in (one, other)
    )

    assert (first == second) is (one == other)


def test_the_order_of_pairs_in_an_answer_makes_no_other_receipt():
    one, other = {"1": "r1", "2": "r2"}, {"2": "r2", "1": "r1"}

    assert receipt(**{**SAVE, "answer": one}) == receipt(**{**SAVE, "answer": other})


def test_a_tab_is_known_by_its_token():
    assert is_tab_token(tab_token(**TAB), **TAB)


@pytest.mark.parametrize(
    "change", [{"key": b"x" * 32}, {"attempt_id": 8}, {"user_id": 6}, {"epoch": 2}]
)
def test_a_token_of_another_tab_is_refused(change):
    assert not is_tab_token(tab_token(**{**TAB, **change}), **TAB)


@pytest.mark.parametrize("token", ["", "0" * 32, "名", "\ud800", "x" * 100_000])
def test_a_made_up_token_is_refused(token):
    assert not is_tab_token(token, **TAB)


def test_a_token_is_no_prefix_of_another():
    assert tab_token(**{**TAB, "attempt_id": 1, "user_id": 12}) != tab_token(
        **{**TAB, "attempt_id": 11, "user_id": 2}
    )
