"""From the points of a paper's questions to its outcome, with what re-scores say counted in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from app.domain.rescores import Remedies, is_dropped
from app.domain.results import Outcome, outcome


class Place(Protocol):
    """One place of a paper."""

    @property
    def position(self) -> int:
        """Its number."""

    @property
    def version_id(self) -> int:
        """The question version that stands there."""

    @property
    def module_id(self) -> str:
        """The module that it counts for."""

    @property
    def is_pilot(self) -> bool:
        """Whether it counts for nobody."""

    @property
    def points(self) -> Fraction:
        """What it is worth."""


def comes_to(
    places: Iterable[Place],
    earned: Mapping[int, Fraction | None],
    remedies: Remedies,
    *,
    pass_mark: Fraction,
) -> Outcome:
    """What the points (by position) come to; a question without points earns 0.

    Pilots count for nothing. Dropped questions are out of score and maximum, and what remains
    counts as the whole.
    """
    paper = tuple(place for place in places if not place.is_pilot)
    counted = [place for place in paper if not is_dropped(remedies, place.version_id)]
    full = sum((place.points for place in paper), Fraction(0))
    return outcome(
        (
            (place.module_id, earned.get(place.position) or Fraction(0), place.points)
            for place in counted
        ),
        pass_mark=Decimal(str(float(pass_mark))),
        full=full if len(counted) < len(paper) else None,
    )
