"""Why a save was held, and what accepting it would do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.held_saves import Content, Ending, Held, Standing, assess, reason_for
from app.domain.saves import SaveState, StoredSave

END = datetime(2026, 11, 2, 5, tzinfo=UTC)
LATER = timedelta(minutes=3)
EXPIRED = Ending(END, END)
SUBMITTED = Ending(END, END - timedelta(minutes=20))
OPEN = Ending(END, None)


def save(position, seq, answer, *, epoch=1, state=SaveState.HELD, decided=None):
    return StoredSave(position, epoch, seq, answer, False, 0, state, decided)


def accepted(position, seq, answer, **changes):
    return save(position, seq, answer, state=SaveState.ACCEPTED, **changes)


@pytest.mark.parametrize(
    ("at", "ending", "why"),
    [
        (END + LATER, EXPIRED, Held.DEADLINE),
        (END + LATER, OPEN, Held.DEADLINE),
        (END - LATER, SUBMITTED, Held.SUBMITTED),
        (END + LATER, SUBMITTED, Held.SUBMITTED),
        (END - LATER, OPEN, Held.PAUSE),
    ],
)
def test_a_save_tells_why_it_was_held(at, ending, why):
    assert reason_for(at, ending, from_file=False, section_left=False) is why


def test_a_save_for_a_part_that_was_left_and_one_from_a_file_say_so():
    before_end = END - LATER

    assert reason_for(before_end, OPEN, from_file=False, section_left=True) is Held.SECTION
    assert reason_for(END + LATER, EXPIRED, from_file=True, section_left=True) is Held.FILE


def test_lateness_counts_from_the_end_that_came_first():
    assert EXPIRED.lateness(END + LATER) == LATER
    assert SUBMITTED.lateness(END) == timedelta(minutes=20)
    assert OPEN.lateness(END - LATER) == timedelta(0)


def assessed(*saves):
    return [(content, standing) for _, content, standing in assess(saves)]


def test_an_answer_is_told_apart_from_what_counts_without_being_told():
    found = assessed(
        accepted(1, 1, "a"),
        save(1, 2, "b"),
        save(2, 3, "b"),
        save(3, 4, None),
        accepted(4, 5, "a"),
        save(4, 6, "a"),
    )

    assert [content for content, _ in found] == [
        Content.CHANGED,
        Content.ANSWERED,
        Content.BLANK,
        Content.SAME,
    ]


def test_an_answer_beside_an_emptied_one_is_an_answer():
    assert assessed(accepted(1, 1, None), save(1, 2, "b"))[0][0] is Content.ANSWERED


def test_only_the_newest_held_save_would_count():
    found = assessed(save(1, 1, "a"), save(1, 2, "b"), save(2, 1, "a", epoch=2))

    assert [standing for _, standing in found] == [
        Standing.FOLLOWED,
        Standing.NEWEST,
        Standing.NEWEST,
    ]


def test_a_held_save_of_an_older_window_is_older_than_what_counts():
    found = assessed(accepted(1, 1, "a", epoch=2), save(1, 99, "b"))

    assert found == [(Content.CHANGED, Standing.OLDER)]


def test_what_was_refused_stands_in_nobodys_way():
    found = assessed(save(1, 1, "a"), save(1, 2, "b", decided=False))

    assert found[0][1] is Standing.NEWEST


def test_what_was_accepted_counts_from_then_on():
    found = assessed(save(1, 1, "a"), save(1, 2, "b", decided=True))

    assert found[0] == (Content.CHANGED, Standing.OLDER)
