"""What number, or range of numbers, an option says: for telling which options overlap."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from app.domain.questions.choice import Option

_NUMBER = r"(\d+(?:\.\d+)?)"
_UNIT = r"\s*([^\d\s.,;，；。~–—-]{0,12}?)"
_TO = r"\s*(?:[-–—~]+|至|到|\bto\b|\band\b)\s*"
_BETWEEN = re.compile(rf"(?:between\s+|介于|在)?{_NUMBER}{_UNIT}{_TO}{_NUMBER}{_UNIT}(?:之间)?")
_ALONE = re.compile(rf"{_NUMBER}{_UNIT}")
_FROM = re.compile(
    rf"(?:at least|not less than|不少于|不低于|至少|≥)\s*{_NUMBER}{_UNIT}"
    rf"|{_NUMBER}{_UNIT}\s*(?:及?以上|or more|and over)"
)
_UP_TO = re.compile(
    rf"(?:at most|no more than|up to|不超过|不多于|不高于|至多|≤)\s*{_NUMBER}{_UNIT}"
    rf"|{_NUMBER}{_UNIT}\s*(?:及?以[下内]|or less|or fewer)"
)
_OVER = re.compile(rf"(?:more than|over|above|超过|多于|高于|大于|>)\s*{_NUMBER}{_UNIT}")
_UNDER = re.compile(
    rf"(?:less than|fewer than|under|below|不足|少于|低于|小于|<)\s*{_NUMBER}{_UNIT}"
)
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Quantity:
    """Every number from `least` to `most`. The ends belong to it unless they are open."""

    least: float
    most: float
    unit: str = ""
    open_least: bool = False
    open_most: bool = False

    def overlaps(self, other: Quantity) -> bool:
        """Whether one number lies in both, as far as they are of the same unit."""
        if self.unit != other.unit:
            return False
        least, most = max(self.least, other.least), min(self.most, other.most)
        if least != most:
            return least < most
        return not any(
            (one.open_least and one.least == least) or (one.open_most and one.most == most)
            for one in (self, other)
        )


def quantity(text: str) -> Quantity | None:
    """What a text says that is nothing but a number or a range of them; None otherwise."""
    said = unicodedata.normalize("NFKC", text).replace(",", "").strip(" .。").casefold()
    if len(said) > _LONGEST:
        return None
    said = said.removeprefix("约").removeprefix("about ").strip()
    if found := _BETWEEN.fullmatch(said):
        first, unit, second, last_unit = found.groups()
        if unit and unit != last_unit:
            return None
        least, most = sorted((float(first), float(second)))
        return Quantity(least, most, last_unit)
    for pattern, is_least, is_open in (
        (_FROM, True, False),
        (_UP_TO, False, False),
        (_OVER, True, True),
        (_UNDER, False, True),
    ):
        if found := pattern.fullmatch(said):
            number, unit = (part for part in found.groups() if part is not None)
            if is_least:
                return Quantity(float(number), math.inf, unit, open_least=is_open)
            return Quantity(-math.inf, float(number), unit, open_most=is_open)
    if found := _ALONE.fullmatch(said):
        return Quantity(float(found[1]), float(found[1]), found[2])
    return None


def overlapping(options: Sequence[Option], language: str) -> list[tuple[Option, Option]]:
    """Pairs of options that one number would fit both."""
    said = [(option, quantity(option.text.to(language))) for option in options]
    return [
        (one, other)
        for (one, first), (other, second) in combinations(said, 2)
        if first is not None and second is not None and first.overlaps(second)
    ]
