"""Who gets which answer, when a check comes, and what is read again."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.domain.marking.distribution import (
    SAMPLE_OF,
    Work,
    distribute,
    is_check_due,
    may_mark,
    sample_bound,
)

MARKERS = [1, 2, 3, 4]
work = st.lists(
    st.builds(
        Work,
        id=st.integers(1, 10_000),
        script_id=st.integers(1, 30),
        barred=st.frozensets(st.sampled_from([*MARKERS, 9])),
    ),
    max_size=60,
    unique_by=lambda one: one.id,
)


@given(work, st.integers(0, 99))
def test_nobody_gets_what_they_may_not_mark_or_one_answer_twice(found, seed):
    given_to = distribute(found, MARKERS, load={}, seed=seed)

    by_id = {one.id: one for one in found}
    assert all(may_mark(person, barred=by_id[id_].barred) for id_, person in given_to.items())
    pairs = [(by_id[id_].script_id, person) for id_, person in given_to.items()]
    assert len(set(pairs)) == len(pairs)


@given(work, st.integers(0, 99))
def test_the_same_seed_gives_the_same_distribution(found, seed):
    shuffled = sorted(found, key=lambda one: -one.id)

    assert distribute(found, MARKERS, load={}, seed=seed) == distribute(
        shuffled, MARKERS[::-1], load={}, seed=seed
    )


@given(work)
def test_what_is_left_over_is_what_nobody_could_do(found):
    given_to = distribute(found, MARKERS, load={}, seed=1)

    for one in found:
        if one.id not in given_to:
            same = {
                given_to[w.id] for w in found if w.script_id == one.script_id and w.id in given_to
            }
            assert set(MARKERS) <= one.barred | same


def test_free_work_is_spread_evenly_over_those_who_have_least():
    found = [Work(number, number, frozenset()) for number in range(40)]

    counts = Counter(distribute(found, MARKERS, load={1: 10}, seed=3).values())

    assert counts == {1: 3, 2: 13, 3: 12, 4: 12} or sorted(counts.values()) == [3, 12, 12, 13]


@given(st.integers(0, 10), st.text(max_size=8))
def test_each_block_has_one_check_at_a_place_of_its_own(block, seed):
    due = [
        n
        for n in range(block * 20, block * 20 + 20)
        if is_check_due(n, share=Fraction(1, 20), seed=seed)
    ]

    assert len(due) == 1


def test_checks_come_at_places_that_cannot_be_counted_off():
    places = {n % 20 for n in range(400) if is_check_due(n, share=Fraction(1, 20), seed="7:3")}

    assert len(places) > 5
    assert not any(is_check_due(n, share=Fraction(0), seed="x") for n in range(50))


def test_the_sample_that_is_read_again_has_its_share_and_says_nothing_about_the_order():
    draw = random.Random(5)
    numbers = sorted(draw.getrandbits(31) for _ in range(4000))
    sample = [n for n in numbers if n % SAMPLE_OF < sample_bound(Fraction(1, 20))]

    assert 140 < len(sample) < 260
    assert 60 < sum(n < numbers[2000] for n in sample) < 140
    assert sample_bound(Fraction(0)) == 0
