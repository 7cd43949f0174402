"""Texts of questions as the content of QTI elements: both languages, gaps, drawn values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from xml.etree.ElementTree import Element

import defusedxml.ElementTree

from app.domain.questions.fill_in import GAP
from app.domain.text import Language, Text
from app.loader.exchange.qti_names import LANG, MATHML, Version
from app.loader.exchange.rich import html_of

Node = Element | str

TAGS = {Language.ZH: "zh-CN", Language.EN: "en"}
"""What xml:lang says of each language."""

_BLOCKS = frozenset("p div ul ol table pre blockquote hr".split())
_PLAIN = re.compile(r"(?!\s*(?:[-+:=]|\d+[.)]))[^\n\r\t\\`*_\[\]{}<>&$#!|~]*(?<! )")
"""Text that Markdown shows as it stands, which most texts of questions are: no need to ask it."""
_STRANGE = {"a": ("title",), "abbr": ("title",), "ol": ("start",)}
"""Attributes of HTML that elements of the same name do not have in QTI."""
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot have, however they are written."""


class Content:
    """Makes the elements of one item in the spelling of one version.

    href: where the picture of a name lies, seen from the item.
    """

    def __init__(self, version: Version, *, href: Callable[[str], str]) -> None:
        self.version = version
        self.href = href
        self.lost: dict[str, None] = {}
        """Names of what the texts had that no content of QTI may have."""

    def element(
        self, name: str, attributes: Mapping[str, object] | None = None, *children: Node
    ) -> Element:
        """An element of QTI, given by its name in QTI 2."""
        made = Element(
            self.version.element(name),
            {
                self.version.attribute(key): legal(str(value))
                for key, value in (attributes or {}).items()
            },
        )
        return filled(made, children)

    def value(self, text: str) -> Element:
        """A <value>."""
        return self.element("value", None, legal(text))

    def block(self, text: Text) -> list[Element]:
        """A text of any length: a <div> for each language."""
        blocks = []
        for language in Language:
            nodes = self._nodes(text.to(language))
            if not any(_is_block(node) for node in nodes):
                nodes = [filled(Element("p"), nodes)]
            blocks.append(filled(Element("div", {LANG: TAGS[language]}), nodes))
        return blocks

    def short(self, text: Text, *, beside: bool = False) -> list[Node]:
        """A text inside a line: a <span> for each language, one below the other or beside it.

        A text that has paragraphs, lists or tables cannot stand there: it comes as `block`.
        """
        parts = [(language, self._nodes(text.to(language))) for language in Language]
        if any(_is_block(node) for _, nodes in parts for node in nodes):
            return list(self.block(text))
        spans = [filled(Element("span", {LANG: TAGS[tag]}), nodes) for tag, nodes in parts]
        return [spans[0], " " if beside else Element("br"), spans[1]]

    def wrapped(self, nodes: Sequence[Node]) -> Sequence[Node]:
        """The content of a feedback or rubric: QTI 3 has one more element around it."""
        return [self.element("contentBody", None, *nodes)] if self.version.kebab else nodes

    def _nodes(self, markdown: str) -> list[Node]:
        if _PLAIN.fullmatch(markdown):
            return [legal(markdown.strip())]
        html = legal(html_of(markdown, href=self.href))
        root = defusedxml.ElementTree.fromstring(f"<div>{html}</div>")
        return nodes_of(self._conforming(_local_math(root)))

    def _conforming(self, root: Element) -> Element:
        """The same with those elements and attributes only that QTI 2.1 has already."""
        for element in root.iter():
            if element.tag == "del":
                self.lost["del"] = None
                element.tag = "span"
            for name in _STRANGE.get(element.tag, ()):
                if element.attrib.pop(name, None) is not None:
                    self.lost[f"{element.tag} {name}"] = None
        return root


def legal(text: str) -> str:
    """The text without characters that XML cannot have."""
    return _ILLEGAL.sub("", text)


def has_illegal(text: str) -> bool:
    """Whether the text has characters that XML cannot have."""
    return _ILLEGAL.search(text) is not None


def texts_in(value: object) -> list[str]:
    """Every text in what `Question.dump` gives."""
    if isinstance(value, str):
        return [value]
    inner: Iterable[object] = ()
    if isinstance(value, Mapping):
        inner = value.values()
    elif isinstance(value, list):
        inner = value
    return [text for one in inner for text in texts_in(one)]


def filled(parent: Element, children: Sequence[Node]) -> Element:
    """The same element with these put at its end."""
    for child in children:
        if isinstance(child, str):
            _add_text(parent, child)
        else:
            parent.append(child)
    return parent


def nodes_of(parent: Element) -> list[Node]:
    """What is inside an element, text and elements, in order; the element is empty afterwards."""
    nodes: list[Node] = [parent.text] if parent.text else []
    for child in list(parent):
        parent.remove(child)
        tail, child.tail = child.tail, None
        nodes.append(child)
        if tail:
            nodes.append(tail)
    parent.text = None
    return nodes


def replaced(
    parent: Element, pattern: re.Pattern[str], make: Callable[[re.Match[str]], Node]
) -> None:
    """Put an element in place of every match in the texts below `parent`, formulas left out."""
    if parent.tag == "math":
        return
    nodes = nodes_of(parent)
    for node in nodes:
        if isinstance(node, str):
            filled(parent, _split(node, pattern, make))
        else:
            replaced(node, pattern, make)
            parent.append(node)


def gaps_replaced(block: Element, entries: Sequence[Element]) -> bool:
    """Put the entries where the gaps (____) of a text are; False, and nothing done, where there
    are not as many, because some stand in a formula."""
    if _gaps(block) != len(entries):
        return False
    waiting = iter(entries)
    replaced(block, GAP, lambda _match: next(waiting))
    return True


def _gaps(block: Element) -> int:
    if block.tag == "math":
        return 0
    texts = [block.text or "", *(child.tail or "" for child in block)]
    return sum(len(GAP.findall(text)) for text in texts) + sum(map(_gaps, block))


def _split(
    text: str, pattern: re.Pattern[str], make: Callable[[re.Match[str]], Node]
) -> list[Node]:
    nodes: list[Node] = []
    position = 0
    for match in pattern.finditer(text):
        nodes += [text[position : match.start()], make(match)]
        position = match.end()
    return [*nodes, text[position:]]


def _add_text(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _is_block(node: Node) -> bool:
    return not isinstance(node, str) and (
        node.tag in _BLOCKS or (node.tag == "math" and node.get("display") == "block")
    )


def _local_math(element: Element) -> Element:
    """The names of formulas without their namespace, which stands at <math> instead."""
    prefix = f"{{{MATHML}}}"
    for part in element.iter():
        if part.tag.startswith(prefix):
            part.tag = part.tag.removeprefix(prefix)
            if part.tag == "math":
                part.set("xmlns", MATHML)
    return element
