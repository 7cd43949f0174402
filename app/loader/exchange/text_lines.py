"""Text files of strangers: their encoding found out, and their lines."""

from __future__ import annotations

import codecs

from app.domain.text import N_
from app.loader.exchange.contract import Unreadable, refuse_large

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_USUAL_SHARE = 0.95
"""Of the characters of a text in GBK that anybody wrote, how many are everyday ones."""


def lines_of(data: bytes) -> list[str]:
    """The lines of a file in UTF-8, UTF-16 with its mark, or GBK. Raises Unreadable."""
    refuse_large(data)
    text = _decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        raise Unreadable(N_("This is no text file."))
    return text.split("\n")


def _decoded(data: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        chinese = _in_gbk(data) if encoding == "utf-8" else None
        if chinese is not None:
            return chinese
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            N_("Line %(line)s is not in UTF-8: save the file in this encoding."), line=line
        ) from error


def _in_gbk(data: bytes) -> str | None:
    """The text, where it makes sense as Chinese; other old encodings would give rare signs."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    signs = [sign for sign in text if not sign.isascii()]
    usual = sum(len(sign.encode("gb2312", "ignore")) == 2 for sign in signs)
    return text if usual >= _USUAL_SHARE * len(signs) else None
