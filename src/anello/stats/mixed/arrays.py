"""Terms of a formula as arrays of numbers, for whoever holds the rows or the cells of a table."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..moments import Floats
from .design import Column
from .terms import Level, Node, evaluate


class Arrays:
    """Says columns as arrays, one value for each row; what `terms.evaluate` computes with."""

    def __init__(self, cells: Mapping[str, Any]) -> None:
        self.cells = cells

    def column(self, name: str) -> Any:
        return np.asarray(self.cells[name], dtype=float)

    def log(self, value: Any) -> Any:
        return np.log(value)

    def equals(self, column: str, level: Level) -> Any:
        return np.asarray(self.cells[column] == level, dtype=float)


def values(node: Node, cells: Mapping[str, Any], n: int) -> Floats:
    """Return the (n,) values of one expression on columns of n rows."""
    found = np.asarray(evaluate(node, Arrays(cells)), dtype=np.float64)
    return np.array(np.broadcast_to(found, (n,)))


def matrix(columns: Sequence[Column], cells: Mapping[str, Any], n: int) -> Floats:
    """Return the columns of a model beside one another, n x p.

    >>> from .design import ONES
    >>> from .terms import Name
    >>> matrix((ONES, Column("x", Name("x"))), {"x": np.array([2.0, 5.0])}, 2).tolist()
    [[1.0, 2.0], [1.0, 5.0]]
    """
    found = np.zeros((n, len(columns)))
    for j, column in enumerate(columns):
        found[:, j] = values(column.node, cells, n)
    return found
