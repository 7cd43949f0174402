"""The register of formats, and which one a file has: by what is in it, whatever it is called."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Mapping

from app.domain.text import N_, Text
from app.loader.exchange import (
    aiken,
    gift,
    moodle,
    plain_text,
    qti,
    sheet_template,
    sheets,
    yaml_files,
)
from app.loader.exchange.archives import Archive, is_zip
from app.loader.exchange.contract import Format, Unreadable, refuse_large
from app.loader.exchange.sheet_columns import known_headings

_QTI = Format(
    code="qti",
    name=Text("QTI 题目包", "QTI package"),
    ending="zip",
    mime="application/zip",
    read=qti.FORMATS[0].read,
)

READABLE: Mapping[str, Format] = {
    format_.code: format_
    for format_ in (
        sheet_template.FORMAT,
        sheets.FORMAT,
        plain_text.FORMAT,
        moodle.FORMAT,
        gift.FORMAT,
        aiken.FORMAT,
        _QTI,
        yaml_files.FORMAT,
    )
}
"""What can be imported, by code."""

WRITABLE: Mapping[str, Format] = {
    format_.code: format_
    for format_ in (
        sheet_template.FORMAT,
        moodle.FORMAT,
        gift.FORMAT,
        *qti.FORMATS,
        yaml_files.FORMAT,
    )
}
"""What can be exported, by code."""

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOKED_AT = 200_000
"""Bytes of a text that are looked at: what it is shows in its first questions."""
_LEAST_HEADINGS = 3

_ELEMENT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_QTI_ELEMENTS = ("assessmentitem", "assessmenttest", "assessmentsection", "qti-assessment")
_PROLOGUE = re.compile(r"<\?.*?\?>|<!--.*?-->|<!\[CDATA\[.*?\]\]>|<![A-Z].*?>", re.DOTALL)
_YAML = re.compile(r"^(?:-[ \t]+[a-z_]+:(?:\s|$)|\[\s*\]\s*$)", re.MULTILINE)
_GIFT = re.compile(
    r"\A\s*//|^\s*::.*?::|^\s*\$CATEGORY:|(?<!\\)\{\s*(?:[=~#}]|T\}|F\}|TRUE|FALSE)", re.MULTILINE
)
_AIKEN = re.compile(r"^\s*ANSWER\s*[:：]\s*[A-Za-zＡ-Ｚ]\s*$", re.MULTILINE | re.IGNORECASE)
_PLAIN = re.compile(
    r"^\s*(?:[【\[（(]?\s*(?:参考|正确|标准)?(?:答案|解析|题干)|[A-HＡ-Ｈ]\s*[.．、)）]"
    r"|[(（]?\d{1,4}\s*[.．、)）]|[一二三四五六七八九十]+\s*、)",
    re.MULTILINE,
)


def detect(data: bytes) -> Format:
    """The format of a file; raises Unreadable for one that is empty, too large or unknown."""
    refuse_large(data)
    if not data.strip():
        raise Unreadable(N_("The file is empty."))
    if is_zip(data):
        return _in_archive(data)
    if data.startswith(_OLD_OFFICE):
        return READABLE["xlsx"]  # its reader says what to do with an old workbook
    return _in_text(_head(data))


def _in_archive(data: bytes) -> Format:
    names = Archive(data).names
    if "xl/workbook.xml" in names:
        return READABLE["xlsx"]
    if any(name.startswith("word/") for name in names):
        raise Unreadable(
            N_("This is a Word document. Copy its text and paste it into the box instead.")
        )
    if any(name.casefold().endswith(".xml") for name in names):
        return READABLE["qti"]
    raise Unreadable(N_("The archive is no QTI package and no Excel workbook."))


def _in_text(text: str) -> Format:
    if text.lstrip().startswith("<"):
        return _in_xml(text)
    if _headings(text) >= _LEAST_HEADINGS:
        return READABLE["csv"]
    for code, pattern in (("yaml", _YAML), ("gift", _GIFT), ("aiken", _AIKEN), ("text", _PLAIN)):
        if pattern.search(text):
            return READABLE[code]
    raise Unreadable(
        N_("The format of this file is not known. Choose the format, or use the Excel template.")
    )


def _in_xml(text: str) -> Format:
    root = _ELEMENT.search(_PROLOGUE.sub("", text))
    name = root[1].casefold() if root else ""
    if name == "quiz":
        return READABLE["moodle"]
    if name.startswith(_QTI_ELEMENTS):
        return READABLE["qti"]
    raise Unreadable(N_("This XML is neither Moodle XML nor a QTI question."))


def _headings(text: str) -> int:
    """How many headings of a question sheet stand in one of the first rows."""
    lines = text.splitlines()[:15]
    most = 0
    for separator in ",;\t":
        try:
            rows = list(csv.reader(lines, delimiter=separator))
        except csv.Error:
            continue
        most = max([most, *(known_headings(row) for row in rows)])
    return most


def _head(data: bytes) -> str:
    """The beginning of a text, good enough to look at; raises Unreadable for what is no text."""
    head = data[:_LOOKED_AT]
    for mark, name in _MARKS:
        if data.startswith(mark):
            return head.decode(name, "replace")
    if b"\x00" in head:
        raise Unreadable(N_("This is not a file with questions that can be read here."))
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(head)  # a character may be cut
    except UnicodeDecodeError:
        return head.decode("gb18030", "replace")
