"""Reads raw mappings (from YAML, JSON or a form) and notes every problem with its place."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TypeVar

from app.domain.problems import Problems
from app.domain.text import N_, Text

E = TypeVar("E", bound=StrEnum)

EMPTY = Text("", "")


class Reader:
    """A view of one raw mapping at one place of a file.

    Every `read` method returns a usable value even where the raw one is wrong, after
    noting the problem: so one pass finds them all. `done` reports unknown keys.
    """

    def __init__(self, raw: object, *, place: str, problems: Problems) -> None:
        self.place = place
        self.problems = problems
        self._seen: set[str] = set()
        if isinstance(raw, Mapping):
            self.raw: Mapping[str, object] = raw
        else:
            self.raw = {}
            self.note("", N_("must be a mapping of names to values"))

    def note(self, key: str, sentence: str, **parameters: object) -> None:
        """Note a problem at `key` of this place."""
        self.problems.add(self.at(key), sentence, **parameters)

    def at(self, key: str) -> str:
        """The place of `key`, for messages."""
        return f"{self.place} › {key}" if key and self.place else key or self.place

    def has(self, key: str) -> bool:
        """Whether the key is given."""
        self._seen.add(key)
        return self.raw.get(key) is not None

    def text(self, key: str, *, required: bool = True) -> Text:
        """A {zh, en} pair with both languages filled."""
        value = self._take(key)
        if value is None:
            if required:
                self.note(key, N_("is missing"))
            return EMPTY
        return read_text(value, place=self.at(key), problems=self.problems)

    def own_text(self) -> Text:
        """The zh and en of this very mapping, where other keys stand beside them."""
        self._seen.update(("zh", "en"))
        pair = {key: self.raw.get(key) for key in ("zh", "en")}
        return read_text(pair, place=self.place, problems=self.problems)

    def string(self, key: str, *, required: bool = True, longest: int = 500) -> str:
        """A line of text, without surrounding blanks."""
        value = self._take(key)
        if value is None:
            if required:
                self.note(key, N_("is missing"))
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.note(key, N_("must be text"))
            return ""
        string = str(value).strip()
        if required and not string:
            self.note(key, N_("is empty"))
        if len(string) > longest:
            self.note(key, N_("has more than %(count)s characters"), count=longest)
        if "\x00" in string:
            self.note(key, N_("contains a NUL character"))
            return string.replace("\x00", "")
        return string

    def strings(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """A list of lines; a single one may stand without the list."""
        value = self._take(key)
        if value is None:
            if required:
                self.note(key, N_("is missing"))
            return ()
        values = value if isinstance(value, list) else [value]
        if any(isinstance(v, dict | list) or v is None for v in values):
            self.note(key, N_("must be a list of texts"))
            return ()
        lines = tuple(str(v).strip() for v in values if str(v).strip())
        if required and not lines:
            self.note(key, N_("is empty"))
        if any("\x00" in line for line in lines):
            self.note(key, N_("contains a NUL character"))
            return tuple(line.replace("\x00", "") for line in lines)
        return lines

    def integer(self, key: str, *, least: int, most: int, default: int | None = None) -> int:
        """A whole number within bounds."""
        value = self._take(key)
        if value is None:
            if default is None:
                self.note(key, N_("is missing"))
            return least if default is None else default
        if isinstance(value, bool) or not isinstance(value, int):
            self.note(key, N_("must be a whole number"))
            return least
        if not least <= value <= most:
            self.note(key, N_("must be between %(least)s and %(most)s"), least=least, most=most)
            return least
        return value

    def number(self, key: str, *, default: float | None = None) -> float:
        """A number."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.note(key, N_("must be a number"))
            return 0.0
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            self.note(key, N_("must be a number"))
            return 0.0
        return number

    def boolean(self, key: str, *, default: bool | None = None) -> bool:
        """true or false."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, bool):
            self.note(key, N_("must be true or false"))
            return False
        return value

    def member(self, key: str, kind: type[E], *, default: E | None = None) -> E:
        """One of the values of an enumeration."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        try:
            return kind(str(value))
        except ValueError:
            allowed = ", ".join(member.value for member in kind)
            self.note(key, N_("must be one of: %(allowed)s"), allowed=allowed)
            return default if default is not None else next(iter(kind))

    def items(self, key: str, *, least: int = 0, most: int = 50) -> Iterator[Reader]:
        """A list of mappings, each as a reader of its own."""
        value = self._take(key)
        if value is None:
            value = []
        if not isinstance(value, list):
            self.note(key, N_("must be a list"))
            return
        if not least <= len(value) <= most:
            self.note(
                key,
                N_("must have %(least)s to %(most)s entries, has %(count)s"),
                least=least,
                most=most,
                count=len(value),
            )
        for number, raw in enumerate(value, start=1):
            yield Reader(raw, place=self.at(f"{key} {number}"), problems=self.problems)

    def inner(self, key: str) -> Reader:
        """A mapping inside this one."""
        return Reader(self._take(key) or {}, place=self.at(key), problems=self.problems)

    def done(self) -> None:
        """Report keys that nobody asked for: usually a slip of the pen."""
        for key in self.raw:
            if key not in self._seen:
                self.note(str(key), N_("is not a known key"))

    def _take(self, key: str) -> object:
        self._seen.add(key)
        return self.raw.get(key)


def read_text(value: object, *, place: str, problems: Problems) -> Text:
    """A {zh, en} pair; notes what is missing or not text."""
    if not isinstance(value, Mapping):
        problems.add(place, N_("must have a text for zh and one for en"))
        return EMPTY
    found: dict[str, str] = {}
    for language in ("zh", "en"):
        raw = value.get(language)
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            problems.add(f"{place} › {language}", N_("translation is missing"))
            found[language] = ""
        elif isinstance(raw, bool) or not isinstance(raw, str | int | float):
            problems.add(f"{place} › {language}", N_("must be text"))
            found[language] = ""
        elif "\x00" in str(raw):
            problems.add(f"{place} › {language}", N_("contains a NUL character"))
            found[language] = str(raw).replace("\x00", "")
        else:
            found[language] = str(raw).strip()
    for key in value:
        if key not in ("zh", "en"):
            problems.add(f"{place} › {key}", N_("is not a known key"))
    return Text(found["zh"], found["en"])
