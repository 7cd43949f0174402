"""The part of an item that differs by the type of the question: one function per type."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast
from xml.etree.ElementTree import Element

from app.domain.questions.body import Layout
from app.domain.questions.choice import Multiple, Option, Single, TrueFalse
from app.domain.questions.fill_in import FillIn
from app.domain.questions.kinds import QuestionType
from app.domain.questions.numeric import Numeric
from app.domain.questions.pairing import Matching, Ordering
from app.domain.questions.question import Question
from app.domain.questions.written import Case, ShortAnswer
from app.domain.text import N_, Text
from app.loader.exchange.qti_content import Content, Node, filled, gaps_replaced, replaced
from app.loader.exchange.qti_formulas import (
    decimals_of,
    drawn,
    expression_of,
    percent,
    plain_number,
)
from app.loader.exchange.qti_rubrics import case_rubric, short_answer_rubric

RESPONSE = "RESPONSE"
OPTION_FEEDBACK = "FEEDBACK_OPTION"
TRUE, FALSE = Text("正确", "True"), Text("错误", "False")


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


def parts_of(question: Question, content: Content) -> Parts:
    """The declarations, the body and the rules of a question."""
    return _WRITERS[question.type](question, content)


def _single(question: Question, content: Content) -> Parts:
    body = cast("Single", question.body)
    return _choice(question, content, options=body.options, several=False)


def _multiple(question: Question, content: Content) -> Parts:
    body = cast("Multiple", question.body)
    return _choice(question, content, options=body.options, several=True)


def _choice(
    question: Question, content: Content, *, options: Sequence[Option], several: bool
) -> Parts:
    cardinality = "multiple" if several else "single"
    choices = [_option(option, content) for option in options]
    right = [f"choice_{option.id}" for option in options if option.right]
    parts = Parts(
        responses=[_response(content, cardinality, "identifier", right)],
        body=[
            *content.block(question.stem),
            content.element(
                "choiceInteraction",
                {
                    "responseIdentifier": RESPONSE,
                    "shuffle": "true",
                    "maxChoices": 0 if several else 1,
                },
                *choices,
            ),
        ],
        template="match_correct",
    )
    if any(option.feedback for option in options):
        _show_option_feedback(parts, content, cardinality)
    return parts


def _option(option: Option, content: Content) -> Element:
    identifier = f"choice_{option.id}"
    attributes = {"identifier": identifier, **({"fixed": "true"} if option.fixed else {})}
    choice = content.element("simpleChoice", attributes, *content.short(option.text))
    if option.feedback is None:
        return choice
    shown = {"outcomeIdentifier": OPTION_FEEDBACK, "identifier": identifier, "showHide": "show"}
    nodes = content.short(option.feedback)
    inline = isinstance(nodes[0], Element) and nodes[0].tag == "span"
    feedback = (
        content.element("feedbackInline", shown, *nodes)
        if inline
        else content.element("feedbackBlock", shown, *content.wrapped(nodes))
    )
    return filled(choice, [feedback])


def _show_option_feedback(parts: Parts, content: Content, cardinality: str) -> None:
    """No response processing of QTI itself shows feedback: its rules are written out instead."""
    parts.outcomes.append(
        content.element(
            "outcomeDeclaration",
            {"identifier": OPTION_FEEDBACK, "cardinality": cardinality, "baseType": "identifier"},
        )
    )
    parts.template = ""
    test = content.element("match", None, _variable(content), _correct(content))
    parts.processing = [
        _all_or_nothing(content, test),
        content.element("setOutcomeValue", {"identifier": OPTION_FEEDBACK}, _variable(content)),
    ]


def _true_false(question: Question, content: Content) -> Parts:
    body = cast("TrueFalse", question.body)
    choices = [
        content.element("simpleChoice", {"identifier": name}, *content.short(text))
        for name, text in (("true", TRUE), ("false", FALSE))
    ]
    return Parts(
        responses=[_response(content, "single", "identifier", ["true" if body.right else "false"])],
        body=[
            *content.block(question.stem),
            content.element(
                "choiceInteraction",
                {"responseIdentifier": RESPONSE, "shuffle": "false", "maxChoices": 1},
                *choices,
            ),
        ],
        template="match_correct",
    )


def _fill_in(question: Question, content: Content) -> Parts:
    """The gaps of the Chinese text are the ones to write in; the English text shows them."""
    body = cast("FillIn", question.body)
    names = _numbered(len(body.blanks))
    entries = [
        content.element("textEntryInteraction", {"responseIdentifier": name}) for name in names
    ]
    zh, en = content.block(question.stem)
    left_over = gaps_replaced(zh, entries)
    parts = Parts(body=[zh, en], highest=len(names))
    parts.body += [filled(Element("p"), [entry]) for entry in left_over]
    for name, blank in zip(names, body.blanks, strict=True):
        accepted = dict.fromkeys(blank.accepted)
        mapping = [
            content.element(
                "mapEntry", {"mapKey": wording, "mappedValue": 1, "caseSensitive": "false"}
            )
            for wording in accepted
        ]
        response = _response(content, "single", "string", [blank.accepted[0]], name=name)
        parts.responses.append(
            filled(response, [content.element("mapping", {"defaultValue": 0}, *mapping)])
        )
    if len(names) == 1:
        parts.template = "map_response"
    else:
        points = [content.element("mapResponse", {"identifier": name}) for name in names]
        parts.processing = [_scored(content, content.element("sum", None, *points))]
    if body.interchangeable:
        parts.lost.append(
            N_("its gaps may be filled in any order, which other programs do not know")
        )
    return parts


def _numeric(question: Question, content: Content) -> Parts:
    body = cast("Numeric", question.body)
    stem = content.block(question.stem)
    entry = content.element("textEntryInteraction", {"responseIdentifier": RESPONSE})
    unit: Sequence[Node] = [" ", *content.short(body.unit, beside=True)] if body.unit else []
    parts = Parts(
        body=[*stem, filled(Element("p" if _is_inline(unit) else "div"), [entry, *unit])],
        processing=[_all_or_nothing(content, _close(body, content))],
    )
    if not body.variables:
        value = f"{body.expected(Layout()):.{body.decimals}f}"
        parts.responses = [_response(content, "single", "float", [value])]
        return parts
    parts.responses = [_response(content, "single", "float", [])]
    for variable in body.variables:
        declared = {"identifier": variable.name, "cardinality": "single", "baseType": "float"}
        parts.variables.append(content.element("templateDeclaration", declared))
        parts.drawing.append(
            content.element(
                "setTemplateValue", {"identifier": variable.name}, drawn(variable, content)
            )
        )
    rounded = {"roundingMode": "decimalPlaces", "figures": body.decimals}
    formula = content.element("roundTo", rounded, expression_of(body.formula, content))
    parts.drawing.append(content.element("setCorrectResponse", {"identifier": RESPONSE}, formula))
    shown = {variable.name: decimals_of(variable) for variable in body.variables}
    places = re.compile(r"\{(" + "|".join(map(re.escape, shown)) + r")\}")
    for element in stem:
        replaced(
            element,
            places,
            lambda match: content.element(
                "printedVariable", {"identifier": match[1], "format": f"%.{shown[match[1]]}f"}
            ),
        )
    return parts


def _close(body: Numeric, content: Content) -> Element:
    attributes: dict[str, object] = {"toleranceMode": "exact"}
    if body.tolerance:
        allowed = (percent if body.relative else plain_number)(body.tolerance)
        mode = "relative" if body.relative else "absolute"
        attributes = {"toleranceMode": mode, "tolerance": f"{allowed} {allowed}"}
    return content.element("equal", attributes, _variable(content), _correct(content))


def _matching(question: Question, content: Content) -> Parts:
    body = cast("Matching", question.body)
    prompt, key = body.prompt(Layout()), body.key
    sets = [
        content.element(
            "simpleMatchSet",
            None,
            *(
                content.element(
                    "simpleAssociableChoice",
                    {"identifier": f"{side}_{id_}", "matchMax": 1},
                    *content.short(text),
                )
                for id_, text in entries
            ),
        )
        for side, entries in (("left", prompt.left), ("right", prompt.right))
    ]
    pairs = [f"left_{left} right_{right}" for left, right in key.items()]
    return Parts(
        responses=[_response(content, "multiple", "directedPair", pairs)],
        body=[
            *content.block(question.stem),
            content.element(
                "matchInteraction",
                {"responseIdentifier": RESPONSE, "shuffle": "true", "maxAssociations": len(key)},
                *sets,
            ),
        ],
        template="match_correct",
    )


def _ordering(question: Question, content: Content) -> Parts:
    body = cast("Ordering", question.body)
    choices = [
        content.element("simpleChoice", {"identifier": f"entry_{id_}"}, *content.short(text))
        for id_, text in body.prompt(Layout())
    ]
    return Parts(
        responses=[
            _response(content, "ordered", "identifier", [f"entry_{id_}" for id_ in body.key])
        ],
        body=[
            *content.block(question.stem),
            content.element(
                "orderInteraction", {"responseIdentifier": RESPONSE, "shuffle": "true"}, *choices
            ),
        ],
        template="match_correct",
    )


def _short_answer(question: Question, content: Content) -> Parts:
    body = cast("ShortAnswer", question.body)
    return Parts(
        responses=[_response(content, "single", "string", [])],
        body=[
            *content.block(question.stem),
            content.element("extendedTextInteraction", {"responseIdentifier": RESPONSE}),
            short_answer_rubric(body, content),
        ],
        lost=[N_("its key points go along as text for the marker: without weights and synonyms")],
    )


def _case(question: Question, content: Content) -> Parts:
    body = cast("Case", question.body)
    parts = Parts(body=content.block(question.stem), highest=len(body.parts))
    for name, part in zip(_numbered(len(body.parts)), body.parts, strict=True):
        parts.responses.append(_response(content, "single", "string", [], name=name))
        entry = content.element("extendedTextInteraction", {"responseIdentifier": name})
        task = [*content.block(part.stem), entry, case_rubric(part, content)]
        parts.body.append(filled(Element("div", {"class": "task"}), task))
    parts.lost.append(N_("its rubrics go along as text for the marker: nothing computes with them"))
    return parts


_WRITERS: dict[QuestionType, Callable[[Question, Content], Parts]] = {
    QuestionType.SINGLE: _single,
    QuestionType.MULTIPLE: _multiple,
    QuestionType.TRUE_FALSE: _true_false,
    QuestionType.FILL_IN: _fill_in,
    QuestionType.NUMERIC: _numeric,
    QuestionType.MATCHING: _matching,
    QuestionType.ORDERING: _ordering,
    QuestionType.SHORT_ANSWER: _short_answer,
    QuestionType.CASE: _case,
}


def _numbered(count: int) -> list[str]:
    return [RESPONSE] if count == 1 else [f"{RESPONSE}_{n}" for n in range(1, count + 1)]


def _response(
    content: Content,
    cardinality: str,
    base_type: str,
    correct: Sequence[str],
    *,
    name: str = RESPONSE,
) -> Element:
    declared = content.element(
        "responseDeclaration",
        {"identifier": name, "cardinality": cardinality, "baseType": base_type},
    )
    if not correct:
        return declared
    values = [content.value(value) for value in correct]
    return filled(declared, [content.element("correctResponse", None, *values)])


def _variable(content: Content) -> Element:
    return content.element("variable", {"identifier": RESPONSE})


def _correct(content: Content) -> Element:
    return content.element("correct", {"identifier": RESPONSE})


def _scored(content: Content, points: Element) -> Element:
    return content.element("setOutcomeValue", {"identifier": "SCORE"}, points)


def _all_or_nothing(content: Content, test: Element) -> Element:
    one, none = (
        _scored(content, content.element("baseValue", {"baseType": "float"}, points))
        for points in ("1", "0")
    )
    return content.element(
        "responseCondition",
        None,
        content.element("responseIf", None, test, one),
        content.element("responseElse", None, none),
    )


def _is_inline(nodes: Sequence[Node]) -> bool:
    return all(isinstance(node, str) or node.tag in ("span", "br") for node in nodes)
