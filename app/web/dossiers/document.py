"""The dossier as a PDF (typst, PDF/UA) with the signed file inside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import typst
from flask_babel import gettext

from app.services.dossiers import Export
from app.web.dossiers.blocks import Block
from app.web.dossiers.report import report
from app.web.dossiers.signs import fonts, missing_signs, shown, without_rare
from app.web.dossiers.speech import speech
from app.web.languages import language
from app.web.templating import local

_: Callable[..., str] = gettext
_TEMPLATE = Path(__file__).with_name("dossier.typ")


def dossier_pdf(export: Export) -> bytes:
    """The PDF, in the reader's language; the attached file is in it as it was signed."""
    return _fitting(_document(export), export.content.decode())


def blocks_pdf(
    *, title: str, author: str, person: str, number: str, running: str, blocks: list[Block]
) -> bytes:
    """Any other document of blocks, in the reader's language, with nothing attached.

    person: the line below the title. running, number: what stands at the head of each page.
    """
    head = {"title": title, "author": author, "person": person, "number": number}
    return _fitting({**_language(), **head, "running": running, "blocks": blocks}, None)


def _fitting(document: dict[str, Any], record: str | None) -> bytes:
    try:
        return _typeset(document, missing_signs(_texts(document)), record)
    except typst.TypstError:  # a sign that only fails beside another one
        return _typeset(document, without_rare(_texts(document)), record)


def _language() -> dict[str, str]:
    is_chinese = language() == "zh"
    return {"lang": "zh" if is_chinese else "en", "region": "cn" if is_chinese else "gb"}


def _typeset(document: dict[str, Any], missing: frozenset[str], record: str | None) -> bytes:
    """Texts are handed over as data, never as typst source."""
    text = json.dumps(_cleaned(document, missing), ensure_ascii=False)
    made: bytes = typst.compile(
        _TEMPLATE,
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"dossier": text} if record is None else {"dossier": text, "record": record},
        pdf_standards="ua-1",
    )
    return made


def _document(export: Export) -> dict[str, Any]:
    dossier = export.dossier
    number = dossier["registration"]["admission_number"]
    blocks: list[Block] = report(dossier, speech())
    return {
        **_language(),
        "title": _("Dossier of an exam attempt"),
        "author": local(dossier["made"]["issuer"]),
        "person": f"{dossier['person']['name']} · {local(dossier['exam']['title'])} · {number}",
        "running": _("Dossier of attempt %(id)s", id=dossier["attempt"]["id"]),
        "number": number,
        "attachment": _("The whole record of the attempt, signed (JSON)"),
        "blocks": blocks,
    }


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def _cleaned(value: Any, missing: frozenset[str]) -> Any:
    if isinstance(value, str):
        return shown(value, missing)
    if isinstance(value, dict):
        return {key: _cleaned(item, missing) for key, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item, missing) for item in value]
    return value
