"""Agreement of markers, against published worked examples."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.marking.agreement import (
    LEAST_PAIRS,
    agreement,
    icc,
    severity,
    spread,
    weighted_kappa,
)

SHROUT_FLEISS = [
    (9, 2, 5, 8),
    (6, 1, 3, 2),
    (8, 4, 6, 8),
    (7, 1, 2, 6),
    (10, 5, 6, 9),
    (6, 2, 4, 7),
]
"""Six targets, four judges: Shrout & Fleiss (1979), table 2."""

marks = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=2, max_size=40)


def test_the_correlations_are_those_of_shrout_and_fleiss():
    found = icc(SHROUT_FLEISS)

    assert found.one_way == pytest.approx(0.17, abs=0.005)
    assert found.absolute == pytest.approx(0.29, abs=0.005)


@pytest.mark.parametrize(
    ("first", "second", "kappa"),
    [
        ([1, 2, 3], [1, 2, 3], 1.0),
        ([1, 2, 1], [1, 2, 2], 0.4),
        ([1, 2, 3, 1, 2, 3], [1, 2, 3, 1, 3, 2], 0.75),
        ([1, 3, 5], [2, 4, 6], 0.8421052631578947),
        ([1, 3, 3, 5], [2, 4, 5, 6], 0.6956521739130435),
    ],
)
def test_the_weighted_kappa_is_that_of_the_published_examples(first, second, kappa):
    """The test cases of the Metrics package (Hamner)."""
    assert weighted_kappa(list(zip(first, second, strict=True))) == pytest.approx(kappa)


@given(marks)
def test_the_weighted_kappa_is_that_of_the_table_of_categories(pairs):
    n = len(pairs)
    observed = sum((x - y) ** 2 for x, y in pairs) / n
    expected = sum((x - y) ** 2 for x, _ in pairs for _, y in pairs) / n**2
    found = weighted_kappa(pairs)

    assert found is None if not expected else found == pytest.approx(1 - observed / expected)


@given(marks)
def test_agreement_does_not_ask_who_was_first(pairs):
    swapped = [(y, x) for x, y in pairs]

    assert agreement(pairs).kappa == pytest.approx(agreement(swapped).kappa)
    assert agreement(pairs).icc == pytest.approx(agreement(swapped).icc)


def test_nothing_is_flagged_below_the_minimum():
    draw = random.Random(1)
    pairs = [(draw.random(), draw.random()) for _ in range(LEAST_PAIRS)]

    assert not agreement(pairs[:-1]).is_low
    assert agreement(pairs).is_low


def test_one_mark_for_all_has_no_agreement_to_tell():
    assert weighted_kappa([(1.0, 1.0)] * 40) is None
    assert icc([(1.0, 1.0)] * 40) is None
    assert weighted_kappa([]) is None
    assert not agreement([(1.0, 1.0)] * 40).is_low


def test_mean_deviation_and_median_time():
    found = spread([0.2, 0.4, 0.9], seconds=[30, 50, 400])

    assert (found.count, found.mean, found.seconds) == (3, pytest.approx(0.5), 50)
    assert found.deviation == pytest.approx(0.3605551)
    assert not found.is_enough
    assert spread([], seconds=[]).mean is None


def test_severity_is_the_mean_difference_to_the_others():
    assert severity([0.5, 0.7], [0.6, 0.9]) == pytest.approx(-0.15)
    assert severity([], []) is None
