"""The named rules by which objective questions earn marks, chosen per exam."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Self

from app.domain.problems import Problems
from app.domain.reading import Reader
from app.domain.text import N_


class MultipleRule(StrEnum):
    """How a multiple-choice question earns marks.

    all_or_nothing: exactly the key, or nothing. half_point_each: nothing with a wrong
    option, .5 points per right one, full marks for all of them. fixed_fraction: a fixed
    share for an incomplete choice without a wrong option. net_hits:
    max(0, (hits − false) / keys).
    """

    ALL_OR_NOTHING = "all_or_nothing"
    HALF_POINT_EACH = "half_point_each"
    FIXED_FRACTION = "fixed_fraction"
    NET_HITS = "net_hits"


class MatchingRule(StrEnum):
    """Per right pair, or only for all of them."""

    PER_PAIR = "per_pair"
    ALL_OR_NOTHING = "all_or_nothing"


class OrderingRule(StrEnum):
    """exact order; share of right neighbours; or Kendall's tau, cut off at 0."""

    EXACT = "exact"
    ADJACENT_PAIRS = "adjacent_pairs"
    KENDALL = "kendall"


@dataclass(frozen=True, slots=True)
class ScoringRules:
    """One exam's choice of rules.

    fraction: the share that `fixed_fraction` gives. penalty: the share of a question's
    points taken for a wrong single or true_false answer; 0 is off. Where it is on, the
    paper's total still never falls below 0.
    """

    multiple: MultipleRule = MultipleRule.ALL_OR_NOTHING
    fraction: Fraction = Fraction(1, 2)
    matching: MatchingRule = MatchingRule.PER_PAIR
    ordering: OrderingRule = OrderingRule.EXACT
    penalty: Fraction = Fraction(0)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the rules from a scheme's file."""
        shares = {}
        for name, default in (("fraction", 0.5), ("penalty", 0.0)):
            share = reader.number(name, default=default)
            if not 0 <= share <= 1:
                reader.note(name, N_("must be between %(least)s and %(most)s"), least=0, most=1)
            shares[name] = Fraction(share).limit_denominator(100)
        rules = cls(
            multiple=reader.member("multiple", MultipleRule, default=MultipleRule.ALL_OR_NOTHING),
            matching=reader.member("matching", MatchingRule, default=MatchingRule.PER_PAIR),
            ordering=reader.member("ordering", OrderingRule, default=OrderingRule.EXACT),
            **shares,
        )
        reader.done()
        return rules

    def dump(self) -> dict[str, object]:
        """The form that the database keeps."""
        return {
            "multiple": self.multiple.value,
            "fraction": float(self.fraction),
            "matching": self.matching.value,
            "ordering": self.ordering.value,
            "penalty": float(self.penalty),
        }


def load_rules(raw: Mapping[str, Any]) -> ScoringRules:
    """Rules that were checked before they were stored; raises ValueError where they are broken."""
    problems = Problems()
    rules = ScoringRules.read(Reader(raw, place="scoring", problems=problems))
    if problems:
        raise ValueError("; ".join(map(str, problems)))
    return rules
