"""Opens .xlsx files of strangers: only what was measured first reaches the reader of workbooks.

A workbook is a zip of XML. Its reader sets memory aside for the whole rectangle between the first
and the last cell, and for as many strings as the file says it has: a small file could take all
there is and end the process. Therefore the parts are unpacked here within bounds, what they claim
is measured, and the reader is given only these parts.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from xml.parsers import expat

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from app.domain.problems import Problem
from app.domain.text import N_
from app.loader.exchange.archives import Archive
from app.loader.exchange.contract import MOST_QUESTIONS, Unreadable, refuse_large

MOST_CELLS = 5_000_000
"""Cells of the rectangles that the sheets span together."""
MOST_ROWS = 2 * MOST_QUESTIONS
"""Rows of a sheet: cases take several each."""

_MOST_MERGED = 200_000
_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/_rels/workbook\.xml\.rels|xl/(?:worksheets/)?[^/]+\.xml",
    re.IGNORECASE,
)
_FREQUENT = frozenset({"v", "is", "t", "si", "r", "rPr", "f"})
"""Elements that measure nothing, of which there are many."""
_ADDRESS = re.compile(r"([A-Za-z]{0,5})([0-9]{0,9})")
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What .xls files begin with, and .xlsx files with a password."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one sheet. first: the number of the first, as the spreadsheet shows it.

    merged: (row, column) of the cell that a merged cell shows, by every other place it covers
    below it; both counted from 0 within `rows`.
    """

    name: str
    rows: list[list[Any]]
    first: int = 1
    merged: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)


def open_tables(data: bytes) -> tuple[list[Table], list[Problem]]:
    """The visible sheets, and what of the file is not read. Raises Unreadable."""
    refuse_large(data)
    if data.startswith(OLD_EXCEL):
        raise Unreadable(
            N_("This is an old Excel file (.xls) or one with a password: save it as plain .xlsx.")
        )
    parts, pictures = _unpacked(data)
    notes = []
    if pictures:
        notes.append(
            Problem(
                "",
                "",
                N_("%(count)s pictures placed in the sheets are not read"),
                {"count": pictures},
            )
        )
    _measure(parts)
    try:
        tables = list(_tables(_packed(parts), notes))
    except CalamineError as error:
        raise Unreadable(N_("The Excel file is damaged: %(reason)s"), reason=error) from error
    return tables, notes


def _unpacked(data: bytes) -> tuple[dict[str, bytes], int]:
    """The parts that hold cells, and how many pictures there are besides."""
    archive = Archive(data)
    wanted = {name: archive.read(name) for name in archive.names if _PARTS.fullmatch(name)}
    if "xl/workbook.xml" not in {name.casefold() for name in wanted}:
        raise Unreadable(N_("This is not an Excel workbook (.xlsx)."))
    return wanted, sum(name.casefold().startswith("xl/media/") for name in archive.names)


def _packed(parts: Mapping[str, bytes]) -> io.BytesIO:
    """Not compressed: it is read at once and kept nowhere."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    buffer.seek(0)
    return buffer


def _measure(parts: Mapping[str, bytes]) -> None:
    cells = 0
    for name, content in parts.items():
        rectangle = _Rectangle(len(content))
        try:
            rectangle.parse(content)
        except expat.ExpatError as error:
            raise Unreadable(
                N_("The Excel file is damaged: %(reason)s"), reason=f"{name}: {error}"
            ) from error
        cells += rectangle.rows * rectangle.columns
        if cells > MOST_CELLS:
            raise Unreadable(
                N_(
                    "A sheet reaches to row %(row)s and column %(column)s: "
                    "delete the empty rows and columns at its end."
                ),
                row=rectangle.rows,
                column=rectangle.columns,
            )


class _Rectangle:
    """How far the cells of a sheet reach, whatever the sheet says of itself."""

    def __init__(self, size: int) -> None:
        self.rows = self.columns = 0
        self._row = self._column = 0
        self._most_strings = min(size // len("<si/>") + 1, MOST_CELLS)

    def parse(self, content: bytes) -> None:
        """Raises ExpatError, or Unreadable where the XML declares anything."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.StartDoctypeDeclHandler = self._refuse
        parser.Parse(content, True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        """Counts never go back: whichever way a reader counts, it is no further than this."""
        if tag in _FREQUENT:
            return
        tag = tag.rpartition(":")[2]
        if tag == "sst":
            self._check_strings(attributes)
        if tag == "row":
            self._column = 0
            self._row += 1
        elif tag == "c":
            self._column += 1
        else:
            return
        if told := attributes.get("r"):
            match = _ADDRESS.fullmatch(told)
            if match is None or not (match[1] or match[2]):
                raise Unreadable(
                    N_("The Excel file is damaged: %(reason)s"), reason=f"{tag} r={told!r}"
                )
            self._column = max(self._column, _number_of(match[1]))
            self._row = max(self._row, int(match[2] or 0))
        self.rows = max(self.rows, self._row)
        self.columns = max(self.columns, self._column)

    def _check_strings(self, attributes: dict[str, str]) -> None:
        for name, told in attributes.items():
            if not name.endswith("uniqueCount"):
                continue
            if not re.fullmatch(r"[0-9]{1,9}", told) or int(told) > self._most_strings:
                raise Unreadable(
                    N_("The Excel file is damaged: %(reason)s"), reason=f"{name}={told!r}"
                )

    def _refuse(self, *_declared: object) -> None:
        raise Unreadable(N_("XML with a document type or entities is not read."))


@lru_cache(maxsize=512)
def _number_of(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _tables(file: io.BytesIO, notes: list[Problem]) -> Iterator[Table]:
    with CalamineWorkbook.from_filelike(file) as workbook:
        for about in workbook.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                notes.append(Problem("", about.name, N_("this sheet has no cells and is not read")))
                continue
            sheet = workbook.get_sheet_by_name(about.name)
            if about.visible == SheetVisibleEnum.Visible:
                yield _table(sheet)
            elif sheet.height:
                notes.append(Problem("", about.name, N_("this sheet is hidden and is not read")))


def _table(sheet: CalamineSheet) -> Table:
    """Without the empty rows and columns before the first cell."""
    if sheet.start is None:
        return Table(sheet.name, [])
    top, left = sheet.start
    # iter_rows begins at the top of the sheet but with the first filled column
    rows = list(sheet.iter_rows())[top:]
    ranges = sheet.merged_cell_ranges or ()
    if sum(min(last[0], top + len(rows)) - first[0] for first, last in ranges) > _MOST_MERGED:
        raise Unreadable(N_("A sheet has more than %(most)s merged cells."), most=_MOST_MERGED)
    merged = {
        (row - top, first[1] - left): (first[0] - top, first[1] - left)
        for first, last in ranges
        for row in range(first[0] + 1, min(last[0], top + len(rows)) + 1)
    }
    return Table(sheet.name, rows, top + 1, merged)
