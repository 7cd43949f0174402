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
    """What a marked paper comes to. score: rounded half up to a tenth, the only rounding."""

    score: Decimal
    maximum: Decimal
    pass_mark: Decimal
    modules: tuple[ModuleScore, ...]

    @property
    def passed(self) -> bool:
        """Whether the score reaches the pass mark."""
        return self.score >= self.pass_mark


@dataclass(frozen=True, slots=True)
class PaperMark:
    """The mark of one place on a paper. points: None while nobody has marked it.

    is_pilot: the question is on trial: it counts neither in the score nor in the maximum nor in
    the profile, and no result waits for it.
    """

    module: str
    points: Fraction | None
    maximum: Fraction
    is_pilot: bool = False


def is_complete(marks: Iterable[PaperMark]) -> bool:
    """Whether everything that counts is marked."""
    return all(mark.points is not None for mark in marks if not mark.is_pilot)


def outcome_of_paper(marks: Iterable[PaperMark], *, pass_mark: Decimal) -> Outcome:
    """The outcome of what counts on a paper; what nobody has marked is worth nothing."""
    counting = (
        (mark.module, mark.points or Fraction(0), mark.maximum)
        for mark in marks
        if not mark.is_pilot
    )
    return outcome(counting, pass_mark=pass_mark)


def outcome(marks: Iterable[tuple[str, Fraction, Fraction]], *, pass_mark: Decimal) -> Outcome:
    """The outcome of (module, points, maximum) per question; the total never falls below 0."""
    modules: dict[str, list[Fraction]] = {}
    for module, points, maximum in marks:
        sums = modules.setdefault(module, [Fraction(0), Fraction(0)])
        sums[0] += points
        sums[1] += maximum
    total = max(sum((points for points, _ in modules.values()), Fraction(0)), Fraction(0))
    maximum = sum((most for _, most in modules.values()), Fraction(0))
    return Outcome(
        score=rounded(total),
        maximum=rounded(maximum),
        pass_mark=pass_mark,
        modules=tuple(
            ModuleScore(module, max(points, Fraction(0)), most)
            for module, (points, most) in modules.items()
        ),
    )


def rounded(points: Fraction) -> Decimal:
    """A number of points, half up to one decimal place."""
    exact = Decimal(points.numerator) / Decimal(points.denominator)
    return exact.quantize(_TENTH, rounding=ROUND_HALF_UP)
