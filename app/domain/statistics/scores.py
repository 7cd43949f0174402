"""How the scores of many people are spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BINS = 10
_ROUNDING = 1e-9
"""So that 0.6, which binary numbers cannot hold, is in the tenth that begins with it."""


@dataclass(frozen=True, slots=True)
class ScoreFigures:
    """Of a set of results on a scale of 0..1. counts: how many in each tenth of the scale."""

    n: int
    mean: float
    deviation: float
    counts: tuple[int, ...]


def score_figures(shares: Sequence[float]) -> ScoreFigures:
    """Mean and standard deviation (n − 1) of scores as shares of their maximum."""
    values = np.array(shares, dtype=np.float64)
    n = len(shares)
    tenths = np.clip(values * BINS + _ROUNDING, 0, BINS - 1).astype(int)
    counts = np.bincount(tenths, minlength=BINS)
    return ScoreFigures(
        n=n,
        mean=float(values.mean()) if n else 0.0,
        deviation=float(values.std(ddof=1)) if n > 1 else 0.0,
        counts=tuple(int(count) for count in counts),
    )
