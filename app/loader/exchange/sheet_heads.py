"""Finds the headings of a question sheet: below titles, in one row or two, in either language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.problems import Problem
from app.domain.text import N_
from app.loader.exchange.sheet_columns import keys_of, known_headings
from app.loader.exchange.workbooks import Table

_LEAST_HEADINGS = 3
_SEARCHED_ROWS = 15
_STEMS = frozenset({"stem.zh", "stem.en"})


@dataclass(frozen=True, slots=True)
class Head:
    """keys: of the columns. titles: their headings. length: rows above the first question."""

    keys: list[str]
    titles: list[str]
    length: int
    above: int


def find_head(table: Table) -> Head | None:
    """The row of headings, or two of them, below titles and remarks."""
    best: Head | None = None
    for place, row in enumerate(table.rows[:_SEARCHED_ROWS]):
        two = _two_rows(row, table.rows[place + 1]) if place + 1 < len(table.rows) else []
        for titles, taken in ((list(map(text_of, row)), 1), (two, 2)):
            count = known_headings(titles)
            if count < _LEAST_HEADINGS or not _STEMS & set(keys_of(titles)):
                continue
            if best is None or count > known_headings(best.titles):
                best = Head(keys_of(titles), titles, place + taken, place)
    if best is None:
        return None
    keys = [key if key not in best.keys[:place] else "" for place, key in enumerate(best.keys)]
    length = best.length
    while length < len(table.rows) and _repeats(table.rows[length]):  # the same in English
        length += 1
    return Head(keys, best.titles, length, best.above)


def _two_rows(upper: Sequence[Any], lower: Sequence[Any]) -> list[str]:
    """Headings of two rows: 选项A over 中文 and 英文; the upper ones reach to the right."""
    titles, reaching = [], ""
    for above, below in zip(map(text_of, upper), map(text_of, lower), strict=False):
        reaching = above or reaching
        titles.append(f"{reaching if below or above else ''}{below}")
    return titles


def _repeats(row: Sequence[Any]) -> bool:
    texts = [text for text in map(text_of, row) if len(text) > 1]  # A alone may be an answer
    return len(texts) >= _LEAST_HEADINGS and known_headings(texts) > len(texts) / 2


def unknown_columns(table: Table, head: Head, prefix: str) -> Iterator[Problem]:
    """A note for each filled column that is none of ours."""
    rows = table.rows[head.length :]
    for column, (key, title) in enumerate(zip(head.keys, head.titles, strict=False)):
        if not key and any(text_of(row[column]) for row in rows if column < len(row)):
            yield Problem(
                "",
                f"{prefix}column {_letters(column)}",
                N_("the column “%(title)s” is not known and not read"),
                {"title": title},
            )
    width = len(head.keys)
    if any(is_filled(row[width:]) for row in rows if len(row) > width):
        yield Problem(
            "", f"{prefix}column {_letters(width)}", N_("cells without heading: not read")
        )


def _letters(column: int) -> str:
    """0 → A, 26 → AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def is_filled(row: Sequence[Any]) -> bool:
    """Whether any cell of the row has something."""
    return any(cell not in ("", None) and text_of(cell) for cell in row)


def text_of(value: Any) -> str:
    """What a cell shows, on the whole: 1.0 is 1, and line ends are those of text files."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return "" if value is None else str(value)
