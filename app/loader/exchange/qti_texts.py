"""The texts of one item, in both languages, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from xml.etree.ElementTree import Element, tostring

from app.domain.problems import Problems
from app.domain.text import N_
from app.loader.exchange.languages import pair, split
from app.loader.exchange.qti_content import Node, filled
from app.loader.exchange.qti_trees import content
from app.loader.exchange.rich import markdown_of

Both = dict[str, str]
"""A text as {zh, en}; "" where the item says nothing in that language."""

EMPTY: Both = {"zh": "", "en": ""}
_LANGUAGES = ("zh", "en")
_WRAPPERS = frozenset({"div", "p", "span"})


class Texts:
    """Reads the texts of one item; what of them cannot be kept is noted at its place."""

    def __init__(
        self,
        root: Element,
        *,
        place: str,
        notes: Problems,
        picture: Callable[[str], str | None],
    ) -> None:
        self.place = place
        self.notes = notes
        self._picture = picture
        self._lost: dict[str, None] = {}
        self._foreign: dict[str, None] = {}
        words = "".join(root.itertext())
        self._spoken = {"zh", "en"} if _tagged(list(root)) >= {"zh", "en"} else set[str]()
        if not self._spoken:
            self._spoken = {language for language, text in pair(words).items() if text.strip()}

    def of(self, *nodes: Node) -> Both:
        """The text of some elements and words, one after the other."""
        tagged = _tagged(nodes)
        if tagged >= {"zh", "en"}:
            return {
                language: self._markdown(_inner(_told(nodes, language))) for language in _LANGUAGES
            }
        found, others = split(_inner(_told(nodes)))
        self._foreign |= dict.fromkeys(others)
        if found["zh"] and found["en"]:
            return {language: self._markdown(found[language]) for language in _LANGUAGES}
        text = self._markdown(found["zh"] or found["en"])
        spoken = tagged & set(_LANGUAGES) or self._spoken
        return {language: text if language in spoken else "" for language in _LANGUAGES}

    def said(self, words: str) -> Both:
        """A text that the item gives without markup."""
        return self.of(words)

    def plain(self, element: Element) -> set[str]:
        """What an element says in any language, each without markup and surrounding blanks."""
        languages = _LANGUAGES if _tagged([element]) >= {"zh", "en"} else ("",)
        boxes = [_told([element], language) for language in languages]
        return {" ".join("".join(box.itertext()).split()) for box in boxes}

    def finish(self) -> None:
        """Note what was lost in all of the texts; once, at the end."""
        for name in self._lost:
            self.notes.add(
                self.place,
                N_("The element %(name)s is not understood and was left out."),
                name=name,
            )
        if self._foreign:
            self.notes.add(
                self.place,
                N_("Texts in other languages are not kept: %(names)s"),
                names=", ".join(self._foreign),
            )

    def _markdown(self, html: str) -> str:
        text, lost = markdown_of(html, picture=self._picture)
        self._lost |= dict.fromkeys(lost)
        return text


def joined(texts: Sequence[Both]) -> Both:
    """Several texts as paragraphs of one; what is said twice, once."""
    return {
        language: "\n\n".join(dict.fromkeys(text[language] for text in texts if text[language]))
        for language in _LANGUAGES
    }


def _tagged(nodes: Sequence[Node]) -> set[str]:
    """The languages that elements name, such as zh for zh-CN."""
    elements = (element for node in nodes if isinstance(node, Element) for element in node.iter())
    return {_language(element) for element in elements} - {""}


def _language(element: Element) -> str:
    return re.split(r"[-_]", element.get("lang", "").strip().casefold())[0]


def _told(nodes: Sequence[Node], language: str = "") -> Element:
    """A copy in a box: all of it, or what a reader of this language is told."""
    box = Element("div")
    for node in nodes:
        if isinstance(node, str):
            filled(box, [node])
        elif not language or _language(node) in ("", language):
            inner = _told(content(node), language)
            copied = Element(node.tag, dict(node.attrib))
            copied.text = inner.text
            copied.extend(list(inner))
            box.append(copied)
    return box


def _inner(box: Element) -> str:
    """The HTML inside, without a wrapper or line breaks around the whole of it."""
    _trim(box)
    while len(box) == 1 and box[0].tag in _WRAPPERS and not _has_text(box.text, box[0].tail):
        box = box[0]
        _trim(box)
    if not len(box):
        return escape(box.text or "", quote=False)
    html = tostring(filled(Element("div"), content(box)), encoding="unicode", method="html")
    return html[len("<div>") : -len("</div>")]


def _trim(box: Element) -> None:
    while len(box) and box[0].tag == "br" and not _has_text(box.text):
        box.text = box[0].tail
        box.remove(box[0])
    while len(box) and box[-1].tag == "br" and not _has_text(box[-1].tail):
        box.remove(box[-1])


def _has_text(*texts: str | None) -> bool:
    return any(text and text.strip() for text in texts)
