"""XML from outside, parsed without entities, without a DTD and without looking anything up."""

from __future__ import annotations

import codecs
import re
from html.entities import html5
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from app.domain.text import N_
from app.loader.exchange.contract import Unreadable, refuse_large

DEEPEST = 100
"""How deep elements may be nested."""
MOST_ELEMENTS = 3_000_000
"""Elements of one file."""

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]*\?>""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_NAMED = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&([A-Za-z][A-Za-z0-9]*;)", re.DOTALL
)
_OWN_ENTITIES = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_UNDEFINED_ENTITY = 11  # expat's XML_ERROR_UNDEFINED_ENTITY
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def parse(data: bytes) -> Element:
    """The root element, namespaces in the names as ElementTree has them ({…}name).

    Names of HTML entities (&nbsp;), which XML does not know, are let pass. Raises Unreadable
    where the file is broken, too large or too deep, or has a DTD or entities of its own.
    """
    refuse_large(data)
    text = _decoded(data)
    try:
        return _parsed(text)
    except ParseError as error:
        if error.code != _UNDEFINED_ENTITY:
            raise _broken(error) from error
    try:
        return _parsed(_NAMED.sub(_character, text))
    except ParseError as error:
        raise _broken(error) from error


def without_namespaces(root: Element) -> Element:
    """The same tree with local names only, of elements and of attributes."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        element.tag = local_name(element.tag)
        for name in [name for name in element.attrib if name.startswith("{")]:
            element.attrib.setdefault(local_name(name), element.attrib.pop(name))
    return root


def local_name(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


class _Builder(TreeBuilder):
    """Builds a tree that is neither too deep nor too large."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._count = 0

    def start(self, tag: Any, attrs: Any, /) -> Element:
        self._depth += 1
        self._count += 1
        if self._depth > DEEPEST:
            raise Unreadable(N_("The XML is nested deeper than %(most)s levels."), most=DEEPEST)
        if self._count > MOST_ELEMENTS:
            raise Unreadable(N_("The XML has more than %(most)s elements."), most=MOST_ELEMENTS)
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def _parsed(text: str) -> Element:
    parser = DefusedXMLParser(target=_Builder(), forbid_dtd=True, encoding="utf-8")
    try:
        parser.feed(text.encode())
        root = parser.close()
    except DefusedXmlException as error:
        raise Unreadable(
            N_("The XML has a DTD or defines entities. For safety such files are not read.")
        ) from error
    assert isinstance(root, Element)
    return root


def _decoded(data: bytes) -> str:
    """The text without its declaration, in the encoding that the file names."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if not encoding:
        declared = _DECLARED.match(data[:500])
        encoding = declared[1].decode("ascii") if declared else "utf-8"
        if encoding.casefold().startswith("utf-16"):  # cannot be: its first line was just read
            encoding = "utf-8"
    try:
        text = data.decode("gb18030" if encoding.casefold() in ("gbk", "gb2312") else encoding)
    except LookupError as error:
        raise Unreadable(
            N_("The encoding %(encoding)s is not known."), encoding=encoding
        ) from error
    except UnicodeError as error:
        raise Unreadable(
            N_("The file is not in the encoding %(encoding)s that it should be in."),
            encoding=encoding,
        ) from error
    declaration = _DECLARATION.match(text)
    if declaration is None:
        return text.lstrip()
    return re.sub(r"[^\n]", "", declaration[0]) + text[declaration.end() :]


def _character(match: re.Match[str]) -> str:
    name = match[1]
    if name is None or name in _OWN_ENTITIES:
        return match[0]
    return html5.get(name, match[0])


def _broken(error: ParseError) -> Unreadable:
    line, column = error.position
    return Unreadable(
        N_("The XML is broken at line %(line)s, column %(column)s."), line=line, column=column + 1
    )
