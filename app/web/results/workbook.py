"""Results as an Excel workbook: ids as text, formula cells escaped, constant memory."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import xlsxwriter
from flask_babel import gettext as _

from app.db import AnyRow
from app.web.access import settings
from app.web.templating import local


def results_workbook(rows: Iterable[AnyRow]) -> tuple[bytes, int]:
    """The workbook's bytes and its number of results."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        buffer,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "in_memory": True,
        },
    )
    sheet = workbook.add_worksheet(_("Results"))
    head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    sheet.freeze_panes(1, 0)
    columns = _columns()
    for column, (title, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, head)
    count = 0
    for count, row in enumerate(rows, start=1):
        for column, value in enumerate(_cells(row)):
            if isinstance(value, float):
                sheet.write_number(count, column, value)
            else:
                sheet.write_string(count, column, _harmless(value))
    sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
    workbook.close()
    return buffer.getvalue(), count


def _columns() -> list[tuple[str, int]]:
    return [
        (_("User name"), 16),
        (_("Name"), 16),
        (_("Department"), 24),
        (_("Admission number"), 20),
        (_("Certification"), 26),
        (_("Exam"), 26),
        (_("Sitting"), 26),
        (_("Attempt number"), 8),
        (_("Score"), 8),
        (_("Out of"), 8),
        (_("Pass mark"), 10),
        (_("Outcome"), 10),
        (_("Started"), 18),
        (_("Finished at"), 18),
        (_("Released"), 18),
        (_("Certificate number"), 22),
    ]


def _cells(row: AnyRow) -> list[str | float]:
    return [
        row.username,
        row.name,
        row.department,
        row.admission_number,
        local(row.scheme_title),
        local(row.exam_title),
        local(row.sitting_title),
        str(row.attempt_number),
        float(row.score),
        float(row.maximum),
        float(row.pass_mark),
        _("Passed") if row.passed else _("Not passed"),
        _time(row.started_at),
        _time(row.closed_at),
        _time(row.released_at),
        row.certificate_number or "",
    ]


def _time(value: datetime | None) -> str:
    if value is None:
        return ""
    return f"{value.astimezone(ZoneInfo(settings().time_zone)):%Y-%m-%d %H:%M}"


def _harmless(value: str) -> str:
    """A text that a spreadsheet will not run: formulas get an apostrophe before them."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
