"""An item of any version of QTI as one tree with the names of QTI 2, and cuts in such a tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from app.loader.exchange.qti_content import Node
from app.loader.exchange.qti_names import known_attribute, known_name

_SAME_AS_DIV = frozenset({"contentBody", "templateBlock", "stimulusBody"})


def unified(root: Element) -> Element:
    """The same tree without namespaces, in the spelling of QTI 2."""
    for element in root.iter():
        element.tag = known_name(element.tag)
        element.attrib = {known_attribute(key): value for key, value in element.attrib.items()}
        if element.tag in _SAME_AS_DIV:
            element.tag = "div"
        elif element.tag == "object" and element.get("type", "").startswith("image/"):
            _as_picture(element)
    return root


def children(parent: Element, *names: str) -> Iterator[Element]:
    """Its children of these names."""
    return (child for child in parent if child.tag in names)


def child(parent: Element, name: str) -> Element | None:
    """Its first child of this name."""
    return next(children(parent, name), None)


def words(element: Element | None) -> str:
    """The text of an element and everything in it, without surrounding blanks."""
    return "" if element is None else "".join(element.itertext()).strip()


def parents(root: Element) -> dict[Element, Element]:
    """Each element's parent."""
    return {child: parent for parent in root.iter() for child in parent}


def content(element: Element) -> list[Node]:
    """What is inside an element, in order; the element keeps it."""
    nodes: list[Node] = [element.text] if element.text else []
    for inner in element:
        nodes.append(inner)
        if inner.tail:
            nodes.append(inner.tail)
    return [_without_tail(node) for node in nodes]


def cut(parent: Element, element: Element, *, put: Sequence[Node] = ()) -> None:
    """Take an element out of its parent and put something in its place; its tail stays."""
    position = list(parent).index(element)
    tail, element.tail = element.tail or "", None
    parent.remove(element)
    for node in (*put, tail):
        if isinstance(node, str):
            _add(parent, position, node)
        else:
            parent.insert(position, node)
            position += 1


def _add(parent: Element, position: int, text: str) -> None:
    if not text:
        return
    if position:
        parent[position - 1].tail = (parent[position - 1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _without_tail(node: Node) -> Node:
    if isinstance(node, str) or not node.tail:
        return node
    bare = Element(node.tag, dict(node.attrib))
    bare.text = node.text
    bare.extend(list(node))
    return bare


def _as_picture(element: Element) -> None:
    alt = element.get("label") or words(element)
    lang = element.get("lang")
    source = element.get("data", "")
    tail = element.tail
    element.clear()
    element.tag, element.tail = "img", tail
    element.attrib = {"src": source, "alt": alt, **({"lang": lang} if lang else {})}
