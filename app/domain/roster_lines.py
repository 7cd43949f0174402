"""Finds the people that lines of pasted text mean: a user name, or a name with a department."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_

MOST_LINES = 2000
_SEPARATORS = re.compile(r"[\t,，;；|]+")


class Named(Protocol):
    """What a line can tell a person by."""

    @property
    def username(self) -> str:
        """Nobody shares it."""
        ...

    @property
    def name(self) -> str:
        """Several may have it."""
        ...

    @property
    def department(self) -> str:
        """With the departments above it: "A/B"."""
        ...


N = TypeVar("N", bound=Named)


class Unclear(StrEnum):
    """Why a line leads to nobody."""

    UNKNOWN = "unknown"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Line:
    """One line that says something. number: from 1, blank lines counted."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Understood(Generic[N]):
    """People in the order of their lines, each once, and the lines that led to nobody."""

    people: tuple[N, ...]
    unclear: tuple[tuple[Line, Unclear], ...]


def lines_of(text: str) -> list[Line]:
    """The lines of a pasted text; raises DomainError for more than MOST_LINES."""
    numbered = enumerate(text.splitlines(), start=1)
    lines = [Line(number, line.strip()) for number, line in numbered if line.strip()]
    if len(lines) > MOST_LINES:
        raise DomainError(
            "too-many-lines",
            N_("Paste at most %(most)s lines at once."),
            kind=ErrorKind.TOO_LARGE,
            most=MOST_LINES,
        )
    return lines


def words_of(lines: Sequence[Line]) -> set[str]:
    """Everything in the lines that may be a user name or a name."""
    found: set[str] = set()
    for line in lines:
        found.update(_usernames(line.text))
        found.update(name for name, _ in _names(line.text))
    return found


def understand(lines: Sequence[Line], people: Sequence[N]) -> Understood[N]:
    """What the lines mean among these people, who were looked up by `words_of`."""
    by_username = {person.username: person for person in people}
    by_name: dict[str, list[N]] = defaultdict(list)
    for person in people:
        by_name[person.name].append(person)
    found: dict[str, N] = {}
    unclear: list[tuple[Line, Unclear]] = []
    for line in lines:
        meant = _meant(line.text, by_username, by_name)
        if isinstance(meant, Unclear):
            unclear.append((line, meant))
        else:
            found.setdefault(meant.username, meant)
    return Understood(tuple(found.values()), tuple(unclear))


def _meant(
    text: str, by_username: Mapping[str, N], by_name: Mapping[str, Sequence[N]]
) -> N | Unclear:
    for word in _usernames(text):
        if word in by_username:
            return by_username[word]
    several = False
    for name, department in _names(text):
        named = [
            person
            for person in by_name.get(name, ())
            if not department or _is_in(person.department, department)
        ]
        if len(named) == 1:
            return named[0]
        several = several or len(named) > 1
    return Unclear.SEVERAL if several else Unclear.UNKNOWN


def _usernames(text: str) -> list[str]:
    """What in the line may be a user name; none has a blank in it."""
    parts = _parts(text)
    return parts if len(parts) > 1 else [parts[0], parts[0].split()[0]]


def _names(text: str) -> Iterator[tuple[str, str]]:
    """(name, department) in every way that the line can be read; "" says nothing about it."""
    parts = _parts(text)
    if len(parts) > 1:
        for part in parts[:-1]:
            yield part, parts[-1]
        return
    yield parts[0], ""
    words = parts[0].split()
    if len(words) > 1:
        yield " ".join(words[:-1]), words[-1]


def _parts(text: str) -> list[str]:
    """What separators keep apart; at least one part."""
    parts = [part.strip() for part in _SEPARATORS.split(text)]
    return [part for part in parts if part] or [text]


def _is_in(department: str, said: str) -> bool:
    """Whether somebody is in the department that was said: the whole of it, or a part."""
    return department == said or f"/{said}/" in f"/{department}/"
