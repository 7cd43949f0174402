"""Lists as Excel workbooks: ids as text, nothing is a formula, constant memory."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

Columns = Sequence[tuple[str, int]]
"""(heading, width in characters) of each."""


def workbook(title: str, columns: Columns, rows: Iterable[Sequence[str | float]]) -> bytes:
    """The bytes of a workbook of one sheet with a filter over its columns."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "in_memory": True,
        },
    )
    sheet = book.add_worksheet(title)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    sheet.freeze_panes(1, 0)
    for column, (heading, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, head)
    last = 1
    for line, cells in enumerate(rows, start=1):
        last = line
        for column, value in enumerate(cells):
            if isinstance(value, str):
                sheet.write_string(line, column, _harmless(value))
            else:
                sheet.write_number(line, column, value)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    book.close()
    return buffer.getvalue()


def _harmless(value: str) -> str:
    """A text that a spreadsheet will not run: formulas get an apostrophe before them."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
