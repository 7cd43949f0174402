"""Which save counts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.saves import SaveState, StoredSave, current_answers, state_of_arrival


def save(epoch=1, seq=1, answer="a", state=SaveState.ACCEPTED, position=1):
    return StoredSave(position, epoch, seq, answer, False, 0, state)


saves = st.lists(
    st.builds(
        StoredSave,
        position=st.integers(1, 3),
        epoch=st.integers(1, 3),
        seq=st.integers(1, 9),
        answer=st.sampled_from(["a", "b", None]),
        flagged=st.booleans(),
        spent_ms=st.just(0),
        state=st.sampled_from(SaveState),
        decided=st.sampled_from([None, None, False]),
    ),
    unique_by=lambda one: (one.epoch, one.seq),
    max_size=20,
)


@given(stored=saves, data=st.data())
def test_the_order_of_arrival_in_the_log_changes_nothing(stored, data):
    again = data.draw(st.permutations(stored))

    assert current_answers(again) == current_answers(stored)


@given(stored=saves)
def test_of_the_accepted_saves_the_last_write_counts(stored):
    current = current_answers(stored)

    accepted = [one for one in stored if one.state is SaveState.ACCEPTED]
    assert set(current) == {one.position for one in accepted}
    for one in accepted:
        assert (one.epoch, one.seq) <= (current[one.position].epoch, current[one.position].seq)


@given(stored=saves, state=st.sampled_from([SaveState.HELD, SaveState.SUPERSEDED]))
def test_held_and_superseded_saves_never_count(stored, state):
    late = [save(epoch=9, seq=99, position=position, state=state) for position in (1, 2, 3, 4)]

    assert current_answers([*stored, *late]) == current_answers(stored)


def test_an_older_tab_never_wins_whatever_its_counter_says():
    newer, older = save(epoch=2, seq=1, answer="b"), save(epoch=1, seq=500, answer="a")

    assert current_answers([newer, older]) == {1: newer}


def test_taking_an_answer_back_is_a_write_like_any_other():
    blank = save(seq=2, answer=None)

    assert current_answers([save(seq=1), blank])[1].answer is None


@pytest.mark.parametrize(
    ("epoch", "in_time", "state"),
    [
        (2, True, SaveState.ACCEPTED),
        (1, True, SaveState.SUPERSEDED),
        (3, True, SaveState.SUPERSEDED),
        (2, False, SaveState.HELD),
        (1, False, SaveState.HELD),
    ],
)
def test_a_save_is_stored_by_its_tab_and_its_time(epoch, in_time, state):
    assert state_of_arrival(epoch=epoch, writing_epoch=2, in_time=in_time) is state


def held(decided, **changes):
    return replace(save(state=SaveState.HELD, **changes), decided=decided)


@pytest.mark.parametrize(("decided", "counts"), [(None, False), (False, False), (True, True)])
def test_a_held_save_counts_when_somebody_let_it(decided, counts):
    one = held(decided)

    assert one.counts is counts
    assert current_answers([one]) == ({1: one} if counts else {})


def test_a_superseded_save_never_counts_whatever_was_decided():
    older = replace(save(state=SaveState.SUPERSEDED), decided=True)

    assert not older.counts


def test_a_late_answer_that_was_let_overwrites_what_was_written_before_it():
    before, late = save(seq=1, answer="a"), held(True, seq=2, answer="b")

    assert current_answers([late, before]) == {1: late}


def test_a_late_answer_that_was_let_overwrites_nothing_newer():
    newer = save(epoch=2, seq=1, answer="b")

    assert current_answers([newer, held(True, epoch=1, seq=9, answer="a")]) == {1: newer}


@given(stored=saves, data=st.data())
def test_deciding_for_one_question_changes_no_other(stored, data):
    waiting = [one for one in stored if one.state is SaveState.HELD]
    let = data.draw(st.sampled_from(waiting)) if waiting else None
    again = [replace(one, decided=True) if one is let else one for one in stored]

    before, after = current_answers(stored), current_answers(again)

    for position in (1, 2, 3):
        if let is None or position != let.position:
            assert after.get(position) == before.get(position)
        elif position in before:
            known = before[position]
            assert (after[position].epoch, after[position].seq) >= (known.epoch, known.seq)
