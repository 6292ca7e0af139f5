"""Labels, constraints between them, and what is defined from them."""

from dataclasses import dataclass

import numpy as np

from anello.model.errors import ModelError

from .expression import NAME, Expression, Floats, expression, gradient
from .table import Table


@dataclass(frozen=True)
class Labels:
    """Where each label stands among the parameters, and the values of labels that are fixed."""

    free: dict[str, int]
    fixed: dict[str, float]

    def values(self, theta: Floats) -> dict[str, float]:
        """Return the value of every label."""
        return {**self.fixed, **{name: float(theta[i]) for name, i in self.free.items()}}


def labels(table: Table) -> Labels:
    """Return the labels of a table, with those that lavaan gives by itself (`.p1.`)."""
    free: dict[str, int] = {}
    fixed: dict[str, float] = {}
    for number, row in enumerate(table.rows, 1):
        for name in (row.label, f".p{number}."):
            if name and row.free:
                free.setdefault(name, row.index)
            elif name:
                fixed.setdefault(name, row.value)
    return Labels(free, {k: v for k, v in fixed.items() if k not in free})


@dataclass(frozen=True, eq=False)
class Rules:
    """Equality constraints c(theta) = 0; called with theta it returns c and dc/dtheta."""

    sides: tuple[tuple[Expression, Expression], ...]
    labels: Labels
    k: int

    def __call__(self, theta: Floats) -> tuple[Floats, Floats]:
        """Return how far each constraint is from being met, and its derivatives."""
        values = self.labels.values(theta)
        far, slopes = [], []
        for left, right in self.sides:
            far.append((left.value(dict(values)) - right.value(dict(values))).real)
            one = gradient(left, values, self.labels.free, self.k)
            slopes.append(one - gradient(right, values, self.labels.free, self.k))
        return np.array(far), np.array(slopes).reshape(-1, self.k)


@dataclass(frozen=True, eq=False)
class Definitions:
    """Defined parameters in the order of the text; later ones may use earlier ones."""

    names: tuple[str, ...]
    sides: tuple[Expression, ...]
    labels: Labels
    k: int

    def values(self, known: dict[str, float]) -> dict[str, float]:
        """Return the defined values, given those of the labels."""
        found = dict(known)
        for name, side in zip(self.names, self.sides, strict=True):
            found[name] = side.value(dict(found)).real
        return {name: found[name] for name in self.names}

    def draws(self, thetas: Floats) -> Floats:
        """Return the defined values (d x n) at many points (n x k)."""
        known: dict[str, Floats] = {
            name: np.full(len(thetas), value) for name, value in self.labels.fixed.items()
        }
        known |= {name: thetas[:, i] for name, i in self.labels.free.items()}
        for name, side in zip(self.names, self.sides, strict=True):
            known[name] = np.broadcast_to(side.draws(known), len(thetas))
        return np.array([known[name] for name in self.names])

    def slopes(self, theta: Floats) -> Floats:
        """Return their derivatives by the parameters (d x k), by the chain rule."""
        values = self.labels.values(theta)
        values |= self.values(values)
        rows: dict[str, Floats] = {}
        for name, side in zip(self.names, self.sides, strict=True):
            row = gradient(side, values, self.labels.free, self.k)
            for other in side.names:
                if other in rows:
                    row = row + side.slope(values, other) * rows[other]
            rows[name] = row
        return np.array([rows[name] for name in self.names]).reshape(-1, self.k)


def definitions(table: Table) -> Definitions:
    """Return the defined parameters of a table; raises `ModelError` for unknown labels."""
    known = labels(table)
    names: list[str] = []
    sides: list[Expression] = []
    for equation in table.equations:
        if equation.op == ":=":
            side = expression(equation.right)
            _known(side, {*known.free, *known.fixed, *names})
            names.append(equation.left)
            sides.append(side)
    return Definitions(tuple(names), tuple(sides), known, len(table.free))


def constraints(table: Table) -> Rules | None:
    """Return the equality constraints of a table, None if there are none."""
    known = labels(table)
    defined = definitions(table)
    sides = []
    for equation in table.equations:
        if equation.op == "==":
            pair = tuple(
                expression(_spelled(text, defined)) for text in (equation.left, equation.right)
            )
            for side in pair:
                _known(side, {*known.free, *known.fixed})
            sides.append((pair[0], pair[1]))
    return Rules(tuple(sides), known, len(table.free)) if sides else None


def inequalities(table: Table) -> tuple[tuple[Expression, str, Expression], ...]:
    """Return the constraints with < and >."""
    defined = definitions(table)
    return tuple(
        (expression(_spelled(e.left, defined)), e.op, expression(_spelled(e.right, defined)))
        for e in table.equations
        if e.op in ("<", ">")
    )


def _spelled(text: str, defined: Definitions) -> str:
    """Return an expression in which defined names are written out."""
    found = expression(text)
    for name, side in reversed(tuple(zip(defined.names, defined.sides, strict=True))):
        if name in found.names:
            parts = [f"({side.text})" if n == name else n for n in found.names]
            text = _replaced(found.text, dict(zip(found.names, parts, strict=True)))
            found = expression(text)
    return text


def _replaced(text: str, parts: dict[str, str]) -> str:
    return NAME.sub(lambda m: parts.get(m[0], m[0]), text)


def _known(side: Expression, known: set[str]) -> None:
    for name in side.names:
        if name not in known:
            raise ModelError(
                "{text!r} uses the label {name!r}, which no parameter has.",
                text=side.text,
                name=name,
            )
