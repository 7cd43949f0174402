"""Questions answered by writing: gaps, numbers, short answers and cases, as interactions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast
from xml.etree.ElementTree import Element

from app.domain.questions.body import Layout
from app.domain.questions.fill_in import FillIn
from app.domain.questions.numeric import Numeric
from app.domain.questions.question import Question
from app.domain.questions.written import Case, ShortAnswer
from app.domain.text import N_
from app.loader.exchange.qti_content import Content, Node, filled, gaps_replaced, replaced
from app.loader.exchange.qti_formulas import (
    decimals_of,
    drawn,
    expression_of,
    percent,
    plain_number,
)
from app.loader.exchange.qti_parts import (
    RESPONSE,
    Parts,
    all_or_nothing,
    correct,
    given,
    numbered,
    response,
    scored,
)
from app.loader.exchange.qti_rubrics import case_rubric, short_answer_rubric

_IDENTIFIER = re.compile(r"[^\W\d][\w.-]*")
_TAKEN = frozenset({RESPONSE, "SCORE", "SOLUTION"})


def fill_in(question: Question, content: Content) -> Parts:
    """The gaps of the Chinese text are the ones to write in; the English text shows them."""
    body = cast("FillIn", question.body)
    names = numbered(len(body.blanks))
    entries = [
        content.element("textEntryInteraction", {"responseIdentifier": name}) for name in names
    ]
    zh, en = content.block(question.stem)
    parts = Parts(body=[zh, en], highest=len(names))
    if not gaps_replaced(zh, entries):
        parts.body += [
            filled(Element("p"), [f"({n}) ", entry]) for n, entry in enumerate(entries, start=1)
        ]
    for name, blank in zip(names, body.blanks, strict=True):
        accepted = dict.fromkeys(blank.accepted)
        mapping = [
            content.element(
                "mapEntry", {"mapKey": wording, "mappedValue": 1, "caseSensitive": "false"}
            )
            for wording in accepted
        ]
        declared = response(content, "single", "string", [blank.accepted[0]], name=name)
        parts.responses.append(
            filled(declared, [content.element("mapping", {"defaultValue": 0}, *mapping)])
        )
    if len(names) == 1:
        parts.template = "map_response"
    else:
        points = [content.element("mapResponse", {"identifier": name}) for name in names]
        parts.processing = [scored(content, content.element("sum", None, *points))]
    if body.interchangeable:
        parts.lost.append(
            N_("its gaps may be filled in any order, which other programs do not know")
        )
    return parts


def numeric(question: Question, content: Content) -> Parts:
    """A number to be written; variables are drawn by the other program, as here."""
    body = cast("Numeric", question.body)
    stem = content.block(question.stem)
    entry = content.element("textEntryInteraction", {"responseIdentifier": RESPONSE})
    unit: Sequence[Node] = [" ", *content.short(body.unit, beside=True)] if body.unit else []
    parts = Parts(
        body=[*stem, filled(Element("p" if _is_inline(unit) else "div"), [entry, *unit])],
        processing=[all_or_nothing(content, _close(body, content))],
    )
    if not body.variables:
        value = f"{body.expected(Layout()):.{body.decimals}f}"
        parts.responses = [response(content, "single", "float", [value])]
        return parts
    parts.responses = [response(content, "single", "float", [])]
    _draw(parts, body, content)
    _show_drawn(parts, body, stem, content)
    return parts


def short_answer(question: Question, content: Content) -> Parts:
    """A text, with what its marker needs to know."""
    body = cast("ShortAnswer", question.body)
    return Parts(
        responses=[response(content, "single", "string", [])],
        body=[
            *content.block(question.stem),
            content.element("extendedTextInteraction", {"responseIdentifier": RESPONSE}),
            short_answer_rubric(body, content),
        ],
        lost=[N_("its key points go along as text for the marker: without weights and synonyms")],
    )


def case(question: Question, content: Content) -> Parts:
    """A situation, and a block for each task with its own rubric."""
    body = cast("Case", question.body)
    parts = Parts(body=content.block(question.stem), highest=len(body.parts))
    for name, part in zip(numbered(len(body.parts)), body.parts, strict=True):
        parts.responses.append(response(content, "single", "string", [], name=name))
        entry = content.element("extendedTextInteraction", {"responseIdentifier": name})
        task = filled(Element("div", {"class": "task"}), [*content.block(part.stem), entry])
        parts.body += [task, case_rubric(part, content)]  # a <div> may not have a rubric in it
    parts.lost.append(N_("its rubrics go along as text for the marker: nothing computes with them"))
    return parts


def _close(body: Numeric, content: Content) -> Element:
    attributes: dict[str, object] = {"toleranceMode": "exact"}
    if body.tolerance:
        allowed = (percent if body.relative else plain_number)(body.tolerance)
        mode = "relative" if body.relative else "absolute"
        attributes = {"toleranceMode": mode, "tolerance": f"{allowed} {allowed}"}
    return content.element("equal", attributes, given(content), correct(content))


def _is_inline(nodes: Sequence[Node]) -> bool:
    return all(isinstance(node, str) or node.tag in ("span", "br") for node in nodes)


def _draw(parts: Parts, body: Numeric, content: Content) -> None:
    names = _identifiers(body)
    for variable in body.variables:
        name = names[variable.name]
        declared = {"identifier": name, "cardinality": "single", "baseType": "float"}
        parts.variables.append(content.element("templateDeclaration", declared))
        parts.drawing.append(
            content.element("setTemplateValue", {"identifier": name}, drawn(variable, content))
        )
    rounded = {"roundingMode": "decimalPlaces", "figures": body.decimals}
    formula = content.element("roundTo", rounded, expression_of(body.formula, content, names))
    parts.drawing.append(content.element("setCorrectResponse", {"identifier": RESPONSE}, formula))


def _show_drawn(parts: Parts, body: Numeric, stem: Sequence[Element], content: Content) -> None:
    """Put the drawn values where the stem has {name}; inside a formula nothing can be put."""
    names = _identifiers(body)
    decimals = {variable.name: decimals_of(variable) for variable in body.variables}
    places = re.compile(r"\{(" + "|".join(map(re.escape, names)) + r")\}")
    for element in stem:
        replaced(
            element,
            places,
            lambda match: content.element(
                "printedVariable",
                {"identifier": names[match[1]], "format": f"%.{decimals[match[1]]}f"},
            ),
        )
    formulas = (formula for element in stem for formula in element.iter("math"))
    if any(places.search("".join(formula.itertext())) for formula in formulas):
        parts.lost.append(N_("a formula in its stem shows its variables by name, not by value"))


def _identifiers(body: Numeric) -> dict[str, str]:
    """What each variable is called in the item, where some names are taken or not allowed."""
    return {
        variable.name: variable.name
        if _IDENTIFIER.fullmatch(variable.name) and variable.name not in _TAKEN
        else f"variable_{number}"
        for number, variable in enumerate(body.variables, start=1)
    }
