"""From what a marker ticks to points: levels of a rubric, or key points of a short answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.domain.errors import DomainError
from app.domain.questions.body import Body
from app.domain.questions.written import Case, ShortAnswer
from app.domain.text import N_

LONGEST_COMMENT = 2000
"""Characters of what a marker writes about an answer."""
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,2})?", flags=re.ASCII)


class MarkIncomplete(DomainError):
    """Something was left out: a criterion without a level, no decision about the points."""

    def __init__(self) -> None:
        super().__init__(
            "mark-incomplete", N_("Choose a level for every criterion, or give the points.")
        )


class PointsOutside(DomainError):
    """Points that are no number, or fewer than none, or more than there are."""

    def __init__(self, maximum: Fraction) -> None:
        super().__init__(
            "points-outside",
            N_("Points must be a number from 0 to %(maximum)s, with at most two decimals."),
            maximum=f"{float(maximum):g}",
        )


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a marker has ticked and typed.

    levels: criterion ("1.2" is part 1, criterion 2) → number of the level, from 0. ticked:
    numbers of the key points that are there, from 0. has_decided: the marker has looked at the
    key points, so that none ticked means none found. own: points typed in their place, "" for
    none. comment: for the record.
    """

    levels: Mapping[str, int]
    ticked: frozenset[int] = frozenset()
    has_decided: bool = False
    own: str = ""
    comment: str = ""

    def dump(self) -> dict[str, Any]:
        """The form that the database keeps."""
        return {
            "levels": dict(sorted(self.levels.items())),
            "ticked": sorted(self.ticked),
            "has_decided": self.has_decided,
            "own": self.own,
            "comment": self.comment,
        }

    @classmethod
    def load(cls, raw: Mapping[str, Any]) -> Judgement:
        """The inverse of `dump`; an empty mapping is an answer that nobody has judged."""
        return cls(
            levels=dict(raw.get("levels", {})),
            ticked=frozenset(raw.get("ticked", ())),
            has_decided=bool(raw.get("has_decided", False)),
            own=str(raw.get("own", "")),
            comment=str(raw.get("comment", "")),
        )


def points_of(body: Body, judgement: Judgement, *, maximum: Fraction) -> Fraction:
    """Points of an answer, exact. Raises MarkIncomplete, PointsOutside."""
    if isinstance(body, Case):
        return _by_levels(body, judgement.levels, maximum)
    if judgement.own.strip():
        return read_points(judgement.own, maximum=maximum)
    if isinstance(body, ShortAnswer) and judgement.has_decided:
        return by_key_points(body, judgement.ticked, maximum=maximum)
    raise MarkIncomplete


def by_key_points(body: ShortAnswer, ticked: frozenset[int], *, maximum: Fraction) -> Fraction:
    """ "Any N of M": the N heaviest of the ticked points over the N heaviest of all, at most 1."""
    weights = [max(exact(point.weight), Fraction(0)) for point in body.key_points]
    full = sum(sorted(weights, reverse=True)[: body.any_of], Fraction(0))
    if not full:
        return Fraction(0)
    found = sorted((w for n, w in enumerate(weights) if n in ticked), reverse=True)
    return min(sum(found[: body.any_of], Fraction(0)) / full, Fraction(1)) * maximum


def read_points(typed: str, *, maximum: Fraction) -> Fraction:
    """Points as somebody typed them. Raises PointsOutside."""
    cleaned = typed.strip().replace("。", ".").replace("．", ".")
    if not _NUMBER.fullmatch(cleaned) or Fraction(cleaned) > maximum:
        raise PointsOutside(maximum)
    return Fraction(cleaned)


def criteria_of(body: Case) -> list[str]:
    """The names by which the criteria are called, in their order: "1.1", "1.2", "2.1"."""
    return [
        f"{part}.{row}"
        for part, found in enumerate(body.parts, start=1)
        for row, _ in enumerate(found.criteria, start=1)
    ]


def exact(number: float) -> Fraction:
    """A weight or share of a file as the fraction that its author meant."""
    return Fraction(number).limit_denominator(1000)


def _by_levels(body: Case, levels: Mapping[str, int], maximum: Fraction) -> Fraction:
    earned = full = Fraction(0)
    for number, part in enumerate(body.parts, start=1):
        for row, criterion in enumerate(part.criteria, start=1):
            chosen = levels.get(f"{number}.{row}")
            if chosen is None or not 0 <= chosen < len(criterion.levels):
                raise MarkIncomplete
            weight = exact(criterion.weight)
            earned += weight * exact(criterion.levels[chosen][0])
            full += weight
    return earned / full * maximum
