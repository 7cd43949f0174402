"""A candidate's receipts as a CSV file that a spreadsheet opens as it is."""

from __future__ import annotations

import csv
import io
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.queries.dossiers import OwnReceipts
from app.web.access import settings
from app.web.dossiers.names import save_state_name
from app.web.templating import local


def receipt_csv(attempt_id: int, found: OwnReceipts) -> bytes:
    """UTF-8 with a byte order mark; some lines on what it is, then one line per stored answer."""
    text = io.StringIO(newline="")
    sheet = csv.writer(text)
    zone = ZoneInfo(settings().time_zone)
    sheet.writerows([[_harmless(line) for line in head] for head in _head(attempt_id, found)])
    sheet.writerow(
        [
            _("Question number"),
            _("Exam window"),
            _("Sequence"),
            _("Server time"),
            _("State"),
            _("Receipt"),
        ]
    )
    for row in found.receipts:
        sheet.writerow(
            [
                row.position,
                row.epoch,
                row.seq,
                row.received_at.astimezone(zone).isoformat(),
                _harmless(save_state_name(row.state)),
                row.receipt,
            ]
        )
    return text.getvalue().encode("utf-8-sig")


def _head(attempt_id: int, found: OwnReceipts) -> list[list[str]]:
    return [
        [_("Receipts of stored answers")],
        [_("Exam"), local(found.exam_title)],
        [_("Sitting"), local(found.sitting_title)],
        [_("Admission number"), found.admission_number],
        [_("Attempt"), str(attempt_id)],
        [
            _(
                "A receipt is the server's proof that it stored one answer, when and with which"
                " content. It holds for exactly this answer and nobody can make one up."
            )
        ],
        [
            _(
                "Keep this file. If you doubt that an answer was counted, give this list to the"
                " proctor or the organisation: they can check every receipt."
            )
        ],
        [],
    ]


def _harmless(value: str) -> str:
    """A text that a spreadsheet will not run: formulas get an apostrophe before them."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
