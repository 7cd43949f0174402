"""The admission slip (准考证) as a PDF (typst, PDF/UA), in the reader's language."""

from __future__ import annotations

import json
from pathlib import Path

import segno
import typst
from flask import make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.domain.accommodations import Provision
from app.domain.permissions import Permission
from app.queries.accommodations import provision_of
from app.queries.own_sittings import SittingCard, own_sitting
from app.web.access import me, requires, settings
from app.web.certificates.document import font_folder
from app.web.clock import exam_day
from app.web.exams.given import given_words, time_words
from app.web.languages import language
from app.web.templating import local, moment

_TEMPLATE = Path(__file__).with_name("slip.typ")


@requires(Permission.SIT_EXAMS)
def slip(sitting_id: int) -> ResponseReturnValue:
    """One's own slip for a sitting that one has a place in."""
    card = own_sitting(me().user_id, sitting_id)
    if card is None or card.place is None or card.cancelled_at is not None:
        raise NotFound
    given = provision_of(me().user_id, on=exam_day(card.opens_at))
    response = make_response(_document(card, given))
    response.headers["Content-Type"] = "application/pdf"
    name = f"slip-{card.place.admission_number}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _document(card: SittingCard, given: Provision) -> bytes:
    """The PDF. Texts and names are handed over as data, never as typst source."""
    document: bytes = typst.compile(
        _TEMPLATE,
        font_paths=[font_folder()],
        ignore_system_fonts=True,
        sys_inputs={"slip": json.dumps(_data(card, given), ensure_ascii=False)},
        pdf_standards="ua-1",
    )
    return document


def _data(card: SittingCard, given: Provision) -> dict[str, object]:
    assert card.place is not None
    is_chinese = language() == "zh"
    config = settings()
    base = config.base_url or request.url_root.rstrip("/")
    link = base + url_for("exams.sitting", sitting_id=card.id)
    return {
        "lang": "zh" if is_chinese else "en",
        "region": "cn" if is_chinese else "gb",
        "issuer": config.organisation if is_chinese else config.organisation_en,
        "title": _("Admission slip"),
        "number": card.place.admission_number,
        "facts": _facts(card, given),
        "notes": given_words(given),
        "rules_title": _("What to know"),
        "rules": _rules(card),
        "qr": segno.make(link, error="m").svg_inline(scale=1, border=0),
        "qr_alt": _("Code with the address of the exam: %(link)s", link=link),
        "qr_note": _("The exam's page. It opens after you have logged in."),
        "foot": _("This slip alone admits nobody: bring a document that shows who you are."),
    }


def _facts(card: SittingCard, given: Provision) -> list[dict[str, object]]:
    assert card.place is not None
    who = me()
    facts = [
        (_("Name"), who.name, True),
        (_("Admission number"), card.place.admission_number, True),
        (_("User name"), who.username, False),
        (_("Exam"), f"{local(card.scheme_title)} · {local(card.exam_title)}", False),
        (_("Sitting"), local(card.title), False),
        (_("Room"), card.room or _("No fixed room"), False),
        (_("Window"), f"{moment(card.opens_at)} – {moment(card.closes_at)}", False),
        (_("Time"), time_words(card.minutes, given), False),
    ]
    return [{"label": label, "value": value, "strong": strong} for label, value, strong in facts]


def _rules(card: SittingCard) -> list[str]:
    rules = [_("Be there in time: the exam ends for everybody when the sitting closes.")]
    if card.needs_admission:
        rules.append(_("A proctor looks at your document before you can start."))
    if card.needs_ticket:
        rules.append(_("You log in with a one-time ticket that you are given in the room."))
    if card.needs_code:
        rules.append(_("The proctor announces the access code when the exam begins."))
    if card.needs_seb:
        rules.append(_("The exam opens in Safe Exam Browser only."))
    if card.networks:
        rules.append(_("The exam opens in the exam room's network only."))
    rules += [
        _("Notes, telephones and other devices stay away unless the proctor allows them."),
        _("The clock runs on the server. A page that is closed or reloaded loses nothing."),
    ]
    return rules
