"""Signals: what counts as being away, and who may say what about it, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.events import ReviewDecision
from app.domain.signals import (
    LONGEST_NOTE,
    LONGEST_STATEMENT,
    MOST_STATEMENTS,
    ReviewRefused,
    StatementRefused,
    checked_note,
    checked_statement,
    is_short,
    may_state,
    seconds_away,
)

END = datetime(2026, 11, 2, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "said", [None, True, "9", [9], -1, 86_401, float("nan"), float("inf"), 10**400]
)
def test_what_a_page_cannot_mean_counts_as_nothing(said):
    assert seconds_away({"seconds": said}) == 0


def test_a_loss_under_three_seconds_is_brief():
    assert [is_short({"seconds": n}) for n in (0, 2, 2.9, 3, 40)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert is_short({})


def stated(text="Because.", *, closed_at=END, earlier=0, after=timedelta(0)):
    return checked_statement(text, closed_at=closed_at, earlier=earlier, now=END + after)


def test_a_statement_is_kept_as_it_was_written():
    assert stated("  电话响了。\n我出去了。 ") == "电话响了。\n我出去了。"
    assert stated("x" * LONGEST_STATEMENT) == "x" * LONGEST_STATEMENT


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": " \n "}, "statement-missing"),
        ({"text": "a\x00b"}, "statement-missing"),
        ({"text": "x" * (LONGEST_STATEMENT + 1)}, "statement-too-long"),
        ({"closed_at": None}, "statement-too-late"),
        ({"after": timedelta(days=30, seconds=1)}, "statement-too-late"),
        ({"earlier": MOST_STATEMENTS}, "too-many-statements"),
    ],
)
def test_a_statement_that_cannot_be_taken_says_why(changes, code):
    with pytest.raises(StatementRefused) as refused:
        stated(**changes)

    assert refused.value.code == code


def test_a_statement_can_be_added_for_thirty_days_after_the_end():
    assert may_state(END, now=END + timedelta(days=30))
    assert not may_state(END, now=END + timedelta(days=30, seconds=1))
    assert not may_state(None, now=END)


def test_only_a_reviewer_without_concern_may_be_silent():
    assert checked_note(ReviewDecision.NO_CONCERN, "  ") == ""
    for decision in (ReviewDecision.NOTED, ReviewDecision.REFERRED):
        with pytest.raises(ReviewRefused, match="Write a note"):
            checked_note(decision, "  ")
    assert checked_note(ReviewDecision.REFERRED, " twice ") == "twice"


def test_a_note_has_its_length():
    with pytest.raises(ReviewRefused):
        checked_note(ReviewDecision.NO_CONCERN, "x" * (LONGEST_NOTE + 1))
