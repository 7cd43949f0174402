"""Figures before a release: by hand, and silent below their minimum n."""

from __future__ import annotations

import numpy as np
import pytest

from app.domain.score_statistics import (
    Flag,
    alpha,
    is_reliable,
    question_figures,
    score_figures,
    sem,
)


def people(n, k, seed=1, spread=2.0):
    """n people × k questions of 0 or 1, abler people answering more of them."""
    draw = np.random.default_rng(seed)
    ability = draw.normal(0, spread, (n, 1))
    return (draw.random((n, k)) < 1 / (1 + np.exp(-ability))).astype(float)


def test_alpha_by_hand():
    # Two questions that always agree: k/(k−1)·(1 − (¼+¼)/1) = 1.
    points = np.array([[0.0, 0.0], [1.0, 1.0]] * 50)

    assert alpha(points) == pytest.approx(1.0)
    assert sem(points) == pytest.approx(0.0, abs=1e-7)


@pytest.mark.parametrize("n", [0, 1, 99])
def test_below_a_hundred_people_there_is_no_reliability(n):
    points = people(n, 5) if n else np.zeros((0, 5))

    assert alpha(points) is None
    assert sem(points) is None
    assert all(one.r is None for one in question_figures(points, [1.0] * 5, range(5)))


def test_below_thirty_people_nothing_is_flagged():
    points = np.zeros((29, 1))

    (one,) = question_figures(points, [1.0], [7])

    assert (one.p, one.flags) == (0.0, ())


def test_a_question_that_nobody_can_answer_is_flagged():
    (one,) = question_figures(np.zeros((30, 1)), [1.0], [7])

    assert one.flags == (Flag.TOO_HARD,)


def test_a_key_that_is_the_wrong_way_round_is_found():
    points = people(300, 10)
    points[:, 0] = 1 - points[:, 0]

    found = question_figures(points, [1.0] * 10, range(10))

    assert Flag.KEY in found[0].flags
    assert not any(Flag.KEY in one.flags for one in found[1:])


def test_tenths_of_the_scale_hold_what_is_in_them():
    figures = score_figures([0.0, 0.1, 0.6, 0.7, 0.999, 1.0])

    assert figures.counts == (1, 1, 0, 0, 0, 0, 1, 1, 0, 2)
    assert figures.mean == pytest.approx(3.399 / 6)


@pytest.mark.parametrize(
    ("figures", "reliable"),
    [
        (None, False),
        ({"n": 100, "alpha": 0.7}, True),
        ({"n": 100, "alpha": 0.69}, False),
        ({"n": 99, "alpha": 0.9}, False),
        ({"n": 500, "alpha": None}, False),
    ],
)
def test_a_profile_is_told_only_where_it_is_reliable(figures, reliable):
    assert is_reliable(figures) is reliable
