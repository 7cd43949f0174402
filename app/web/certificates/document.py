"""The certificate as a PDF (typst, PDF/UA) and its QR code."""

from __future__ import annotations

import io
import json
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import segno
import typst

from app.models.certificates import Certificate

_TEMPLATE = Path(__file__).with_name("certificate.typ")


def qr_svg(link: str) -> str:
    """The link as a QR code: an inline SVG without styles."""
    buffer = io.BytesIO()
    segno.make(link, error="m").save(
        buffer,
        kind="svg",
        xmldecl=False,
        svgns=True,
        scale=4,
        border=2,
        omitsize=True,
        svgclass="qr",
        lineclass="qr-line",
    )
    return buffer.getvalue().decode()


def certificate_pdf(row: Certificate, *, link: str) -> bytes:
    """The PDF. Texts and names are handed over as data, never as typst source."""
    document: bytes = typst.compile(
        _TEMPLATE,
        font_paths=[font_folder()],
        ignore_system_fonts=True,
        sys_inputs={"certificate": json.dumps(_facts(row, link), ensure_ascii=False)},
        pdf_standards="ua-1",
    )
    return document


@lru_cache(maxsize=1)
def font_folder() -> Path:
    """The folder of the Chinese font that the package brings."""
    return Path(str(files("noto_cjk_sans_otc")))


def _facts(row: Certificate, link: str) -> dict[str, object]:
    return {
        "holder": row.holder,
        "number": row.number,
        "title": row.title,
        "issuer": row.issuer,
        "valid_from": row.valid_from.isoformat(),
        "valid_until": row.valid_until.isoformat(),
        "results": row.results,
        "link": link,
        "token": row.token,
        "qr": segno.make(link, error="m").svg_inline(scale=1, border=0),
    }
