"""Questions answered by choosing, pairing and sorting, as interactions; the register of types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast
from xml.etree.ElementTree import Element

from app.domain.questions.body import Layout
from app.domain.questions.choice import Multiple, Option, Single, TrueFalse
from app.domain.questions.kinds import QuestionType
from app.domain.questions.pairing import Matching, Ordering
from app.domain.questions.question import Question
from app.domain.text import Text
from app.loader.exchange import qti_entries
from app.loader.exchange.qti_content import Content, filled
from app.loader.exchange.qti_parts import (
    RESPONSE,
    Parts,
    all_or_nothing,
    correct,
    given,
    response,
)

OPTION_FEEDBACK = "FEEDBACK_OPTION"
TRUE, FALSE = Text("正确", "True"), Text("错误", "False")


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
        responses=[response(content, cardinality, "identifier", right)],
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
    test = content.element("match", None, given(content), correct(content))
    parts.processing = [
        all_or_nothing(content, test),
        content.element("setOutcomeValue", {"identifier": OPTION_FEEDBACK}, given(content)),
    ]


def _true_false(question: Question, content: Content) -> Parts:
    body = cast("TrueFalse", question.body)
    choices = [
        content.element("simpleChoice", {"identifier": name}, *content.short(text))
        for name, text in (("true", TRUE), ("false", FALSE))
    ]
    return Parts(
        responses=[response(content, "single", "identifier", ["true" if body.right else "false"])],
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
        responses=[response(content, "multiple", "directedPair", pairs)],
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
            response(content, "ordered", "identifier", [f"entry_{id_}" for id_ in body.key])
        ],
        body=[
            *content.block(question.stem),
            content.element(
                "orderInteraction", {"responseIdentifier": RESPONSE, "shuffle": "true"}, *choices
            ),
        ],
        template="match_correct",
    )


_WRITERS: dict[QuestionType, Callable[[Question, Content], Parts]] = {
    QuestionType.SINGLE: _single,
    QuestionType.MULTIPLE: _multiple,
    QuestionType.TRUE_FALSE: _true_false,
    QuestionType.FILL_IN: qti_entries.fill_in,
    QuestionType.NUMERIC: qti_entries.numeric,
    QuestionType.MATCHING: _matching,
    QuestionType.ORDERING: _ordering,
    QuestionType.SHORT_ANSWER: qti_entries.short_answer,
    QuestionType.CASE: qti_entries.case,
}
