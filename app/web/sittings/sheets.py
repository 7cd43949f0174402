"""Tickets as a sheet to print and cut (typst, PDF/UA). Their codes are kept nowhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import typst
from flask import request, url_for
from flask_babel import gettext as _

from app.queries.sittings import SittingView
from app.services.tickets import Ticket
from app.web.access import settings
from app.web.certificates.document import font_folder
from app.web.languages import language
from app.web.templating import local, moment

_TEMPLATE = Path(__file__).with_name("tickets.typ")


def ticket_sheet(view: SittingView, tickets: Sequence[Ticket]) -> bytes:
    """The PDF. Texts and names are handed over as data, never as typst source."""
    document: bytes = typst.compile(
        _TEMPLATE,
        font_paths=[font_folder()],
        ignore_system_fonts=True,
        sys_inputs={"tickets": json.dumps(_data(view, tickets), ensure_ascii=False)},
        pdf_standards="ua-1",
    )
    return document


def readable(code: str) -> str:
    """A code in two groups, as it is easier to type."""
    return f"{code[: len(code) // 2]}-{code[len(code) // 2 :]}"


def _data(view: SittingView, tickets: Sequence[Ticket]) -> dict[str, object]:
    is_chinese = language() == "zh"
    config = settings()
    base = config.base_url or request.url_root.rstrip("/")
    return {
        "lang": "zh" if is_chinese else "en",
        "region": "cn" if is_chinese else "gb",
        "issuer": config.organisation if is_chinese else config.organisation_en,
        "title": _("Exam tickets: %(title)s", title=local(view.title)),
        "exam": local(view.title),
        "number_label": _("Admission number"),
        "ticket_label": _("Ticket"),
        "room_label": _("Room"),
        "room": view.room or _("No fixed room"),
        "window_label": _("Window"),
        "window": f"{moment(view.opens_at)} – {moment(view.closes_at)}",
        "foot": _(
            "Works once, at %(address)s. Show it to nobody.",
            address=base + url_for("sittings.enter"),
        ),
        "tickets": [
            {
                "name": ticket.name,
                "note": " · ".join(filter(None, (ticket.username, ticket.department))),
                "number": ticket.admission_number,
                "code": readable(ticket.code),
            }
            for ticket in tickets
        ],
    }
