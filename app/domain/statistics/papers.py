"""How a paper as a whole did: mean, spread, reliability. Never pooled over papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from app.domain.statistics.tallies import PaperScores

LEAST_FOR_ALPHA = 100
"""People from whom on the reliability says anything."""
NO_DECISIONS, ACCEPTABLE, HIGH_STAKES = 0.70, 0.80, 0.90
"""Alpha: below the first nobody should be judged by it; the last is for high stakes."""


@dataclass(frozen=True, slots=True)
class PaperFigures:
    """n: people. mean, deviation (n − 1), standard_error: points. None: cannot be worked out."""

    n: int
    mean: float | None
    deviation: float | None
    alpha: float | None
    standard_error: float | None

    @property
    def shows_alpha(self) -> bool:
        """Whether enough people sat it for the reliability to be looked at."""
        return self.n >= LEAST_FOR_ALPHA


def paper_figures(scores: PaperScores) -> PaperFigures:
    """The figures of the counted questions.

    alpha: Cronbach 1951, which is KR-20 where every question is right or wrong;
    standard_error: s·√(1 − alpha).
    """
    counted = scores.points[:, scores.counted]
    n, k = counted.shape
    if not n:
        return PaperFigures(0, None, None, None, None)
    totals = counted.sum(axis=1)
    mean = float(totals.mean())
    if n < 2:
        return PaperFigures(n, mean, None, None, None)
    variance = float(totals.var(ddof=1))
    deviation = sqrt(variance)
    if k < 2 or variance <= 0:
        return PaperFigures(n, mean, deviation, None, None)
    parts = float(np.sum(counted.var(axis=0, ddof=1)))
    alpha = k / (k - 1) * (1 - parts / variance)
    return PaperFigures(n, mean, deviation, alpha, deviation * sqrt(max(0.0, 1 - alpha)))


def part_figures(scores: PaperScores, columns: Sequence[int]) -> PaperFigures:
    """The figures of some of the questions, such as those of a module."""
    part = PaperScores(
        points=scores.points[:, columns],
        maxima=scores.maxima[columns],
        counted=scores.counted[columns],
        chosen=[scores.chosen[column] for column in columns],
    )
    return paper_figures(part)


def is_reliable(n: int, alpha: float | None) -> bool:
    """Whether points may be told apart: alpha of at least .70 over at least 100 people who had
    the same paper. Otherwise they say more about chance than about the person."""
    return alpha is not None and n >= LEAST_FOR_ALPHA and alpha >= NO_DECISIONS
