"""A table of counts, checked, and made into a problem with upright columns."""

from dataclasses import dataclass

import numpy as np

from anello.model.errors import ModelError

from ..moments import Floats
from .families import Counts, Family
from .problem import Factor, Ints, Problem
from .scale import Upright

MOST_NODES = 20_000


@dataclass(frozen=True, eq=False)
class Varying:
    """What varies by one grouping factor: `index` (n) into `units`, z (n x q) with its names.

    `blocks` are the numbers of neighbouring columns that covary.
    """

    group: str
    units: tuple[str, ...]
    index: Ints
    names: tuple[str, ...]
    z: Floats
    blocks: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Table:
    """Cells: a covariate pattern of a group (and, if ordinal, a category) with its counts.

    `x` (n x p) are the fixed columns (without an intercept if ordinal), `category` (n) counts from
    0, `levels` names the categories. `offset` (n) enters the predictor as it is.
    """

    counts: Counts
    x: Floats
    names: tuple[str, ...]
    varying: tuple[Varying, ...]
    offset: Floats | None = None
    category: Ints | None = None
    levels: tuple[str, ...] = ()


def check(table: Table, family: str, nodes: int) -> None:
    """Raise `ModelError` for too many nodes, or groups that tell nothing of the spread."""
    if len(table.varying) > 1 and nodes > 1:
        raise ModelError(
            "Several grouping columns can only be fitted with one node (Laplace); leave --agq out."
        )
    width = len(table.varying[0].names)
    if nodes < 1 or nodes > 100 or nodes**width > MOST_NODES or (nodes > 1 and width > 3):
        raise ModelError(
            "{nodes} nodes for {effects} varying effects cannot be used; give --agq from 1 to 100, "
            "with at most three varying effects and {most} nodes in all.",
            nodes=nodes,
            effects=width,
            most=MOST_NODES,
        )
    for varying in table.varying:
        _check_groups(table, varying, family)


def _check_groups(table: Table, varying: Varying, family: str) -> None:
    if len(varying.units) < 2:
        raise ModelError(
            "There is only one group in {group!r}; a spread between groups needs two or more.",
            group=varying.group,
        )
    many = len(varying.units)
    if family == "binomial":
        yes = np.bincount(varying.index, table.counts.yes, many)
        total = np.bincount(varying.index, table.counts.total, many)
        alike = (yes == 0) | (yes == total)
    elif family == "ordinal" and table.category is not None:
        kinds = np.zeros((many, len(table.levels)))
        np.add.at(kinds, (varying.index, table.category), table.counts.yes)
        alike = (kinds > 0).sum(axis=1) < 2
    else:
        return
    if alike.all():
        raise ModelError(
            "Every group of {group!r} holds one and the same answer, or a single row; the spread "
            "between groups has no finite estimate.",
            group=varying.group,
        )


def weights(table: Table) -> Floats:
    """Return the number of answers behind each cell, never quite zero."""
    return np.maximum(table.counts.total, 1e-12)


def shares(table: Table) -> Floats | None:
    """Return the share of each answer of an ordinal outcome; None for the other families."""
    if table.category is None:
        return None
    counts = np.bincount(table.category, table.counts.yes, len(table.levels))
    return np.asarray(counts / counts.sum())


def in_order(table: Table) -> Table:
    """Return the table with the factor of most effects first, its cells sorted by that."""
    size = [len(v.units) * len(v.names) for v in table.varying]
    places = sorted(range(len(size)), key=lambda i: -size[i])
    order = np.argsort(table.varying[places[0]].index, kind="stable")
    varying = tuple(
        Varying(v.group, v.units, v.index[order], v.names, v.z[order], v.blocks)
        for v in (table.varying[i] for i in places)
    )
    counts = Counts(table.counts.yes[order], table.counts.total[order])
    offset = None if table.offset is None else table.offset[order]
    category = None if table.category is None else table.category[order]
    return Table(counts, table.x[order], table.names, varying, offset, category, table.levels)


def posed(table: Table, scaled: Upright, family: Family) -> tuple[Problem, list[Floats]]:
    """Return the problem on the scale of the search, and the lengths its random effects had.

    An ordinal answer k of K lies between two thresholds: `upper` and `lower` say which.
    """
    lengths = [_lengths(v) for v in table.varying]
    factors = tuple(_factor(v, s) for v, s in zip(table.varying, lengths, strict=True))
    n = len(table.x)
    above = np.zeros(n) if table.offset is None else table.offset
    if table.category is None:
        return Problem(family, table.counts, scaled.columns, None, above, None, factors), lengths
    last = len(table.levels) - 1
    tops = np.zeros((n, last + 1))
    tops[np.arange(n), table.category] = 1
    upper = np.hstack([tops[:, :last], -scaled.columns])
    lower = np.hstack([tops[:, 1:], -scaled.columns])
    above = np.where(table.category == last, np.inf, above)
    below = np.where(table.category == 0, -np.inf, 0.0)
    return Problem(family, table.counts, upper, lower, above, below, factors), lengths


def _lengths(varying: Varying) -> Floats:
    lengths = np.sqrt((varying.z**2).mean(axis=0))
    for name, length in zip(varying.names, lengths, strict=True):
        if not length > 0:
            raise ModelError("The varying column {column!r} is zero everywhere.", column=name)
    return np.asarray(lengths)


def _factor(varying: Varying, lengths: Floats) -> Factor:
    rows, columns, start = [], [], 0
    for size in varying.blocks:
        r, c = np.tril_indices(size)
        rows.append(r + start)
        columns.append(c + start)
        start += size
    z = varying.z / lengths
    places = np.concatenate(rows), np.concatenate(columns)
    return Factor(varying.index, len(varying.units), z, *places)
