"""One row of a question sheet: its cells by column, and what in them was not understood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.problems import Problem
from app.domain.text import N_
from app.loader.exchange.sheet_cells import number
from app.loader.exchange.sheet_columns import OPTION_LETTERS, columns

Raw = dict[str, Any]
"""Fields of a question as `Question.dump` gives them."""
Cells = dict[str, str]
"""Texts by column."""
LANGUAGES = ("zh", "en")
_LONGEST_SHOWN = 60


@dataclass(slots=True)
class Row:
    """cells: the text in each column that has any. notes: grows while it is read."""

    place: str
    cells: Mapping[str, str]
    notes: list[Problem] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)

    def note(self, column: str, sentence: str, **parameters: object) -> None:
        """Something in a column was not understood or does not fit."""
        title = _TITLES.get(column, column)
        self.notes.append(Problem("", f"{self.place} › {title}", sentence, parameters))

    def take(self, column: str) -> str:
        """The text of a column, "" where it is empty."""
        self._taken.add(column)
        return self.cells.get(column, "")

    def take_pair(self, column: str) -> dict[str, str] | None:
        """The texts of a column in both languages; None where there is neither."""
        pair = {language: self.take(f"{column}.{language}") for language in LANGUAGES}
        return pair if any(pair.values()) else None

    def take_options(self) -> Iterator[tuple[str, dict[str, str]]]:
        """(letter, texts) of each option column that is filled."""
        for letter in OPTION_LETTERS:
            pair = self.take_pair(f"option.{letter}")
            if pair:
                yield letter, pair

    def done(self) -> None:
        """Note the filled columns that nobody asked for."""
        for column, text in self.cells.items():
            if column not in self._taken:
                self.note(
                    column,
                    N_("not kept, as this type of question has no such column: %(text)s"),
                    text=text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…",
                )


def take_number(row: Row, column: str, raw: Raw) -> None:
    """Put the number of a column into `raw`, where there is one."""
    text = row.take(column).removeprefix("±").strip()
    if not text:
        return
    value = number(text)
    if value is None:
        row.note(column, N_("“%(text)s” is not a number"), text=text)
    else:
        raw[column] = value


def cells_of(column: str, texts: Mapping[str, str]) -> Cells:
    """The texts in both languages, in the two columns they have."""
    return {f"{column}.{key}": texts[key] for key in LANGUAGES if texts.get(key)}


_TITLES = {
    column.key: column.title.zh
    for column in columns(len(OPTION_LETTERS), feedback=len(OPTION_LETTERS))
}
