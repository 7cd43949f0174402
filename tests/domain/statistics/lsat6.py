"""The LSAT6 data (Bock & Lieberman 1970): 1,000 people, five questions, and published figures."""

import numpy as np

from app.domain.statistics.tallies import PaperScores

COUNTS = """3 6 2 11 1 1 3 4 1 8 0 16 0 3 2 15 10 29 14 81 3 28 15 80 16 56 21 173 11 61 28 298"""


def matrix():
    rows = []
    for pattern, count in enumerate(map(int, COUNTS.split())):
        rows.extend([[pattern >> (4 - item) & 1 for item in range(5)]] * count)
    return np.array(rows, dtype=np.float64)


def paper(points=None, **changes):
    points = matrix() if points is None else np.asarray(points, dtype=np.float64)
    k = points.shape[1]
    return PaperScores(
        points=points,
        maxima=changes.get("maxima", np.ones(k)),
        counted=changes.get("counted", np.ones(k, dtype=bool)),
        chosen=changes.get("chosen", [{}] * k),
    )
