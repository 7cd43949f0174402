import numpy as np
import pytest

from app.domain.statistics.papers import paper_figures, part_figures
from tests.domain.statistics.lsat6 import matrix, paper


def test_the_figures_are_those_that_lsat6_is_known_for():
    found = paper_figures(paper())

    assert found.n == 1000
    assert found.mean == pytest.approx(3.819)
    assert found.deviation == pytest.approx(1.0350, abs=1e-4)
    assert found.alpha == pytest.approx(0.2950, abs=1e-4)
    assert found.standard_error == pytest.approx(0.8691, abs=1e-4)


def test_a_pilot_does_not_count():
    counted = np.array([True, True, True, True, False])

    with_pilot = paper_figures(paper(matrix(), counted=counted))

    assert with_pilot == paper_figures(paper(matrix()[:, :4]))


@pytest.mark.parametrize("points", [np.empty((0, 3)), [[1.0, 0, 1]], [[1.0, 1], [1, 1]]])
def test_too_little_to_work_with_gives_no_reliability(points):
    assert paper_figures(paper(points)).alpha is None


def test_a_part_of_a_paper_has_figures_of_its_own():
    assert part_figures(paper(), [0, 2, 4]) == paper_figures(paper(matrix()[:, [0, 2, 4]]))
