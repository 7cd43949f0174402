"""What a list of the bank shows: read from an address or a saved filter, and written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Self

from app.domain.questions.kinds import Level, Pool, QuestionState, QuestionType
from app.domain.statistics.items import Flag

LONGEST_VALUE = 100
"""Characters of one value of a filter."""
MOST_COUNTED = 1_000_000
"""The largest number that a filter compares with."""
_FIRST_DAY, _LAST_DAY = date(1970, 1, 1), date(9998, 12, 31)


class BankSort(StrEnum):
    """In which order the questions stand.

    relevance: an id that was typed first, then stems that say what was typed, then the rest.
    exposure: first what most people had in an exam.
    """

    RELEVANCE = "relevance"
    ID = "id"
    CHANGED = "changed"
    DIFFICULTY = "difficulty"
    EXPOSURE = "exposure"


class StatisticsFilter(StrEnum):
    """What a list asks of the statistics, beside each single flag.

    any: some flag; none: enough people answered, and nothing is to be looked at; few: too few
    people answered for any figure.
    """

    ANY = "any"
    NONE = "none"
    FEW = "few"


@dataclass(frozen=True, slots=True)
class BankFilter:
    """Which questions a list shows; "" and None leave a filter open.

    live, used: "yes" or "no". live: whether a version of it is in use; used: whether it is on a
    paper. author: the id of whoever wrote the first version, 0 for files. papers_…, attempts_…:
    on how many of the last last_papers papers (of all where that is None) it is, and in how many
    attempts at these it was given. changed_since: a day of the organisation's time zone.
    flag: what the statistics of the version in use say, see `StatisticsFilter`.
    sort "": relevance where something is searched, else id.
    """

    search: str = ""
    module: str = ""
    lesson: str = ""
    point: str = ""
    type: str = ""
    level: str = ""
    difficulty: int | None = None
    pool: str = ""
    state: str = ""
    live: str = ""
    author: int | None = None
    used: str = ""
    papers_least: int | None = None
    papers_most: int | None = None
    attempts_least: int | None = None
    attempts_most: int | None = None
    last_papers: int | None = None
    flag: str = ""
    changed_since: date | None = None
    sort: str = ""

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        """A filter from the words of an address; what means nothing leaves its filter open."""
        values: dict[str, Any] = {}
        for name in _NAMES & raw.keys():
            text = str(raw[name]).replace("\x00", "").strip()[:LONGEST_VALUE]
            if name in _NUMBERS:
                values[name] = _number(text)
            elif name == "changed_since":
                values[name] = _day(text)
            elif name not in _CHOICES or text in _CHOICES[name]:
                values[name] = text
        return cls(**values)

    def dump(self) -> dict[str, Any]:
        """What is set, as `read` takes it."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: str(value) for name, value in values if value not in ("", None)}

    @property
    def order(self) -> BankSort:
        """The order that was chosen, or that goes without saying."""
        if self.sort in set(BankSort):
            return BankSort(self.sort)
        return BankSort.RELEVANCE if self.search else BankSort.ID

    @property
    def looks_at_exposure(self) -> bool:
        """Whether papers and attempts have to be counted to find the questions."""
        return any(getattr(self, name) is not None for name in _EXPOSURE)


_NAMES = {field.name for field in fields(BankFilter)}
_EXPOSURE = ("papers_least", "papers_most", "attempts_least", "attempts_most")
_NUMBERS = {*_EXPOSURE, "difficulty", "author", "last_papers"}
_YES_OR_NO = frozenset({"yes", "no"})
_CHOICES: Mapping[str, frozenset[str]] = {
    "type": frozenset(QuestionType),
    "level": frozenset(Level),
    "pool": frozenset(Pool),
    "state": frozenset(QuestionState),
    "live": _YES_OR_NO,
    "used": _YES_OR_NO,
    "flag": frozenset({*StatisticsFilter, *Flag}),
    "sort": frozenset(BankSort),
}
"""What the filters understand that have few values."""


def _number(text: str) -> int | None:
    if not (text.isascii() and text.isdecimal()):
        return None
    return min(int(text), MOST_COUNTED)


def _day(text: str) -> date | None:
    """A day that has a moment in every time zone."""
    try:
        return min(max(date.fromisoformat(text), _FIRST_DAY), _LAST_DAY)
    except ValueError:
        return None
