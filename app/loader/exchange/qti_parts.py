"""What a type of question adds to an item, and the elements that several types share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from app.loader.exchange.qti_content import Content, filled

RESPONSE = "RESPONSE"


@dataclass(slots=True)
class Parts:
    """What a type adds to an item. lost: sentences on what other programs will not see.

    template: the name of the response processing of QTI itself, "" where `processing` has rules
    of its own (or where a person marks). highest: points of the item.
    """

    responses: list[Element] = field(default_factory=list)
    outcomes: list[Element] = field(default_factory=list)
    variables: list[Element] = field(default_factory=list)
    drawing: list[Element] = field(default_factory=list)
    body: list[Element] = field(default_factory=list)
    processing: list[Element] = field(default_factory=list)
    template: str = ""
    highest: int = 1
    lost: list[str] = field(default_factory=list)


def numbered(count: int) -> list[str]:
    """The identifiers of so many responses."""
    return [RESPONSE] if count == 1 else [f"{RESPONSE}_{n}" for n in range(1, count + 1)]


def response(
    content: Content,
    cardinality: str,
    base_type: str,
    correct: Sequence[str],
    *,
    name: str = RESPONSE,
) -> Element:
    """A responseDeclaration. correct: its right values."""
    declared = content.element(
        "responseDeclaration",
        {"identifier": name, "cardinality": cardinality, "baseType": base_type},
    )
    if not correct:
        return declared
    values = [content.value(value) for value in correct]
    return filled(declared, [content.element("correctResponse", None, *values)])


def given(content: Content) -> Element:
    """The answer, in a rule."""
    return content.element("variable", {"identifier": RESPONSE})


def correct(content: Content) -> Element:
    """The right answer, in a rule."""
    return content.element("correct", {"identifier": RESPONSE})


def scored(content: Content, points: Element) -> Element:
    """The rule that makes an expression the points."""
    return content.element("setOutcomeValue", {"identifier": "SCORE"}, points)


def all_or_nothing(content: Content, test: Element) -> Element:
    """The rule that gives one point where a test holds, and none elsewhere."""
    one, none = (
        scored(content, content.element("baseValue", {"baseType": "float"}, points))
        for points in ("1", "0")
    )
    return content.element(
        "responseCondition",
        None,
        content.element("responseIf", None, test, one),
        content.element("responseElse", None, none),
    )
