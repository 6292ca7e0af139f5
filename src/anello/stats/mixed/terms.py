"""Arithmetic on columns, as a tree that any engine can speak: a database, numpy, or text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

Level = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """A column of the data."""

    column: str


@dataclass(frozen=True, slots=True)
class Parens:
    """An expression in parentheses, kept because R keeps them in its names of terms."""

    inside: "Node"


@dataclass(frozen=True, slots=True)
class Minus:
    """The negative of an expression."""

    inside: "Node"


@dataclass(frozen=True, slots=True)
class Log:
    """The natural logarithm; its argument must be above zero in every row."""

    inside: "Node"


@dataclass(frozen=True, slots=True)
class Binary:
    """`left op right`, with op one of `+ - * / ^`."""

    op: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Is:
    """1 in the rows where a column has this level, else 0."""

    column: str
    level: Level


Node = Number | Name | Parens | Minus | Log | Binary | Is


class Algebra(Protocol):
    """What an engine must be able to say of columns, beside `+ - * / **` between its values."""

    def column(self, name: str) -> Any:
        """Return the column called `name`."""

    def log(self, value: Any) -> Any:
        """Return the natural logarithm of a value."""

    def equals(self, column: str, level: Level) -> Any:
        """Return 1 where `column` has `level`, else 0, as an integer."""


def children(node: Node) -> tuple[Node, ...]:
    """Return the expressions directly inside `node`."""
    if isinstance(node, Binary):
        return node.left, node.right
    if isinstance(node, Parens | Minus | Log):
        return (node.inside,)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield `node` and everything inside it, depth first, left to right."""
    yield node
    for child in children(node):
        yield from walk(child)


def columns_of(node: Node) -> tuple[str, ...]:
    """Return the columns that `node` reads, each once, in order of appearance.

    >>> columns_of(Binary("*", Name("x"), Log(Name("z"))))
    ('x', 'z')
    """
    found = (n.column for n in walk(node) if isinstance(n, Name | Is))
    return tuple(dict.fromkeys(found))


def stays_integer(node: Node, integers: frozenset[str]) -> bool:
    """Tell whether `node` holds whole numbers whenever the columns in `integers` do."""
    if isinstance(node, Number):
        return node.value == int(node.value)
    if isinstance(node, Name):
        return node.column in integers
    if isinstance(node, Log) or (isinstance(node, Binary) and node.op == "/"):
        return False
    if isinstance(node, Binary) and node.op == "^":
        return small_power(node) is not None and stays_integer(node.left, integers)
    return all(stays_integer(child, integers) for child in children(node))


def small_power(node: Binary) -> int | None:
    """Return the exponent when it is a whole number from 1 to 8: a product, exact on integers."""
    if node.op == "^" and isinstance(node.right, Number) and node.right.value in range(1, 9):
        return int(node.right.value)
    return None


def evaluate(node: Node, algebra: Algebra) -> Any:
    """Return the value of `node` in the engine that `algebra` speaks for."""
    if isinstance(node, Number):
        return int(node.value) if node.value == int(node.value) else node.value
    if isinstance(node, Name):
        return algebra.column(node.column)
    if isinstance(node, Is):
        return algebra.equals(node.column, node.level)
    if isinstance(node, Log):
        return algebra.log(evaluate(node.inside, algebra))
    if isinstance(node, Parens):
        return evaluate(node.inside, algebra)
    if isinstance(node, Minus):
        return 0 - evaluate(node.inside, algebra)
    return _binary(node, algebra)


def _binary(node: Binary, algebra: Algebra) -> Any:
    left = evaluate(node.left, algebra)
    power = small_power(node)
    if power is not None:
        value = left
        for _ in range(power - 1):
            value = value * left
        return value
    right = evaluate(node.right, algebra)
    if node.op == "^":
        return left**right
    if node.op == "+":
        return left + right
    if node.op == "-":
        return left - right
    return left * right if node.op == "*" else left / right


def label(node: Node) -> str:
    """Write `node` as R writes it: spaces round `+ - *`, none round `/` and `^`.

    >>> label(Binary("+", Binary("^", Name("x"), Number(2)), Number(0.5)))
    'x^2 + 0.5'
    """
    if isinstance(node, Number):
        return f"{node.value:.15g}"
    if isinstance(node, Name):
        return written(node.column)
    if isinstance(node, Parens):
        return f"({label(node.inside)})"
    if isinstance(node, Minus):
        return f"-{label(node.inside)}"
    if isinstance(node, Log):
        return f"log({label(node.inside)})"
    if isinstance(node, Is):
        return f"{written(node.column)}{level_text(node.level)}"
    space = "" if node.op in "/^" else " "
    return f"{label(node.left)}{space}{node.op}{space}{label(node.right)}"


def written(column: str) -> str:
    """Return a column's name as a formula spells it: in backticks unless it is a plain word.

    >>> written("G.HRS"), written("hours worked")
    ('G.HRS', '`hours worked`')
    """
    plain = column.replace(".", "_").isidentifier() and column[0] != "_"
    return column if plain else f"`{column}`"


def level_text(level: Level) -> str:
    """Return a factor level as R prints it: `2`, `0.5`, `TRUE`, `north`."""
    if isinstance(level, bool):
        return "TRUE" if level else "FALSE"
    return f"{level:.15g}" if isinstance(level, float) else str(level)
