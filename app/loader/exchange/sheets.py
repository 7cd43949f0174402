"""Questions in a sheet, .xlsx or .csv: one row per question, a case and its tasks in several.

Columns are known by their headings, in any order. Each row becomes a draft, or is refused.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.problems import Problem
from app.domain.questions.kinds import QuestionType
from app.domain.text import N_, Text
from app.loader.exchange.archives import is_zip
from app.loader.exchange.contract import (
    MOST_QUESTIONS,
    Draft,
    Format,
    Reading,
    Unreadable,
)
from app.loader.exchange.csv_tables import open_csv
from app.loader.exchange.sheet_bodies import SHEET_BODIES
from app.loader.exchange.sheet_columns import is_part, known_headings, type_of
from app.loader.exchange.sheet_fields import head_fields
from app.loader.exchange.sheet_heads import Head, find_head, is_filled, text_of, unknown_columns
from app.loader.exchange.sheet_rows import Row
from app.loader.exchange.workbooks import MOST_ROWS, OLD_EXCEL, Table, open_tables

EXAMPLES = Text("示例", "Examples")
"""The sheet with examples in the template; read only where there is nothing else."""
HELP = Text("填写说明", "Instructions")
"""The sheet with instructions in the template; never read."""

_SHOWN_ONCE = frozenset({"type", "pool", "points", "level", "difficulty", "source"})
"""Columns in which a cell merged over several rows counts for each of them."""


@dataclass(slots=True)
class _Found:
    drafts: list[Draft] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    counted: bool = False


def read(data: bytes) -> Reading:
    """The questions of a workbook or of a CSV file, whichever it is. Raises Unreadable."""
    found = _Found()
    if is_zip(data) or data.startswith(OLD_EXCEL):
        tables, found.notes = open_tables(data)
    else:
        tables = [open_csv(data, known=known_headings)]
    tables = [table for table in tables if table.name not in _names(HELP)]
    heads = {table.name: find_head(table) for table in tables}
    if not any(heads.values()):
        raise Unreadable(
            N_("No row with headings such as 题型, 题干（中文）, 答案 was found: use the template.")
        )
    chosen = [table for table in tables if table.name not in _names(EXAMPLES)]
    if not any(_has_questions(table, heads.get(table.name)) for table in chosen):
        chosen = [table for table in tables if table.name in _names(EXAMPLES)] or chosen
    for table in chosen:
        _read_table(table, heads.get(table.name), found, alone=len(chosen) == 1)
    return Reading(tuple(found.drafts), tuple(found.refused), tuple(found.notes))


def read_rows(rows: Sequence[Mapping[str, str]]) -> list[Draft]:
    """The drafts of rows whose cells are already told by column."""
    found = _Found()
    _read_rows(
        [
            Row("", {key: stripped for key, text in cells.items() if (stripped := text_of(text))})
            for cells in rows
        ],
        found,
    )
    return found.drafts


def _names(text: Text) -> tuple[str, str]:
    return (text.zh, text.en)


def _has_questions(table: Table, head: Head | None) -> bool:
    return head is not None and any(map(is_filled, table.rows[head.length :]))


def _read_table(table: Table, head: Head | None, found: _Found, *, alone: bool) -> None:
    if head is None:
        if any(map(is_filled, table.rows)):
            found.notes.append(
                Problem("", table.name, N_("this sheet has no row of headings and is not read"))
            )
        return
    prefix = "" if alone else f"{table.name}, "
    for number, row in enumerate(table.rows[: head.above], start=table.first):
        if is_filled(row):
            found.notes.append(
                Problem("", f"{prefix}row {number}", N_("stands above the headings: not read"))
            )
    found.notes.extend(unknown_columns(table, head, prefix))
    rows = []
    for place, cells in enumerate(table.rows[head.length :], start=head.length):
        if is_filled(cells):
            rows.append(_row(table, head, place, prefix))
            if len(rows) > MOST_ROWS:
                raise Unreadable(N_("A sheet has more than %(most)s rows."), most=MOST_ROWS)
    _read_rows([row for row in rows if row.cells or row.notes], found)


def _row(table: Table, head: Head, place: int, prefix: str) -> Row:
    raw = table.rows[place]
    cells: dict[str, str] = {}
    row = Row(f"{prefix}row {table.first + place}", cells)
    for column, key in enumerate(head.keys):
        if not key:
            continue
        value = raw[column] if column < len(raw) else ""
        if value == "" and key in _SHOWN_ONCE and (place, column) in table.merged:
            above, left = table.merged[place, column]
            value = table.rows[above][left]
        text = text_of(value)
        if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
            row.note(
                key,
                N_(
                    "Excel took what was typed for a date (%(text)s): give the cell the format Text"
                ),
                text=text,
            )
        if text:
            cells[key] = text
    return row


def _read_rows(rows: Sequence[Row], found: _Found) -> None:
    """Rows to drafts; tasks belong to the row above that is none."""
    place = 0
    while place < len(rows):
        row = rows[place]
        last = place + 1
        while last < len(rows) and is_part(rows[last].cells.get("type", "")):
            last += 1
        if is_part(row.cells.get("type", "")):
            found.refused.append(Problem("", row.place, N_("there is no case above this task")))
            place += 1
            continue
        _read_row(row, rows[place + 1 : last], found)
        if len(found.drafts) > MOST_QUESTIONS:
            raise Unreadable(N_("The file has more than %(most)s questions."), most=MOST_QUESTIONS)
        place = last


def _note_counting(row: Row, found: _Found) -> None:
    if row.take("id").isdecimal() and not found.counted:
        found.counted = True
        found.notes.append(
            Problem("", row.place, N_("plain numbers are no ids: such questions get new ones"))
        )


def _read_row(row: Row, parts: Sequence[Row], found: _Found) -> None:
    word = row.take("type")
    kind = type_of(word)
    if kind is None:
        refusal = N_("“%(word)s” is not a type of question") if word else N_("the type is missing")
        found.refused.append(Problem("", row.place, refusal, {"word": word} if word else {}))
        found.refused.extend(
            Problem("", part.place, N_("there is no case above this task")) for part in parts
        )
        return
    if parts and kind is not QuestionType.CASE:
        found.refused.extend(
            Problem("", part.place, N_("there is no case above this task")) for part in parts
        )
        parts = ()
    _note_counting(row, found)
    raw = head_fields(row) | {"type": kind.value}
    for column in ("stem", "explanation"):
        if pair := row.take_pair(column):
            raw[column] = pair
    raw |= SHEET_BODIES[kind].read(row, parts)
    row.done()
    found.drafts.append(Draft(row.place, raw, tuple(row.notes)))


FORMAT = Format(
    code="csv",
    name=Text("CSV 表格", "CSV table"),
    ending="csv",
    mime="text/csv",
    read=read,
)
