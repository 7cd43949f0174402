"""The roster of a sitting as an Excel file. Nothing in it is a formula."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from app.queries.rosters import RosterRow
from app.queries.sittings import SittingView
from app.web.sittings.wording import provision_words, standing_name, ticket_name
from app.web.templating import local, moment
from app.web.workbooks import workbook


def roster_workbook(view: SittingView, rows: Sequence[RosterRow]) -> bytes:
    """The workbook's bytes."""
    return workbook(_("Roster"), _columns(), (_cells(view, row) for row in rows))


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
