"""One question as an assessmentItem, in the order of elements that the schema asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element, tostring

from app.domain.media import media_names
from app.domain.problems import Problem, Problems
from app.domain.questions.question import Question
from app.domain.text import N_, Language
from app.loader.exchange.qti_content import TAGS, Content, filled, has_illegal, legal, texts_in
from app.loader.exchange.qti_interactions import parts_of
from app.loader.exchange.qti_names import LANG, XSI, Version
from app.loader.exchange.qti_parts import Parts

SOLUTION = "SOLUTION"
"""The outcome that shows the explanation; its default value does, so every scoring shows it."""

_LONGEST_TITLE = 60
_NOT_WORDS = re.compile(r"!\[[^\]]*\]\([^)]*\)|[*`$#>|\\]+|\s+")


@dataclass(frozen=True, slots=True)
class Item:
    """An item ready to be packed. interactions: what QTI calls its ways of answering."""

    xml: bytes
    interactions: tuple[str, ...]
    losses: tuple[Problem, ...]


def item_of(question: Question, version: Version, *, href: Callable[[str], str]) -> Item:
    """The question as an item. href: where the picture of a name lies, seen from the item."""
    content = Content(version, href=href)
    parts = parts_of(question, content)
    root = filled(
        content.element(
            "assessmentItem",
            {
                "xmlns": version.item[0],
                f"{{{XSI}}}schemaLocation": " ".join(version.item),
                "identifier": question.id,
                "title": title_of(question),
                LANG: TAGS[Language.ZH],
                "adaptive": "false",
                "timeDependent": "false",
            },
        ),
        [
            *parts.responses,
            _score(question, parts, content),
            *parts.outcomes,
            _solution(content),
            *parts.variables,
            *([content.element("templateProcessing", None, *parts.drawing)] * bool(parts.drawing)),
            content.element("itemBody", None, *parts.body),
            *_processing(parts, content),
            _feedback(question, content),
        ],
    )
    return Item(
        xml=document(root),
        interactions=_interactions(root, version),
        losses=_losses(question, parts, content),
    )


def document(root: Element) -> bytes:
    """The file of an element."""
    data: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def title_of(question: Question) -> str:
    """What lists of other programs show: the id and the beginning of the stem."""
    words = _NOT_WORDS.sub(" ", legal(question.stem.zh)).strip()
    short = words if len(words) <= _LONGEST_TITLE else f"{words[:_LONGEST_TITLE]}…"
    return f"{question.id} {short}".strip()


def pictures_of(question: Question) -> tuple[str, ...]:
    """The names of the pictures in any text of a question."""
    return media_names("\n".join(texts_in(question.dump())))


def _score(question: Question, parts: Parts, content: Content) -> Element:
    attributes: dict[str, object] = {
        "identifier": "SCORE",
        "cardinality": "single",
        "baseType": "float",
        "normalMaximum": parts.highest,
    }
    if not question.body.SCORED_BY_RULE and version_knows_markers(content.version):
        attributes["externalScored"] = "human"
    return content.element(
        "outcomeDeclaration",
        attributes,
        content.element("defaultValue", None, content.value("0")),
    )


def version_knows_markers(version: Version) -> bool:
    """Whether the version can say that a person marks: 2.1 cannot."""
    return version.code != "2.1"


def _solution(content: Content) -> Element:
    return content.element(
        "outcomeDeclaration",
        {"identifier": SOLUTION, "cardinality": "single", "baseType": "identifier"},
        content.element("defaultValue", None, content.value("shown")),
    )


def _processing(parts: Parts, content: Content) -> list[Element]:
    if parts.template:
        address = f"{content.version.templates}{parts.template}"
        return [content.element("responseProcessing", {"template": address})]
    if parts.processing:
        return [content.element("responseProcessing", None, *parts.processing)]
    return []


def _feedback(question: Question, content: Content) -> Element:
    return content.element(
        "modalFeedback",
        {"outcomeIdentifier": SOLUTION, "identifier": "shown", "showHide": "show"},
        *content.wrapped(content.block(question.explanation)),
    )


def _interactions(root: Element, version: Version) -> tuple[str, ...]:
    names = (element.tag for element in root.iter())
    ending = version.element("anInteraction").removeprefix("qti-").removeprefix("an")
    return tuple(dict.fromkeys(name for name in names if name.endswith(ending)))


def _losses(question: Question, parts: Parts, content: Content) -> tuple[Problem, ...]:
    losses = Problems()
    for sentence in parts.lost:
        losses.add(question.id, sentence)
    if content.lost:
        losses.add(
            question.id,
            N_("QTI has no such formatting: %(names)s"),
            names=", ".join(content.lost),
        )
    if any(has_illegal(text) for text in texts_in(question.dump())):
        losses.add(
            question.id, N_("it has control characters, which XML cannot have; they were left out")
        )
    return tuple(losses)
