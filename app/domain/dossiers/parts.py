"""Reads a dossier's JSON strictly: whatever is not as it must be is named, not guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from app.domain.errors import DomainError
from app.domain.text import N_

_POINTS = re.compile(r"-?\d{1,12}(/[1-9]\d{0,11})?")
_LARGEST = 2**63
_FIRST_YEAR, _LAST_YEAR = 2000, 2200


class Unreadable(DomainError):
    """A part of the dossier is missing or is not what it must be."""

    def __init__(self, place: str) -> None:
        super().__init__(
            "dossier-unreadable",
            N_("The part “%(place)s” of the file cannot be read."),
            place=place,
        )


@dataclass(frozen=True, slots=True)
class Part:
    """One object of the dossier and where it stands. Every method raises Unreadable."""

    raw: Mapping[str, Any]
    place: str = ""

    @classmethod
    def of(cls, raw: object, place: str) -> Part:
        """The object at this place."""
        if not isinstance(raw, Mapping):
            raise Unreadable(place)
        return cls(raw, place)

    def at(self, key: str) -> str:
        """The place of `key`, for messages."""
        return f"{self.place}.{key}" if self.place else key

    def any(self, key: str) -> Any:
        """Whatever stands there; it must be given, if only as null."""
        if key not in self.raw:
            raise Unreadable(self.at(key))
        return self.raw[key]

    def text(self, key: str) -> str:
        """A text."""
        return str(self._of_type(key, str))

    def whole(self, key: str) -> int:
        """A whole number that a database can hold."""
        found = self._of_type(key, int)
        if isinstance(found, bool) or abs(found) > _LARGEST:
            raise Unreadable(self.at(key))
        return int(found)

    def whole_or_none(self, key: str) -> int | None:
        """As `whole`, or null."""
        return None if self.any(key) is None else self.whole(key)

    def number(self, key: str) -> float:
        """A number."""
        found = self._of_type(key, int | float)
        if isinstance(found, bool) or abs(found) > _LARGEST:
            raise Unreadable(self.at(key))
        return float(found)

    def flag(self, key: str) -> bool:
        """True or false."""
        return bool(self._of_type(key, bool))

    def mapping(self, key: str) -> dict[str, Any]:
        """An object as it stands."""
        return dict(self._of_type(key, dict))

    def moment(self, key: str) -> datetime:
        """A time with its zone, of years in which there are exams."""
        try:
            found = datetime.fromisoformat(self.text(key))
        except ValueError:
            raise Unreadable(self.at(key)) from None
        if found.tzinfo is None or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
            raise Unreadable(self.at(key))
        return found

    def moment_or_none(self, key: str) -> datetime | None:
        """As `moment`, or null."""
        return None if self.any(key) is None else self.moment(key)

    def points(self, key: str) -> Fraction:
        """Exact points: "4", "1/3"."""
        text = self.text(key)
        if not _POINTS.fullmatch(text):
            raise Unreadable(self.at(key))
        return Fraction(text)

    def part(self, key: str) -> Part:
        """An object."""
        return Part.of(self.any(key), self.at(key))

    def parts(self, key: str) -> list[Part]:
        """A list of objects."""
        return [
            Part.of(item, f"{self.at(key)}[{number}]")
            for number, item in enumerate(self._of_type(key, list))
        ]

    def _of_type(self, key: str, kind: Any) -> Any:
        found = self.any(key)
        if not isinstance(found, kind):
            raise Unreadable(self.at(key))
        return found
