"""What an item declares of its answers: which are right, what is worth how much."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from app.domain.problems import Problems
from app.domain.text import N_
from app.loader.exchange.qti_names import STANDARD_TEMPLATES
from app.loader.exchange.qti_trees import child, children

_NUMERIC = frozenset({"float", "integer"})
_PLAIN_RULES = frozenset(
    """responseCondition responseIf responseElseIf responseElse setOutcomeValue match variable
    correct baseValue mapResponse sum isNull not and equal gte lte gt lt stringMatch multiple
    ordered null""".split()
)
"""Elements of rules that only say: right is right, each mapped answer is worth its points."""
_ALL = 1e-9


@dataclass(frozen=True, slots=True)
class Response:
    """A responseDeclaration. correct: the right values; mapped: value → points."""

    identifier: str
    cardinality: str = "single"
    base_type: str = "identifier"
    correct: tuple[str, ...] = ()
    mapped: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_number(self) -> bool:
        """Whether the answer is a number."""
        return self.base_type in _NUMERIC

    @property
    def full(self) -> tuple[str, ...]:
        """The values that are worth all that one answer can be worth."""
        best = max(self.mapped.values(), default=0.0)
        return tuple(value for value, points in self.mapped.items() if 0 < best <= points + _ALL)

    def right(self) -> tuple[str, ...]:
        """The right values: as declared, or those that earn points."""
        if self.correct:
            return self.correct
        if self.cardinality == "single":
            return self.full[:1]
        return tuple(value for value, points in self.mapped.items() if points > 0)


def responses_of(root: Element) -> dict[str, Response]:
    """Every declaration of an item, by its identifier."""
    found = (_response(declared) for declared in children(root, "responseDeclaration"))
    return {response.identifier: response for response in found}


def note_points(response: Response, place: str, notes: Problems) -> None:
    """Note points of single answers: in an exam its rules share the points out."""
    points = response.mapped.values()
    if any(value < 0 for value in points):
        notes.add(place, N_("Points that wrong answers take away are not kept."))
    if len({round(value, 9) for value in points if value > 0}) > 1:
        notes.add(place, N_("Answers worth a part of the points: the parts are not kept."))


def note_processing(root: Element, place: str, notes: Problems) -> None:
    """Note scoring by rules of its own, which nobody here carries out."""
    processing = child(root, "responseProcessing")
    if processing is None:
        return
    template = processing.get("template") or processing.get("templateLocation") or ""
    name = template.rpartition("/")[2].removesuffix(".xml")
    if template and name not in STANDARD_TEMPLATES:
        notes.add(place, N_("Its scoring by the template %(name)s is not kept."), name=name)
    strange = dict.fromkeys(str(rule.tag) for rule in processing.iter() if rule is not processing)
    custom = [name for name in strange if name not in _PLAIN_RULES]
    if custom:
        notes.add(
            place,
            N_("Its own scoring rules (%(names)s) are not kept: the exam's rules score."),
            names=", ".join(custom),
        )


def number(text: str) -> float | None:
    """The number that a text is, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _response(declared: Element) -> Response:
    mapped: dict[str, float] = {}
    for mapping in children(declared, "mapping"):
        for entry in children(mapping, "mapEntry"):
            points = number(entry.get("mappedValue", ""))
            key = _line(entry.get("mapKey", ""))
            if points is not None and key:
                mapped[key] = points
    correct = [
        _line("".join(value.itertext()))
        for right in children(declared, "correctResponse")
        for value in children(right, "value")
    ]
    return Response(
        identifier=declared.get("identifier", ""),
        cardinality=declared.get("cardinality", "single"),
        base_type=declared.get("baseType", "identifier"),
        correct=tuple(value for value in correct if value),
        mapped=mapped,
    )


def _line(text: str) -> str:
    """On one line, without surrounding blanks; the wide blank of Chinese is a character."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip()
