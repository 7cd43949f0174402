"""The figures of a question version, and what they say to whoever keeps the bank.

Formulas and thresholds: classical test theory (Lord & Novick 1968; Ebel 1965 for D;
Henrysson 1963 for the corrected correlation). Below its smallest n a figure raises no flag
(promise 12).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from app.domain.statistics.tallies import ItemTally, OptionTally

LEAST_FOR_FACILITY = 30
"""People from whom on the facility says anything."""
LEAST_FOR_DISCRIMINATION = 100
"""People from whom on D, the correlation and the distractors say anything."""

HARD, EASY = 0.30, 0.95
REVISE_D, REJECT_D = 0.30, 0.20
WEAK_R, PULL_R = 0.20, 0.10
IDLE_SHARE = 0.05


class Flag(StrEnum):
    """What the figures of a question make somebody look at."""

    TOO_HARD = "too_hard"
    TOO_EASY = "too_easy"
    LOW_D = "low_d"
    VERY_LOW_D = "very_low_d"
    WEAK_R = "weak_r"
    VERY_WEAK_R = "very_weak_r"
    NEGATIVE_R = "negative_r"
    IDLE_OPTION = "idle_option"
    ATTRACTIVE_WRONG_OPTION = "attractive_wrong_option"


GRAVE_FLAGS = frozenset(
    {Flag.VERY_LOW_D, Flag.VERY_WEAK_R, Flag.NEGATIVE_R, Flag.ATTRACTIVE_WRONG_OPTION}
)
"""Those that ask for the question to be taken out or its key to be checked."""


@dataclass(frozen=True, slots=True)
class OptionFigures:
    """share: of all people, 0..1. correlation: of choosing it with the rest score, or None."""

    name: str
    is_right: bool
    share: float
    correlation: float | None


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """The figures of a question version; None where nothing can be worked out.

    n: people. facility: mean score / maximum. discrimination: D27, facility of the upper 27 %
    less that of the lower 27 %. correlation: with the rest of the paper. omitted: share of
    people who left it out, None where no options are offered.
    """

    n: int
    facility: float | None
    discrimination: float | None
    correlation: float | None
    omitted: float | None
    options: tuple[OptionFigures, ...]

    @property
    def shows_facility(self) -> bool:
        """Whether enough people answered for the facility to be looked at."""
        return self.n >= LEAST_FOR_FACILITY

    @property
    def shows_discrimination(self) -> bool:
        """Whether enough people answered for everything else to be looked at."""
        return self.n >= LEAST_FOR_DISCRIMINATION


def figures(tally: ItemTally, key: Mapping[str, bool]) -> ItemFigures:
    """The figures of a tally. key: option → whether it is right."""
    if not tally.n:
        return ItemFigures(0, None, None, None, None, ())
    return ItemFigures(
        n=tally.n,
        facility=tally.x / tally.n,
        discrimination=(tally.upper - tally.lower) / tally.group if tally.group else None,
        correlation=_correlation(tally.s_xy, tally.s_xx, tally.s_yy),
        omitted=None if tally.answered is None else 1 - tally.answered / tally.n,
        options=tuple(
            _option(name, is_right, tally.options.get(name, OptionTally()), tally)
            for name, is_right in key.items()
        ),
    )


def flags(found: ItemFigures) -> tuple[Flag, ...]:
    """What is to be looked at; of two flags that say the same the graver one."""
    return tuple(_flags(found))


def _flags(found: ItemFigures) -> Iterator[Flag]:
    if found.shows_facility and found.facility is not None:
        if found.facility < HARD:
            yield Flag.TOO_HARD
        if found.facility > EASY:
            yield Flag.TOO_EASY
    if not found.shows_discrimination:
        return
    if found.discrimination is not None and found.discrimination < REVISE_D:
        yield Flag.VERY_LOW_D if found.discrimination < REJECT_D else Flag.LOW_D
    if found.correlation is not None and found.correlation < WEAK_R:
        yield _weakness(found.correlation)
    wrong = [option for option in found.options if not option.is_right]
    if any(option.share < IDLE_SHARE for option in wrong):
        yield Flag.IDLE_OPTION
    if any(option.correlation is not None and option.correlation > 0 for option in wrong):
        yield Flag.ATTRACTIVE_WRONG_OPTION


def _weakness(correlation: float) -> Flag:
    if correlation < 0:
        return Flag.NEGATIVE_R
    return Flag.VERY_WEAK_R if correlation < PULL_R else Flag.WEAK_R


def _option(name: str, is_right: bool, sums: OptionTally, tally: ItemTally) -> OptionFigures:
    return OptionFigures(
        name=name,
        is_right=is_right,
        share=sums.chosen / tally.n,
        correlation=_correlation(sums.s_oy, sums.s_oo, tally.s_yy),
    )


def _correlation(product: float, one: float, other: float) -> float | None:
    """None where one of them does not vary."""
    if one <= _NOTHING or other <= _NOTHING:
        return None
    return max(-1.0, min(1.0, product / sqrt(one * other)))


_NOTHING = 1e-9
"""A sum of squares below this is a rounding error of floating point, no spread."""
