"""How well markers agree: quadratic weighted kappa, intraclass correlation, and plain figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median, stdev

LEAST_PAIRS = 30
"""Answers with two marks below which agreement is not told: too few to say anything."""
LEAST_CHECKS = 5
"""Check scripts below which a marker's hits are not judged."""
LEAST_MARKS = 10
"""Marks below which a marker's spread and severity are not told."""
GOOD = 0.70
"""Agreement below this is flagged (assessment standards: ICC, weighted kappa)."""

Pairs = Sequence[tuple[float, float]]


def weighted_kappa(pairs: Pairs) -> float | None:
    """Quadratic weighted kappa of two marks per answer; None where it is not defined.

    1 − n·Σ(x−y)² / ΣΣ(x_i−y_j)²: Cohen (1968) with weights (i−j)², which for marks on a scale
    needs no categories: disagreement is measured against that of the same marks shuffled.
    """
    if not pairs:
        return None
    n = len(pairs)
    xs, ys = [x for x, _ in pairs], [y for _, y in pairs]
    # ΣΣ(x−y)² = n·Σx² + n·Σy² − 2·Σx·Σy; centred first, so that little is lost in the sums.
    middle = fmean([*xs, *ys])
    xs, ys = [x - middle for x in xs], [y - middle for y in ys]
    expected = n * sum(x * x for x in xs) + n * sum(y * y for y in ys) - 2 * sum(xs) * sum(ys)
    if expected <= 1e-12 * n * n:
        return None
    return 1 - n * sum((x - y) ** 2 for x, y in zip(xs, ys, strict=True)) / expected


@dataclass(frozen=True, slots=True)
class Icc:
    """Intraclass correlations of single marks (Shrout & Fleiss 1979).

    one_way: ICC(1,1), each answer marked by other people, as here. absolute: ICC(2,1) = ICC(A,1),
    the same people mark every answer and differences in severity count.
    """

    one_way: float
    absolute: float


def icc(rows: Sequence[Sequence[float]]) -> Icc | None:
    """ICCs of `rows`, one per answer, with as many marks each; None where not defined."""
    n, k = len(rows), len(rows[0]) if rows else 0
    if n < 2 or k < 2:
        return None
    grand = fmean(x for row in rows for x in row)
    total = sum((x - grand) ** 2 for row in rows for x in row)
    between = k * sum((fmean(row) - grand) ** 2 for row in rows)
    judges = n * sum((fmean(column) - grand) ** 2 for column in zip(*rows, strict=True))
    bms, wms = between / (n - 1), (total - between) / (n * (k - 1))
    jms, ems = judges / (k - 1), (total - between - judges) / ((n - 1) * (k - 1))
    below_one = bms + (k - 1) * wms
    below_two = bms + (k - 1) * ems + k * (jms - ems) / n
    if below_one <= 1e-12 or below_two <= 1e-12:
        return None
    return Icc((bms - wms) / below_one, (bms - ems) / below_two)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two marks each of many answers. is_enough: there are enough of them to say something."""

    pairs: int
    kappa: float | None
    icc: float | None

    @property
    def is_enough(self) -> bool:
        """Whether there are at least LEAST_PAIRS."""
        return self.pairs >= LEAST_PAIRS

    @property
    def is_low(self) -> bool:
        """Whether it is flagged; never below the minimum."""
        figures = [figure for figure in (self.kappa, self.icc) if figure is not None]
        return self.is_enough and any(figure < GOOD for figure in figures)


def agreement(pairs: Pairs) -> Agreement:
    """Agreement of the first two marks of answers, each as a share of the maximum."""
    found = icc(pairs)
    return Agreement(len(pairs), weighted_kappa(pairs), found.one_way if found else None)


@dataclass(frozen=True, slots=True)
class Spread:
    """Many marks, as shares of the maximum. seconds: the median time for one."""

    count: int
    mean: float | None
    deviation: float | None
    seconds: float | None

    @property
    def is_enough(self) -> bool:
        """Whether there are at least LEAST_MARKS."""
        return self.count >= LEAST_MARKS


def spread(shares: Sequence[float], *, seconds: Sequence[int]) -> Spread:
    """Mean, standard deviation (n − 1) and median time."""
    return Spread(
        count=len(shares),
        mean=fmean(shares) if shares else None,
        deviation=stdev(shares) if len(shares) > 1 else None,
        seconds=median(seconds) if seconds else None,
    )


def severity(own: Sequence[float], others: Sequence[float]) -> float | None:
    """By how much somebody's marks lie above (+) or below (−) the others' of the same answers."""
    if not own:
        return None
    return fmean(mine - theirs for mine, theirs in zip(own, others, strict=True))
