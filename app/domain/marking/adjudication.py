"""When the marks of one answer settle it: double marking, the third marker, the lead.

Exact fractions throughout: rounding happens once, at the total.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Need(StrEnum):
    """Whose mark an answer waits for."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    LEAD = "lead"


class How(StrEnum):
    """What settled an answer.

    blank: nothing was answered. single: one mark, where the exam asks for one. mean: of the
    first two. pair: the mean of the third mark and the one within the tolerance of it. closer:
    the mean of the third mark and the closer one of two. between: the third mark, which lies
    right in the middle. lead: the lead marker's decision.
    """

    BLANK = "blank"
    SINGLE = "single"
    MEAN = "mean"
    PAIR = "pair"
    CLOSER = "closer"
    BETWEEN = "between"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class GivenMarks:
    """The points given so far, None where there are none yet."""

    first: Fraction | None = None
    second: Fraction | None = None
    third: Fraction | None = None
    lead: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What an answer comes to, and by which rule."""

    points: Fraction
    how: How


def adjudicate(marks: GivenMarks, *, allowed: Fraction, is_double: bool) -> Settled | Need:
    """The points that the marks come to, or whose mark is needed next.

    allowed: the tolerance T in points. The first two no more than T apart: their mean.
    Otherwise a third marker: within T of one of them, the mean of that pair; within T of both,
    the closer pair; outside both, the lead decides. A third mark as far from one as from the
    other, and within T of both, lies right between them: it stands itself, which is also the
    mean of the two pairs, so that neither marker is preferred. The lead's decision stands above
    all others. Swapping the first two marks never changes what comes out.
    """
    if marks.lead is not None:
        return Settled(marks.lead, How.LEAD)
    if marks.first is None:
        return Need.FIRST
    if not is_double:
        return Settled(marks.first, How.SINGLE)
    if marks.second is None:
        return Need.SECOND
    if abs(marks.first - marks.second) <= allowed:
        return Settled(mean(marks.first, marks.second), How.MEAN)
    if marks.third is None:
        return Need.THIRD
    return _with_third(marks.first, marks.second, marks.third, allowed)


def mean(one: Fraction, other: Fraction) -> Fraction:
    """The exact mean of two marks."""
    return (one + other) / 2


def _with_third(
    first: Fraction, second: Fraction, third: Fraction, allowed: Fraction
) -> Settled | Need:
    to_first, to_second = abs(third - first), abs(third - second)
    if min(to_first, to_second) > allowed:
        return Need.LEAD
    if to_first == to_second:
        return Settled(third, How.BETWEEN)
    closer = first if to_first < to_second else second
    is_near_both = max(to_first, to_second) <= allowed
    return Settled(mean(closer, third), How.CLOSER if is_near_both else How.PAIR)
