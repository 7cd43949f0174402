"""The filters that are set, in words, each with a way to take it away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.db import AnyRow
from app.domain.questions.bank_filter import BankFilter
from app.web.bank.names import flag_name, state_name
from app.web.languages import translated as _
from app.web.templating import level_name, local, pool_name, type_name

_NAMED: dict[str, Callable[[str], str]] = {
    "type": type_name,
    "level": level_name,
    "pool": pool_name,
    "state": state_name,
    "flag": flag_name,
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is set. name: in the address; label: what it says."""

    name: str
    label: str


def chips(
    filters: BankFilter, *, lessons: Sequence[AnyRow], authors: Sequence[AnyRow]
) -> list[Chip]:
    """Every filter that is set, in the order of the form."""
    return [
        Chip(name, label)
        for name, value in filters.dump().items()
        if name != "sort"
        for label in _labels(name, value, lessons, authors)
    ]


def _labels(
    name: str, value: str, lessons: Sequence[AnyRow], authors: Sequence[AnyRow]
) -> Iterator[str]:
    if name in _NAMED:
        yield _NAMED[name](value)
    elif name == "module":
        titles = {row.module_id: row.module_title for row in lessons}
        yield local(titles[value]) if value in titles else value
    elif name == "lesson":
        titles = {row.id: row.title for row in lessons}
        yield local(titles[value]) if value in titles else value
    elif name == "author":
        people = {str(row.id): row.name for row in authors}
        files = {"0": _("from a file")}
        yield _("Author: %(name)s", name=(people | files).get(value, value))
    else:
        yield _words(name, value)


def _words(name: str, value: str) -> str:
    if name == "live":
        return _("In use") if value == "yes" else _("Not in use")
    if name == "used":
        return _("On a paper") if value == "yes" else _("On no paper")
    sentences: dict[str, str] = {
        "search": _("“%(value)s”", value=value),
        "point": _("Point %(value)s", value=value.upper()),
        "difficulty": _("Difficulty %(value)s", value=value),
        "papers_least": _("On at least %(value)s papers", value=value),
        "papers_most": _("On at most %(value)s papers", value=value),
        "attempts_least": _("In at least %(value)s attempts", value=value),
        "attempts_most": _("In at most %(value)s attempts", value=value),
        "last_papers": _("Of the last %(value)s papers", value=value),
        "changed_since": _("Changed since %(value)s", value=value),
    }
    return sentences[name]
