"""A text entry that asks for a number → the fields of a numeric question."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

from app.domain.questions.kinds import QuestionType
from app.domain.questions.numeric import Variable
from app.domain.text import N_
from app.loader.exchange.qti_asked import GAP, Asked, ItemRefused
from app.loader.exchange.qti_formulas import (
    NotArithmetic,
    formula_of,
    plain_number,
    share_of,
    variable_of,
)
from app.loader.exchange.qti_responses import Response, number
from app.loader.exchange.qti_trees import child, children, content, words

Raw = dict[str, Any]

_LONGEST_UNIT = 30
_MOST_DECIMALS = 6
_BLOCKS = frozenset({"p", "div", "li", "td"})
_TEXT = frozenset({"span", "br", "em", "strong", "sub", "sup", "b", "i"})


def is_number(asked: Asked, responses: Sequence[Response]) -> bool:
    """Whether one number is asked for; several become gaps to be filled in."""
    if len(responses) == 1 and responses[0].is_number:
        return True
    if any(response.is_number for response in responses):
        asked.note(N_("Its numbers became gaps, which accept exactly these digits."))
    return False


def number_of(asked: Asked, response: Response) -> Raw:
    """The fields of a numeric question. Raises ItemRefused where its formula is no arithmetic."""
    raw: Raw = {"type": QuestionType.NUMERIC, **_unit(asked), "stem": asked.stem()}
    if asked.root.find("templateProcessing") is not None:
        raw |= _drawn(asked, response)
    else:
        raw |= _given(asked, response)
    if response.base_type == "integer":
        raw["decimals"] = 0
    return {**raw, **_tolerance(asked, number(str(raw.get("answer", ""))))}


def _unit(asked: Asked) -> Raw:
    """What stands behind the entry, where it stands in a block of its own; it leaves the stem."""
    entry = asked.interactions[0]
    block = asked.above[entry]
    before = (block.text or "") + "".join(
        words(element) + (element.tail or "") for element in list(block)[: list(block).index(entry)]
    )
    alone = block.tag in _BLOCKS and not before.strip()
    simple = all(element.tag in _TEXT for element in block if element is not entry)
    if not alone or not simple or len(words(block)) > 2 * _LONGEST_UNIT:
        asked.replace(entry, GAP)
        return {}
    asked.replace(entry)
    unit = asked.texts.of(*content(block)) if words(block) else None
    asked.replace(block)
    return {"unit": unit} if unit else {}


def _given(asked: Asked, response: Response) -> Raw:
    values = [(text, value) for text in response.right() if (value := number(text)) is not None]
    if not values:
        if response.right():
            asked.note(N_("Its right answer is no number: %(given)s"), given=response.right()[0])
        return {}
    text, value = values[0]
    digits = -int(Decimal(repr(value)).as_tuple().exponent)
    if "e" not in text.casefold():  # 42.00 asks for two decimals
        digits = len(text.partition(".")[2])
    return {"answer": plain_number(value), "decimals": min(max(digits, 0), _MOST_DECIMALS)}


def _drawn(asked: Asked, response: Response) -> Raw:
    processing = child(asked.root, "templateProcessing")
    assert processing is not None
    variables: list[Variable] = []
    raw: Raw = {}
    try:
        for step in processing:
            name = step.get("identifier", "")
            if step.tag == "setTemplateValue" and len(step) == 1:
                variables.append(variable_of(name, step[0]))
            elif step.tag == "setCorrectResponse" and name == response.identifier and len(step):
                formula, decimals = formula_of(step[0])
                raw["answer"] = formula
                if decimals is not None:
                    raw["decimals"] = min(decimals, _MOST_DECIMALS)
            else:
                raise NotArithmetic(step.tag)
    except NotArithmetic as error:
        raise ItemRefused(
            N_("It draws or computes by %(name)s, which no formula here can say."), name=str(error)
        ) from error
    raw["variables"] = [
        {"name": v.name, "least": v.least, "most": v.most, "step": v.step} for v in variables
    ]
    return raw


def _tolerance(asked: Asked, answer: float | None) -> Raw:
    """How far off an answer may be: from `equal`, or from the bounds it is compared with."""
    processing = child(asked.root, "responseProcessing")
    if processing is None:
        return {}
    for equal in (element for element in processing.iter() if element.tag == "equal"):
        return _equal(asked, equal)
    bounds = [
        value
        for test in processing.iter()
        if test.tag in ("gte", "lte")
        for base in children(test, "baseValue")
        if (value := number(words(base))) is not None
    ]
    if answer is None or not bounds:
        return {}
    off = max(abs(Decimal(repr(bound)) - Decimal(repr(answer))) for bound in bounds)
    return {"tolerance": float(off)} if off else {}


def _equal(asked: Asked, equal: Element) -> Raw:
    mode = equal.get("toleranceMode", "exact")
    given = equal.get("tolerance", "").split()
    if mode == "exact" or not given:
        return {}
    if len(set(given)) > 1:
        asked.note(
            N_("Its tolerance differs below and above (%(given)s): the smaller one is kept."),
            given=" / ".join(given),
        )
    values = {text: value for text in given if (value := number(text)) is not None}
    if len(values) < len(set(given)):
        asked.note(N_("Its tolerance is no number: %(given)s"), given=" ".join(given))
        return {}
    smallest = min(values, key=lambda text: abs(values[text]))
    if mode == "relative":
        return {"relative_tolerance": abs(share_of(smallest))}
    return {"tolerance": abs(values[smallest])}
