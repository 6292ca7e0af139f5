"""From atoms to cells: per item, neighbours stand together until nobody is forced to an end."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anello.model.atoms import Coded

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
END = 0.125
"""The part of the scale, from either end, in which a mean is coded: 4.5 to 5 on 1 to 5."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Lowest and highest value of each item and the step between values, shape (I,).

    An item without ends, such as money, has infinite ones: then nobody is forced to an end.
    """

    low: Floats
    high: Floats
    step: Floats | float = 1.0

    @property
    def steps(self) -> Floats:
        """Return the step of each item, shape (I,)."""
        return np.broadcast_to(np.asarray(self.step, float), self.low.shape)

    @property
    def forced(self) -> Floats:
        """Return how many values are too few for a member to be left with, shape (I,).

        Two of five: those on one side of the middle of the scale.
        """
        steps = (self.high - self.low) / self.step
        few = np.maximum(1.0, np.floor((np.where(np.isfinite(steps), steps, 0.0) + 1) / 2))
        return np.where(np.isfinite(steps), few, 0.0)


@dataclass(frozen=True, slots=True)
class Cells:
    """What is published: one row per item and run of whole atoms of one group, shape (C,).

    `first` and `last` are the atoms of the run. A coded cell carries the middle of its code as
    `total`, never the true one, so every sum of cells keeps what the cell keeps.
    """

    item: Ints
    group: Ints
    first: Ints
    last: Ints
    n: Ints
    total: Floats
    code: NDArray[np.int8]


def forced(
    n: Ints, total: Floats, low: Floats, high: Floats, values: Floats, step: Floats | float = 1.0
) -> Flags:
    """Return whether n and sum leave a member at most `values` values of the scale.

    With T = n high - S short of the top and D = S - n low above the bottom, each member can hold
    min(T, D, high - low) / step + 1 values.

    >>> one, low, high, two = np.array([5, 5, 5]), np.ones(3), np.full(3, 5.0), np.full(3, 2.0)
    >>> forced(one, np.array([24.0, 23.0, 6.0]), low, high, two).tolist()
    [True, False, True]
    """
    room = np.minimum(np.minimum(n * high - total, total - n * low), high - low)
    return np.asarray(room / step + 1 <= values + 1e-9)


def merge(
    n: Ints, total: Floats, group: Ints, scale: Scale, k: int | Ints, *, guard: bool = True
) -> Cells:
    """Return the cells of every item from atoms of shape (A, I), A in order of `group`.

    `k` is one floor, or one for each item. Where fewer than `k` of an atom answered the item, or n
    and sum force a member into two of five values, its whole node is one cell: a fixed pair or
    three of neighbours, so that the join does not tell which of them was at an end; and so on with
    pairs of nodes. Where the whole group is one cell, a mean at an end of the scale is coded, also
    when nobody is forced, because a code that appeared only then would tell that somebody is. A
    group in which fewer than `k` answered an item has no cell. `guard=False` is for tests that
    prove the attacker.
    """
    atoms, items = n.shape
    k = np.broadcast_to(np.asarray(k), (items,))
    item = np.repeat(np.arange(items), atoms)
    owner = np.tile(group, items)
    at = np.tile(np.arange(atoms), items)
    cells = Cells(
        item, owner, at, at, n.T.ravel(), total.T.ravel(), np.zeros(atoms * items, np.int8)
    )
    for node in _nodes(group) if items else ():
        cells = _joined(cells, node[cells.first], scale, k, guard)
    return _coded(cells, scale, k, guard)


def _nodes(group: Ints) -> Iterator[Ints]:
    """Yield the node of each atom, level by level, until every group is one node.

    Neighbours stand in twos, the last of an odd number in a three, and the nodes in turn.
    """
    if not len(group):
        return
    size = np.bincount(group)
    rank = np.arange(len(group)) - (np.cumsum(size) - size)[group]
    while size.max() > 1:
        size = np.maximum(size // 2, 1)
        rank = np.minimum(rank // 2, size[group] - 1)
        yield (np.cumsum(size) - size)[group] + rank


def _joined(c: Cells, node: Ints, scale: Scale, k: Ints, guard: bool) -> Cells:
    """Return the cells with all those of a node as one where any of them may not stand alone."""
    bad = c.n < k[c.item]
    if guard:
        bad |= _forced(c, scale)
    starts = np.ones(len(node), bool)
    starts[1:] = (c.item[1:] != c.item[:-1]) | (node[1:] != node[:-1])
    told = np.logical_or.reduceat(bad, np.flatnonzero(starts))[np.cumsum(starts) - 1]
    first = np.flatnonzero(starts | ~told)
    last = np.append(first[1:], len(node)) - 1
    return Cells(
        c.item[first],
        c.group[first],
        c.first[first],
        c.last[last],
        np.add.reduceat(c.n, first),
        np.add.reduceat(c.total, first),
        c.code[first],
    )


def _forced(c: Cells, scale: Scale) -> Flags:
    i = c.item
    return forced(c.n, c.total, scale.low[i], scale.high[i], scale.forced[i], scale.steps[i])


def _coded(c: Cells, scale: Scale, k: Ints, guard: bool) -> Cells:
    kept = c.n >= k[c.item]
    c = Cells(*(getattr(c, name)[kept] for name in c.__slots__))
    if not guard or not len(c.n):
        return c
    low, high = scale.low[c.item], scale.high[c.item]
    ends = np.isfinite(high - low)
    wide = scale.forced[c.item] * scale.steps[c.item]
    edge = np.where(ends, np.maximum(END * (high - low) * c.n, wide), -1.0)
    alone = np.ones(len(c.n), bool)
    same = (c.item[1:] == c.item[:-1]) & (c.group[1:] == c.group[:-1])
    alone[1:] &= ~same
    alone[:-1] &= ~same
    top = alone & (c.n * high - c.total <= edge + 1e-9)
    bottom = alone & ~top & (c.total - c.n * low <= edge + 1e-9)
    total = np.where(top, c.n * high - edge / 2, np.where(bottom, c.n * low + edge / 2, c.total))
    code = np.where(top, Coded.HIGH, np.where(bottom, Coded.LOW, Coded.EXACT)).astype(np.int8)
    return Cells(c.item, c.group, c.first, c.last, c.n, total, code)
