"""Figures that somebody looks at before results are released; below their minimum n they flag
nothing (promise 12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

import numpy as np
from numpy.typing import NDArray

MIN_DIFFICULTY = 30
MIN_RELIABILITY = 100
MIN_CORRELATION = 100
RELIABLE = 0.70
BINS = 10

Points = NDArray[np.float64]


class Flag(StrEnum):
    """What to look at before a question's points are released."""

    TOO_HARD = "too_hard"
    TOO_EASY = "too_easy"
    WEAK = "weak"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """p: mean share of its points; r: corrected point-biserial, None below its minimum n."""

    version_id: int
    n: int
    p: float
    r: float | None
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class ScoreFigures:
    """Of a set of results on a scale of 0..1. counts: how many in each tenth of the scale."""

    n: int
    mean: float
    sd: float
    counts: tuple[int, ...]


def score_figures(shares: Sequence[float]) -> ScoreFigures:
    """Mean and standard deviation (n − 1) of scores as shares of their maximum."""
    values = np.array(shares, dtype=np.float64)
    n = len(shares)
    # A share of .6 is 6/10, not the 5.99… that a float may make of it.
    tenths = np.clip(np.floor(values * BINS + 1e-9), 0, BINS - 1).astype(int)
    counts = np.bincount(tenths, minlength=BINS)
    return ScoreFigures(
        n=n,
        mean=float(values.mean()) if n else 0.0,
        sd=float(values.std(ddof=1)) if n > 1 else 0.0,
        counts=tuple(int(count) for count in counts),
    )


def alpha(points: Points) -> float | None:
    """Cronbach's alpha (KR-20), k/(k − 1)·(1 − Σσ²ᵢ/σ²ₜ); rows are people who had one paper.

    None below 100 people, for fewer than two questions, or where nobody differs.
    """
    n, k = points.shape if points.ndim == 2 else (0, 0)
    if n < MIN_RELIABILITY or k < 2:
        return None
    total = points.sum(axis=1).var(ddof=1)
    if total <= 0:
        return None
    return float(k / (k - 1) * (1 - points.var(axis=0, ddof=1).sum() / total))


def sem(points: Points) -> float | None:
    """Standard error of measurement, s·√(1 − alpha), in points."""
    reliability = alpha(points)
    if reliability is None:
        return None
    return float(points.sum(axis=1).std(ddof=1) * sqrt(max(0.0, 1 - reliability)))


def question_figures(
    points: Points, maxima: Sequence[float], version_ids: Sequence[int]
) -> list[QuestionFigures]:
    """Each question of one paper. points: people × questions."""
    n = points.shape[0]
    total = points.sum(axis=1)
    return [
        _question(points[:, column], total, maxima[column], version_id, n)
        for column, version_id in enumerate(version_ids)
    ]


def is_reliable(figures: Mapping[str, object] | None) -> bool:
    """Whether a module's points may be told apart: alpha of at least .70 over at least 100
    people who had the same paper. Otherwise they say more about chance than about the person."""
    if not figures:
        return False
    known, n = figures.get("alpha"), figures.get("n")
    return (
        isinstance(known, float)
        and isinstance(n, int)
        and n >= MIN_RELIABILITY
        and known >= RELIABLE
    )


def _question(
    own: Points, total: Points, maximum: float, version_id: int, n: int
) -> QuestionFigures:
    p = float(own.mean() / maximum) if n and maximum else 0.0
    r = _corrected_r(own, total - own) if n >= MIN_CORRELATION else None
    flags = []
    if n >= MIN_DIFFICULTY and p < 0.30:
        flags.append(Flag.TOO_HARD)
    if n >= MIN_DIFFICULTY and p > 0.95:
        flags.append(Flag.TOO_EASY)
    if r is not None and r < 0:
        flags.append(Flag.KEY)
    elif r is not None and r < 0.20:
        flags.append(Flag.WEAK)
    return QuestionFigures(version_id, n, p, r, tuple(flags))


def _corrected_r(own: Points, rest: Points) -> float | None:
    if own.std() == 0 or rest.std() == 0:
        return None
    return float(np.corrcoef(own, rest)[0, 1])
