import pytest

from app.domain.statistics.papers import is_reliable
from app.domain.statistics.scores import score_figures


def test_tenths_of_the_scale_hold_what_is_in_them():
    figures = score_figures([0.0, 0.1, 0.6, 0.7, 0.999, 1.0])

    assert figures.counts == (1, 1, 0, 0, 0, 0, 1, 1, 0, 2)
    assert figures.mean == pytest.approx(3.399 / 6)


def test_of_nobody_there_is_nothing_to_tell():
    assert score_figures([]).counts == (0,) * 10


@pytest.mark.parametrize(
    ("n", "alpha", "reliable"),
    [(100, 0.7, True), (100, 0.69, False), (99, 0.9, False), (500, None, False)],
)
def test_a_profile_is_told_only_where_it_is_reliable(n, alpha, reliable):
    assert is_reliable(n, alpha) is reliable
