"""What one paper tells of each of its questions, in sums that add up over papers.

A question is compared only with the rest of the paper on which it stood: sums of squares and
products are taken within papers and then added (the pooled within-group correlation), and the
upper and lower groups are those of each paper. So a question that stood on an easy and a hard
paper is not taken for a good one because of that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Truths: TypeAlias = NDArray[np.bool_]

GROUP = 0.27
"""Share of the people in the upper and in the lower group (Kelley 1939)."""


@dataclass(frozen=True, slots=True)
class PaperScores:
    """What n people got on the k questions of one paper.

    points: n × k. maxima: k, each above 0. counted: k; False for a question outside the score
    (a pilot). chosen: per question, option → which of the n chose it; {} where none are offered.
    """

    points: Floats
    maxima: Floats
    counted: Truths
    chosen: Sequence[Mapping[str, Truths]]


@dataclass(frozen=True, slots=True)
class OptionTally:
    """How many chose an option, and its sums against the rest score, within papers."""

    chosen: float = 0.0
    s_oo: float = 0.0
    s_oy: float = 0.0

    def __add__(self, other: OptionTally) -> OptionTally:
        return OptionTally(
            self.chosen + other.chosen, self.s_oo + other.s_oo, self.s_oy + other.s_oy
        )


@dataclass(frozen=True, slots=True)
class ItemTally:
    """Sums of one question version.

    x: its points as a share of its maximum, 0..1; y: the rest score, the points of all counted
    questions but this one. n: people. s_…: sums of squared or multiplied deviations from the
    paper's mean. upper, lower: sum of x in the groups; group: people of each (a fraction).
    answered: people who answered at all, None where no options are offered.
    """

    n: int = 0
    x: float = 0.0
    s_xx: float = 0.0
    s_yy: float = 0.0
    s_xy: float = 0.0
    upper: float = 0.0
    lower: float = 0.0
    group: float = 0.0
    answered: int | None = None
    options: Mapping[str, OptionTally] = field(default_factory=dict)

    def __add__(self, other: ItemTally) -> ItemTally:
        names = [*self.options, *(name for name in other.options if name not in self.options)]
        return ItemTally(
            n=self.n + other.n,
            x=self.x + other.x,
            s_xx=self.s_xx + other.s_xx,
            s_yy=self.s_yy + other.s_yy,
            s_xy=self.s_xy + other.s_xy,
            upper=self.upper + other.upper,
            lower=self.lower + other.lower,
            group=self.group + other.group,
            answered=_both(self.answered, other.answered),
            options={
                name: self.options.get(name, OptionTally()) + other.options.get(name, OptionTally())
                for name in names
            },
        )

    def dump(self) -> dict[str, Any]:
        """The form that the database keeps."""
        return asdict(self)

    @classmethod
    def load(cls, raw: Mapping[str, Any]) -> Self:
        """The inverse of `dump`."""
        options = {name: OptionTally(**sums) for name, sums in raw["options"].items()}
        return cls(**{**raw, "options": options})


def item_tallies(scores: PaperScores) -> list[ItemTally]:
    """The tally of each of the k questions; [] where nobody sat the paper."""
    people = len(scores.points)
    if not people:
        return []
    totals = scores.points @ scores.counted.astype(np.float64)
    upper, lower = group_weights(totals), group_weights(-totals)
    return [
        _tally(scores, number, totals=totals, upper=upper, lower=lower)
        for number in range(len(scores.maxima))
    ]


def group_weights(totals: Floats) -> Floats:
    """How far each person belongs to the upper group of 27 %, 0..1.

    Those who tie at the border share what is left of the group, so that no order of rows
    decides who is in it.
    """
    wanted = GROUP * len(totals)
    border = np.sort(totals)[::-1][min(int(np.ceil(wanted)), len(totals)) - 1]
    above, tied = totals > border, totals == border
    weights: Floats = above.astype(np.float64)
    weights[tied] = (wanted - above.sum()) / tied.sum()
    return weights


def _tally(
    scores: PaperScores, number: int, *, totals: Floats, upper: Floats, lower: Floats
) -> ItemTally:
    points = scores.points[:, number]
    x = points / scores.maxima[number]
    rest = totals - points if scores.counted[number] else totals
    dx, dy = x - x.mean(), rest - rest.mean()
    chosen = scores.chosen[number]
    answered = np.any(list(chosen.values()), axis=0).sum() if chosen else None
    return ItemTally(
        n=len(x),
        x=float(x.sum()),
        s_xx=float(dx @ dx),
        s_yy=float(dy @ dy),
        s_xy=float(dx @ dy),
        upper=float(upper @ x),
        lower=float(lower @ x),
        group=float(upper.sum()),
        answered=None if answered is None else int(answered),
        options={name: _option(who, dy) for name, who in chosen.items()},
    )


def _option(who: Truths, dy: Floats) -> OptionTally:
    o = who.astype(np.float64)
    do = o - o.mean()
    return OptionTally(chosen=float(o.sum()), s_oo=float(do @ do), s_oy=float(do @ dy))


def _both(one: int | None, other: int | None) -> int | None:
    """The sum; an empty tally (n = 0) knows nothing of answers yet."""
    if one is None or other is None:
        return one if other is None else other
    return one + other
