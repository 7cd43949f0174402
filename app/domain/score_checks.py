"""What a 复核 looks at: missed parts, sums and entries, worked out anew from what is stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from app.domain.results import Outcome, rounded


class Look(StrEnum):
    """The three things that are checked."""

    MISSED_PARTS = "missed_parts"
    SUMS = "sums"
    ENTRIES = "entries"


@dataclass(frozen=True, slots=True)
class Entry:
    """One question of an attempt. earned: as marked, None without a mark. due: what the rule
    gives now, None where a person marks. answered: whether an answer counts."""

    position: int
    version_id: int
    module: str
    maximum: Fraction
    earned: Fraction | None
    due: Fraction | None
    answered: bool
    dropped: bool = False

    @property
    def is_missed(self) -> bool:
        """Whether nobody and nothing has marked it."""
        return self.earned is None

    @property
    def differs(self) -> bool:
        """Whether the mark is not what the rule gives, or lies outside what it can be."""
        if self.earned is None:
            return False
        if self.due is not None:
            return self.earned != self.due
        return not 0 <= self.earned <= self.maximum


@dataclass(frozen=True, slots=True)
class Findings:
    """Positions that were missed, positions whose entry differs, and whether the sum holds."""

    missed: tuple[int, ...]
    differing: tuple[int, ...]
    sum_of_marks: Decimal
    told: Decimal | None

    @property
    def sum_holds(self) -> bool:
        """Whether the result tells what the marks come to."""
        return self.told is None or self.told == self.sum_of_marks

    def dump(self) -> dict[str, object]:
        """As it goes on record with the answer."""
        return {
            Look.MISSED_PARTS.value: list(self.missed),
            Look.SUMS.value: {
                "marks": str(self.sum_of_marks),
                "result": None if self.told is None else str(self.told),
                "holds": self.sum_holds,
            },
            Look.ENTRIES.value: list(self.differing),
        }


def findings(entries: Iterable[Entry], comes_to: Outcome, *, told: float | None) -> Findings:
    """The findings. comes_to: what the marks add up to; told: the score of the result."""
    rows = tuple(entries)
    return Findings(
        missed=tuple(entry.position for entry in rows if entry.is_missed),
        differing=tuple(entry.position for entry in rows if entry.differs),
        sum_of_marks=comes_to.score,
        told=None if told is None else rounded(Fraction(str(told))),
    )
