"""The roster of a sitting as an Excel file. Nothing in it is a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter
from flask_babel import gettext as _

from app.queries.rosters import RosterRow
from app.queries.sittings import SittingView
from app.web.sittings.wording import provision_words, standing_name, ticket_name
from app.web.templating import local, moment


def roster_workbook(view: SittingView, rows: Sequence[RosterRow]) -> bytes:
    """The workbook's bytes."""
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
    sheet = workbook.add_worksheet(_("Roster"))
    head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    sheet.freeze_panes(1, 0)
    columns = _columns()
    for column, (title, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, head)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(_cells(view, row)):
            sheet.write_string(line, column, _harmless(value))
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    workbook.close()
    return buffer.getvalue()


def _columns() -> list[tuple[str, int]]:
    return [
        (_("Admission number"), 20),
        (_("Name"), 16),
        (_("User name"), 16),
        (_("Department"), 24),
        (_("State"), 16),
        (_("Ticket"), 12),
        (_("Accommodations"), 36),
        (_("Sitting"), 28),
        (_("Room"), 16),
        (_("Opens"), 18),
        (_("Closes"), 18),
        (_("Signature"), 20),
    ]


def _cells(view: SittingView, row: RosterRow) -> list[str]:
    return [
        row.admission_number,
        row.name,
        row.username,
        row.department,
        standing_name(row.standing),
        ticket_name(row.ticket),
        "; ".join(provision_words(row.provision)),
        local(view.title),
        view.room,
        moment(view.opens_at),
        moment(view.closes_at),
        "",
    ]


def _harmless(value: str) -> str:
    """A text that a spreadsheet will not run: formulas get an apostrophe before them."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
