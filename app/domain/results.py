"""From marks to a result: total, rounding (once, here), pass or fail, module profile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class ModuleScore:
    """Points of one module on a paper."""

    module: str
    points: Fraction
    maximum: Fraction

    @property
    def share(self) -> float:
        """Points as a share of the maximum, 0..1."""
        return float(self.points / self.maximum) if self.maximum else 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a marked paper comes to. score: total, rounded half up to a tenth, the only rounding."""

    score: Decimal
    maximum: Decimal
    pass_mark: Decimal
    modules: tuple[ModuleScore, ...]
    total: Fraction = Fraction(0)

    @property
    def passed(self) -> bool:
        """Whether the score reaches the pass mark."""
        return self.score >= self.pass_mark

    @property
    def scaled(self) -> Decimal:
        """The score on the scale on which the pass mark is 60, see `scaled`."""
        return scaled(self.total, cut=Fraction(self.pass_mark), maximum=Fraction(self.maximum))


def outcome(
    marks: Iterable[tuple[str, Fraction, Fraction]],
    *,
    pass_mark: Decimal,
    full: Fraction | None = None,
) -> Outcome:
    """The outcome of (module, points, maximum) per question; the total never falls below 0.

    full: what the paper was worth before questions were dropped from it. The total then counts
    as its share of what remains (total × full / remaining), exact until the one rounding, so
    that the pass mark keeps its meaning; modules keep the points that remain.
    """
    modules: dict[str, list[Fraction]] = {}
    for module, points, maximum in marks:
        sums = modules.setdefault(module, [Fraction(0), Fraction(0)])
        sums[0] += points
        sums[1] += maximum
    total = max(sum((points for points, _ in modules.values()), Fraction(0)), Fraction(0))
    maximum = sum((most for _, most in modules.values()), Fraction(0))
    if full is not None and maximum:
        total, maximum = total * full / maximum, full
    return Outcome(
        score=rounded(total),
        maximum=rounded(maximum),
        pass_mark=pass_mark,
        total=total,
        modules=tuple(
            ModuleScore(module, max(points, Fraction(0)), most)
            for module, (points, most) in modules.items()
        ),
    )


def rounded(points: Fraction) -> Decimal:
    """A number of points, half up to one decimal place."""
    exact = Decimal(points.numerator) / Decimal(points.denominator)
    return exact.quantize(_TENTH, rounding=ROUND_HALF_UP)


SCALED_PASS = Decimal("60.0")


def scaled(total: Fraction, *, cut: Fraction, maximum: Fraction) -> Decimal:
    """60·x/c below the cut c, 60 + 40·(x − c)/(max − c) above it, rounded half up to a tenth.

    It is worked out from the exact total, not from the rounded score, and never contradicts the
    decision: who passes has at least 60, who does not has less.
    """
    total = min(max(total, Fraction(0)), maximum)
    if total < cut:
        figure = 60 * total / cut
    else:
        figure = 60 + (40 * (total - cut) / (maximum - cut) if maximum > cut else Fraction(40))
    if rounded(total) >= rounded(cut):
        return max(rounded(figure), SCALED_PASS)
    return min(rounded(figure), SCALED_PASS - _TENTH)
