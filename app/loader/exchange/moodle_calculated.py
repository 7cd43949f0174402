"""Moodle's calculated questions: a formula over values that are drawn."""

from __future__ import annotations

import re
from typing import Any

from app.domain.errors import DomainError
from app.domain.questions.formulas import FormulaError, evaluate
from app.domain.text import N_
from app.loader.exchange.moodle_elements import Node
from app.loader.exchange.tags import Tags

_NAME = re.compile(r"\{([A-Za-z]\w*)\}")
_POWER = re.compile(r"\bpow\(([^(),]+),([^(),]+)\)")
_RELATIVE, _NOMINAL, _GEOMETRIC = "1", "2", "3"
_MOST_DECIMALS = 6


class CannotCalculate(DomainError):
    """Its formula or its values have no counterpart here."""


def read_calculated(node: Node, tags: Tags) -> dict[str, Any]:
    """answer, variables, tolerance and decimals. Raises CannotCalculate."""
    if "{=" in node.value("questiontext"):
        raise CannotCalculate("calculated", N_("Its text has a formula that is worked out: {=…}."))
    answers = node.all("answer")
    right = [answer for answer in answers if answer.share() >= 100]
    if not right:
        raise CannotCalculate("calculated", N_("No answer is worth all the marks."))
    if len(answers) > 1:
        node.notes.add(N_("Only the first right formula is kept."))
    answer = right[0]
    variables = _variables(node, tags)
    formula = _formula(answer.words(), {v["name"]: v["most"] for v in variables})
    if answer.value("feedback"):
        node.notes.add(
            N_("Feedback on an answer is not kept: %(text)s"), text=answer.value("feedback")
        )
    raw: dict[str, Any] = {"answer": formula, "variables": variables}
    raw |= _tolerance(answer) | _decimals(answer, tags)
    answer.rest()
    return raw


def _formula(written: str, values: dict[str, float]) -> str:
    formula = _POWER.sub(r"(\1) ** (\2)", _NAME.sub(r"\1", written.strip()))
    try:
        evaluate(formula, values)
    except FormulaError as error:
        raise CannotCalculate(
            "calculated",
            N_("The formula %(formula)s has more than + - * / and powers."),
            formula=written,
        ) from error
    return formula


def _variables(node: Node, tags: Tags) -> list[dict[str, Any]]:
    group = node.first("dataset_definitions")
    steps = dict(step.split("=", 1) for step in tags.extra.get("step", ()) if "=" in step)
    found = []
    for definition in group.all("dataset_definition") if group else []:
        name = definition.value("name")
        least, most = definition.number("minimum"), definition.number("maximum")
        decimals = int(min(max(definition.number("decimals"), 0), _MOST_DECIMALS))
        if definition.value("distribution", "uniform") != "uniform":
            node.notes.add(N_("The values of %(name)s are drawn evenly here."), name=name)
        if _NAME.fullmatch(f"{{{name}}}") is None:
            raise CannotCalculate(
                "calculated", N_("%(name)s is no name for a value here."), name=name
            )
        step = float(f"1e-{decimals}")
        try:
            step = float(steps.get(name, step))
        except ValueError:
            unknown = f"step:{name}={steps[name]}"
            node.notes.add(N_("Tags that are not ours: %(tags)s"), tags=unknown)
        found.append({"name": name, "least": least, "most": most, "step": step})
    return found


def _tolerance(answer: Node) -> dict[str, Any]:
    tolerance, kind = abs(answer.number("tolerance")), answer.value("tolerancetype", _RELATIVE)
    if kind == _GEOMETRIC:
        answer.notes.add(N_("The geometric tolerance is read as a share of the answer."))
    if not tolerance:
        return {}
    return {"tolerance" if kind == _NOMINAL else "relative_tolerance": tolerance}


def _decimals(answer: Node, tags: Tags) -> dict[str, Any]:
    told = tags.first("decimals")
    length = int(min(max(answer.number("correctanswerlength", 2), 0), _MOST_DECIMALS))
    if answer.value("correctanswerformat", "1") == "2":
        answer.notes.add(N_("Significant figures are not asked for here: decimals are."))
        length = _MOST_DECIMALS
    decimals = int(told) if re.fullmatch("[0-6]", told) else length
    return {"decimals": decimals} if decimals != 2 else {}
