"""The rows of a graph, and its two-level path model fitted to them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anello.model.errors import ModelError
from anello.stats.sem.language.rows import Wish
from anello.stats.sem.language.syntax import parse
from anello.stats.sem.language.table import Table, table
from anello.stats.sem.likelihood.matrices import structure
from anello.stats.sem.likelihood.two_level_missing import cluster_patterns, two_level_missing
from anello.store.panel import Panel

from ..loop.track import whole
from ..structural import Solved, solved
from .graph import Graph

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
ZERO = 1.96


@dataclass(frozen=True)
class PathRows:
    """Unit x wave rows of every measure of a graph (n x p, NaN missing), wave effects out.

    Every unit has every measure at least once, every row two measures at least; `unit` numbers
    the units from 0.
    """

    values: Array
    unit: Codes
    units: int
    waves: int

    @property
    def never_met(self) -> tuple[int, int] | None:
        """Return two measures that no row has both of."""
        there = np.isfinite(self.values).astype(float)
        i, j = np.nonzero(there.T @ there == 0)
        return (int(i[0]), int(j[0])) if len(i) else None


@dataclass(frozen=True)
class PathFit:
    """Slopes of the edges by level (2 x k), their covariance (2 x k x k) and SDs (2 x p).

    `spent` names measures of which nothing is left between units once the links are out: a
    variance below zero by no more than chance. `improper` is any other fault of the solution.
    """

    slopes: Array
    cov: Array
    sd: Array
    end: Solved
    spent: tuple[str, ...]
    improper: bool


def rows(panel: Panel, measures: Sequence[str]) -> PathRows:
    """Return the rows of some measures; what all units share in a wave is taken out first."""
    cube = np.stack([whole(panel, key)[0] for key in measures], axis=-1)
    there: NDArray[np.bool_] = np.isfinite(cube)
    keep = np.all(np.any(there, axis=1), axis=1)
    used = (there.sum(axis=-1) >= 2) & keep[:, None]
    cube = np.where(used[:, :, None], cube, np.nan)
    known = np.isfinite(cube)
    count = np.maximum(known.sum(axis=0), 1)
    shared = np.nansum(cube, axis=0) / count
    unit, wave = np.nonzero(used)
    values = (cube - shared)[unit, wave]
    return PathRows(
        values, np.unique(unit, return_inverse=True)[1], int(keep.sum()), len(set(wave.tolist()))
    )


def model(graph: Graph) -> Table:
    """Return the table of a graph: the same regressions within and between, lavaan's `sem` rules.

    Sources that nothing explains vary freely and go together; so do what is left of the targets
    at the end of the chain.
    """
    names = {key: f"x{i}" for i, key in enumerate(graph.measures, 1)}
    lines = []
    for level in (1, 2):
        lines.append(f"level: {level}")
        lines += [f"{names[b]} ~ l{level}e{i}*{names[a]}" for i, (a, b) in enumerate(graph.edges)]
    return table(parse("\n".join(lines)), Wish("sem", levels=2, random_x=True))


def counted(found: Table) -> tuple[int, int]:
    """Return the free parameters within and between, means apart."""
    free = [r for r in found.rows if r.free and r.op != "~1"]
    return sum(r.level == 1 for r in free), sum(r.level == 2 for r in free)


def fitted(graph: Graph, found: Table, data: PathRows) -> PathFit:
    """Return the maximum likelihood fit; errors by the sandwich over units.

    Raises `ModelError` where no search can begin or a measure does not vary.
    """
    size = np.nanstd(data.values, axis=0)
    if not (size > 0).all():
        raise ModelError("One of the measures does not vary.")
    p = len(graph.measures)
    names = tuple(f"x{i}" for i in range(1, p + 1))
    sums = cluster_patterns(names, (), data.values / size, data.unit, keep=True)
    end = solved(found, two_level_missing(found, (sums,)), compare=True, robust=True)
    return _read(graph, found, end, size)


def _read(graph: Graph, found: Table, end: Solved, size: Array) -> PathFit:
    k = len(graph.edges)
    at = [[end.of(found, f"l{level}e{i}") for i in range(k)] for level in (1, 2)]
    place = {key: i for i, key in enumerate(graph.measures)}
    ratio = np.array([size[place[b]] / size[place[a]] for a, b in graph.edges])
    slopes = np.array([end.theta[which] * ratio for which in at])
    cov = np.full((2, k, k), np.nan)
    if end.vcov is not None:
        own = np.outer(ratio, ratio)
        cov = np.array([end.vcov[np.ix_(which, which)] * own for which in at])
    spread = []
    for block, implied in zip(structure(found).blocks, end.implied, strict=True):
        total = np.diag(implied.e @ implied.s @ implied.e.T)
        order = [block.names.index(f"x{i}") for i in range(1, len(size) + 1)]
        spread.append(np.sqrt(np.maximum(total[order], 0.0)) * size)
    spent, improper = _below_zero(graph, found, end)
    return PathFit(slopes, cov, np.array(spread), end, spent, improper)


def _below_zero(graph: Graph, found: Table, end: Solved) -> tuple[tuple[str, ...], bool]:
    """Return measures whose variance between units is below zero by chance, and if more is."""
    below = [r for r in found.rows if r.own_variance and r.free and end.theta[r.index] < 0]
    if end.vcov is None or len(below) < len(end.faults):
        return (), bool(end.faults)
    chance = [
        r.level == 2 and end.theta[r.index] + ZERO * np.sqrt(end.vcov[r.index, r.index]) > 0
        for r in below
    ]
    names = tuple(graph.measures[int(r.lhs[1:]) - 1] for r in below)
    return (names, False) if all(chance) else ((), True)
