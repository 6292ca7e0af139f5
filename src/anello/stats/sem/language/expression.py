"""Arithmetic on parameters: defined ones (`ab := a*b`) and constraints (`a == 2*b`)."""

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anello.model.errors import ModelError

Floats = NDArray[np.float64]
FUNCTIONS: dict[str, Callable[[complex], complex]] = {
    "exp": lambda v: complex(np.exp(v)),
    "log": lambda v: complex(np.log(v)),
    "sqrt": lambda v: complex(np.sqrt(complex(v))),
    "abs": lambda v: -v if v.real < 0 else v,
    "tanh": lambda v: complex(np.tanh(v)),
}
REAL = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt, "abs": np.abs, "tanh": np.tanh}
PAIRS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
}
NAME = re.compile(r"(?<![\w.])(?:[^\W\d][\w.]*|\.[^\W\d][\w.]*)")
STEP = 1e-30


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression: its text, the names it uses and its syntax tree."""

    text: str
    names: tuple[str, ...]
    tree: ast.expr

    def value(self, values: Mapping[str, complex]) -> complex:
        """Return its value; NaN where there is none."""
        try:
            return _evaluate(self.tree, self.names, values)
        except (ZeroDivisionError, OverflowError, ValueError):
            return complex(np.nan)

    def draws(self, values: Mapping[str, Floats]) -> Floats:
        """Return its values for many values of each name at once; NaN where there is none."""
        with np.errstate(all="ignore"):
            return np.asarray(_drawn(self.tree, self.names, values), dtype=float)

    def slope(self, values: Mapping[str, float], name: str) -> float:
        """Return its derivative by one name, exact to rounding: an imaginary step of 1e-30."""
        moved: dict[str, complex] = {k: complex(v) for k, v in values.items()}
        moved[name] += STEP * 1j
        return self.value(moved).imag / STEP


def expression(text: str) -> Expression:
    """Parse arithmetic with + - * / ^, parentheses and exp, log, sqrt, abs, tanh.

    >>> expression("a*b + c.1").names
    ('a', 'b', 'c.1')
    """
    names = [n for n in dict.fromkeys(NAME.findall(text)) if n not in FUNCTIONS]
    plain = NAME.sub(lambda m: m[0] if m[0] in FUNCTIONS else f"v{names.index(m[0])}", text)
    try:
        tree = ast.parse(plain.replace("^", "**"), mode="eval").body
    except SyntaxError:
        raise _unread(text) from None
    _allowed(tree, text)
    return Expression(text, tuple(names), tree)


def _unread(text: str) -> ModelError:
    return ModelError(
        "The expression {text!r} cannot be read; use labels, numbers, + - * / ^ ( ), exp, log, "
        "sqrt, abs.",
        text=text,
    )


def _allowed(node: ast.expr, text: str) -> None:
    match node:
        case ast.Constant(value=int() | float()) | ast.Name():
            return
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=inner):
            _allowed(inner, text)
        case ast.BinOp(
            left=a, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.Pow(), right=b
        ):
            _allowed(a, text)
            _allowed(b, text)
        case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]) if name in FUNCTIONS:
            _allowed(inner, text)
        case _:
            raise _unread(text)


def _evaluate(node: ast.expr, names: tuple[str, ...], values: Mapping[str, complex]) -> complex:
    match node:
        case ast.Constant(value=value):
            return complex(value)  # type: ignore[arg-type]
        case ast.Name(id=name):
            return complex(values[names[int(name[1:])]])
        case ast.UnaryOp(op=op, operand=inner):
            found = _evaluate(inner, names, values)
            return -found if isinstance(op, ast.USub) else found
        case ast.Call(func=ast.Name(id=name), args=[inner]):
            return FUNCTIONS[name](_evaluate(inner, names, values))
        case ast.BinOp(left=left, op=op, right=right):
            return _two(op, _evaluate(left, names, values), _evaluate(right, names, values))
    raise AssertionError(node)


def _drawn(node: ast.expr, names: tuple[str, ...], values: Mapping[str, Floats]) -> Any:
    match node:
        case ast.Constant(value=value):
            return np.float64(value)  # type: ignore[arg-type]
        case ast.Name(id=name):
            return values[names[int(name[1:])]]
        case ast.UnaryOp(op=op, operand=inner):
            found = _drawn(inner, names, values)
            return -found if isinstance(op, ast.USub) else found
        case ast.Call(func=ast.Name(id=name), args=[inner]):
            return REAL[name](_drawn(inner, names, values))
        case ast.BinOp(left=left, op=op, right=right):
            return PAIRS[type(op)](_drawn(left, names, values), _drawn(right, names, values))
    raise AssertionError(node)


def _two(op: ast.operator, a: complex, b: complex) -> complex:
    if isinstance(op, ast.Add):
        return a + b
    if isinstance(op, ast.Sub):
        return a - b
    if isinstance(op, ast.Mult):
        return a * b
    if isinstance(op, ast.Div):
        return a / b
    return complex(a**b)


def gradient(
    found: Expression, values: Mapping[str, float], where: Mapping[str, int], k: int
) -> Floats:
    """Return the derivatives of an expression by k parameters; `where` places names in them."""
    slopes = np.zeros(k)
    for name in found.names:
        if name in where:
            slopes[where[name]] += found.slope(values, name)
    return slopes
