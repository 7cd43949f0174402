"""How an exam is marked by people: set beforehand, in the scheme's file, and kept with the exam."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from app.domain.problems import Problems
from app.domain.reading import Reader
from app.domain.text import N_

LEAST_TOLERANCE, MOST_TOLERANCE = 0.10, 0.20
"""Shares of a question's maximum between which the tolerance of double marking is set."""


@dataclass(frozen=True, slots=True)
class MarkingPolicy:
    """One exam's rules of marking.

    double: two people mark each answer. tolerance: how far apart their marks may be, as a share
    of the maximum. checks: the share of a marker's answers that are seeded check scripts.
    check_deviation: how far from the agreed points a mark of a check script may be, as a share
    of the maximum. back_reading: the share of done markings that the lead reads again.
    """

    double: bool = True
    tolerance: Fraction = Fraction(15, 100)
    checks: Fraction = Fraction(1, 20)
    check_deviation: Fraction = Fraction(10, 100)
    back_reading: Fraction = Fraction(5, 100)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the rules from a scheme's file, where they may all be left out."""
        usual = cls()
        policy = cls(
            double=reader.boolean("double", default=usual.double),
            tolerance=_share(reader, "tolerance", usual.tolerance, LEAST_TOLERANCE, MOST_TOLERANCE),
            checks=_share(reader, "checks", usual.checks, 0, 0.5),
            check_deviation=_share(reader, "check_deviation", usual.check_deviation, 0, 0.5),
            back_reading=_share(reader, "back_reading", usual.back_reading, 0, 1),
        )
        reader.done()
        return policy

    @classmethod
    def load(cls, raw: Mapping[str, object]) -> Self:
        """The inverse of `dump`; what is left out is as usual."""
        problems = Problems()
        policy = cls.read(Reader(raw, place="marking", problems=problems))
        if problems:
            raise ValueError("; ".join(map(str, problems)))
        return policy

    def dump(self) -> dict[str, object]:
        """The form that the database keeps: only what is not as usual."""
        usual = type(self)()
        raw: dict[str, object] = {} if self.double else {"double": False}
        for name in ("tolerance", "checks", "check_deviation", "back_reading"):
            value = getattr(self, name)
            if value != getattr(usual, name):
                raw[name] = float(value)
        return raw


def _share(reader: Reader, key: str, usual: Fraction, least: float, most: float) -> Fraction:
    share = reader.number(key, default=float(usual))
    if not least <= share <= most:
        reader.note(key, N_("must be between %(least)s and %(most)s"), least=least, most=most)
        return usual
    return Fraction(share).limit_denominator(1000)
