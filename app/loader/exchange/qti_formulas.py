"""Formulas of numeric questions as QTI's expressions, and QTI's expressions as formulas."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from xml.etree.ElementTree import Element

from app.domain.questions.numeric import Variable
from app.loader.exchange.qti_content import Content

_NAMES: dict[type[ast.operator], str] = {
    ast.Add: "sum",
    ast.Sub: "subtract",
    ast.Mult: "product",
    ast.Div: "divide",
    ast.Pow: "power",
}
_OPERATORS: dict[str, Callable[[], ast.operator]] = {
    name: operator for operator, name in _NAMES.items()
}
_WRAPPERS = frozenset({"integerToFloat", "roundTo", "round"})


class NotArithmetic(ValueError):
    """An expression that no formula can say; the argument is the name of its element."""


def plain_number(value: float) -> str:
    """A number as people write it: no exponent, no needless decimal."""
    text = f"{Decimal(repr(float(value))):f}"
    return text.removesuffix(".0")


def percent(share: float) -> str:
    """A share as a percentage, exactly."""
    text = f"{Decimal(repr(float(share))) * 100:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def share_of(percentage: str) -> float:
    """The share that a percentage means, which is a number."""
    return float(Decimal(percentage) / 100)


def expression_of(formula: str, content: Content, names: Mapping[str, str]) -> Element:
    """A formula that `Numeric` accepted, as an expression over the template variables.

    names: variable → its identifier in the item.
    """
    return _expression(ast.parse(formula, mode="eval").body, content, names)


def formula_of(expression: Element) -> tuple[str, int | None]:
    """The formula of an expression, and to how many decimals it is rounded, if it is.

    Raises NotArithmetic.
    """
    decimals = None
    if expression.tag == "roundTo" and expression.get("roundingMode") == "decimalPlaces":
        figures = expression.get("figures", "")
        decimals = int(figures) if re.fullmatch("[0-9]{1,3}", figures) else None
    return ast.unparse(ast.fix_missing_locations(_node(expression))), decimals


def drawn(variable: Variable, content: Content) -> Element:
    """The expression that draws a variable: whole steps above its least value."""
    steps = int((variable.most - variable.least) / variable.step + 1e-9)
    draw = content.element("randomInteger", {"min": 0, "max": steps})
    return content.element(
        "sum",
        None,
        _number(variable.least, content),
        content.element("product", None, _number(variable.step, content), draw),
    )


def variable_of(name: str, expression: Element) -> Variable:
    """The variable that an expression draws. Raises NotArithmetic where it draws otherwise."""
    if expression.tag == "randomInteger":
        return _integer(name, expression)
    if expression.tag == "baseValue":
        value = _float(expression.text or "", expression.tag)
        return Variable(name, value, value, 1.0)
    if expression.tag != "sum" or [part.tag for part in expression] != ["baseValue", "product"]:
        raise NotArithmetic(expression.tag)
    least, product = expression
    if [part.tag for part in product] != ["baseValue", "randomInteger"]:
        raise NotArithmetic(product.tag)
    start, step = (_float(part.text or "", part.tag) for part in (least, product[0]))
    steps = _integer(name, product[1])
    return Variable(
        name,
        round(start + step * steps.least, 10),
        round(start + step * steps.most, 10),
        step * steps.step,
    )


def decimals_of(variable: Variable) -> int:
    """How many decimals the drawn values have at most."""
    numbers = (Decimal(repr(variable.least)), Decimal(repr(variable.step)))
    return max(-int(number.normalize().as_tuple().exponent) for number in (*numbers, Decimal(0)))


def _expression(node: ast.expr, content: Content, names: Mapping[str, str]) -> Element:
    match node:
        case ast.Constant(value=int() | float() as number):
            return _number(float(number), content)
        case ast.Name(id=name):
            return content.element("variable", {"identifier": names[name]})
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return content.element(
                "subtract", None, _number(0, content), _expression(operand, content, names)
            )
        case ast.BinOp(left=left, op=op, right=right):
            sides = (_expression(side, content, names) for side in (left, right))
            return content.element(_NAMES[type(op)], None, *sides)
    raise NotArithmetic(ast.unparse(node))


def _number(value: float, content: Content) -> Element:
    return content.element("baseValue", {"baseType": "float"}, plain_number(value))


def _node(expression: Element) -> ast.expr:
    name = expression.tag
    if name == "baseValue":
        number = _float(expression.text or "", name)
        value = ast.Constant(int(abs(number)) if number.is_integer() else abs(number))
        return ast.UnaryOp(ast.USub(), value) if number < 0 else value
    if name == "variable":
        return ast.Name(_identifier(expression), ast.Load())
    if name in _WRAPPERS and len(expression) == 1:
        return _node(expression[0])
    if name not in _OPERATORS or len(expression) < 2:
        raise NotArithmetic(name)
    if len(expression) > 2 and name not in ("sum", "product"):
        raise NotArithmetic(name)
    if name == "subtract" and _is_zero(expression[0]):
        return ast.UnaryOp(ast.USub(), _node(expression[1]))
    result = _node(expression[0])
    for part in expression[1:]:
        result = ast.BinOp(result, _OPERATORS[name](), _node(part))
    return result


def _integer(name: str, expression: Element) -> Variable:
    least, most, step = (
        _float(expression.get(key, default), expression.tag)
        for key, default in (("min", "0"), ("max", ""), ("step", "1"))
    )
    return Variable(name, least, most, step)


def _is_zero(expression: Element) -> bool:
    return expression.tag == "baseValue" and (expression.text or "").strip() in ("0", "0.0")


def _identifier(expression: Element) -> str:
    name = expression.get("identifier", "")
    if not name.isidentifier():
        raise NotArithmetic(expression.tag)
    return name


def _float(text: str, name: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise NotArithmetic(name) from error
    if number != number or number in (float("inf"), float("-inf")):
        raise NotArithmetic(name)
    return number
