"""Results as an Excel workbook: ids as text, formula cells escaped, constant memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.db import AnyRow
from app.web.access import settings
from app.web.templating import local
from app.web.workbooks import workbook


def results_workbook(rows: Iterable[AnyRow]) -> tuple[bytes, int]:
    """The workbook's bytes and its number of results."""
    count = 0

    def counted() -> Iterator[list[str | float]]:
        nonlocal count
        for row in rows:
            count += 1
            yield _cells(row)

    data = workbook(_("Results"), _columns(), counted())
    return data, count


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
