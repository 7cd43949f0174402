"""Evaluates the arithmetic of numeric questions: names, numbers, + - * / **, and no more."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping

_BINARY: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_LARGEST_EXPONENT = 100
LONGEST_FORMULA = 500
"""Characters: a longer one could exhaust the parser, and nobody writes one by hand."""
_SHOWN = 60


_NO_VALUE = (
    SyntaxError,
    ValueError,
    ArithmeticError,
    RecursionError,
    TypeError,
    MemoryError,  # what the parser raises for a formula that is nested too deeply
)


class FormulaError(ValueError):
    """The formula has something that is not arithmetic, or no value."""


def evaluate(formula: str, values: Mapping[str, float]) -> float:
    """The value of `formula` with `values` for its names; raises FormulaError."""
    if len(formula) > LONGEST_FORMULA:
        raise FormulaError(f"{formula[:_SHOWN]}…")
    try:
        tree = ast.parse(formula, mode="eval")
        value = _value(tree.body, values)
    except FormulaError:
        raise
    except _NO_VALUE as error:
        raise FormulaError(formula) from error
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise FormulaError(formula)
    return float(value)


def _value(node: ast.expr, values: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=bool()):
            raise FormulaError("true or false")
        case ast.Constant(value=int() | float() as number):
            return float(number)  # whole numbers would grow without bound
        case ast.Name(id=name) if name in values:
            return values[name]
        case ast.Name(id=name):
            raise FormulaError(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, values)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            first, second = _value(left, values), _value(right, values)
            if isinstance(op, ast.Pow) and abs(second) > _LARGEST_EXPONENT:
                raise FormulaError("exponent")
            return _BINARY[type(op)](first, second)
    raise FormulaError(ast.unparse(node))
