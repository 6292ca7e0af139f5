"""Two levels with missing values inside the clusters: sums by cluster and pattern.

Rows of cluster j with pattern r of present variables have size n_jr and mean ybar_jr. Around their
own means they are normal with Sigma_W; the means of all patterns of a cluster, stacked with its
z_j, are jointly normal: they share the cluster's own part, and each adds Sigma_W / n_jr (Rosseel,
2021, Psych 3(2)). One cell per pattern, and one per cluster.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from anello.model.errors import ModelError
from anello.stats.sem.language.table import Table

from .cells import Cells, Part
from .matrices import Floats, Ints
from .sample import LOG_2PI, Rough, Sample, Units
from .shared import Shared
from .single import given_deviance
from .two_level import ClusterSums, rough_moments

MOST = 4_000_000


@dataclass(frozen=True, eq=False)
class ClusterPatterns:
    """K pairs of cluster and pattern, sorted by cluster, in one group of J clusters.

    `cluster` and `pattern` (K) say which; `n` (K) and `mean` (K x p, zero where missing) belong to
    the pair; `present` (R x p), `scatter` (R x p x p, sums inside the pairs) to the pattern; `own`
    (J x q) to the cluster. `available` are rough complete sums to start from. `inside` (K x p x p)
    has the scatter by pair, for robust errors only.
    """

    within: tuple[str, ...]
    between: tuple[str, ...]
    cluster: Ints
    pattern: Ints
    n: Floats
    mean: Floats
    present: Floats
    scatter: Floats
    own: Floats
    available: ClusterSums
    inside: Floats | None = None


def cluster_patterns(
    within: tuple[str, ...],
    between: tuple[str, ...],
    rows: Floats,
    cluster: Ints,
    *,
    keep: bool = False,
) -> ClusterPatterns:
    """Return the sums of rows (n x (p + q), NaN missing) whose clusters are numbered from 0.

    `keep` keeps the scatter by cluster and pattern, which robust errors need.
    """
    p = len(within)
    seen = ~np.isnan(rows[:, :p]).all(1)
    rows, cluster = rows[seen], cluster[seen]
    _, cluster = np.unique(cluster, return_inverse=True)
    y = rows[:, :p]
    kinds, pattern = np.unique(~np.isnan(y), axis=0, return_inverse=True)
    pairs, place = np.unique(cluster * len(kinds) + pattern.ravel(), return_inverse=True)
    n = np.bincount(place).astype(float)
    filled = np.nan_to_num(y)
    mean = np.array([np.bincount(place, column) for column in filled.T]).T / n[:, None]
    off = np.where(np.isnan(y), 0.0, y - mean[place])
    scatter = np.array(
        [off[pattern.ravel() == r].T @ off[pattern.ravel() == r] for r in range(len(kinds))]
    )
    first = np.unique(cluster, return_index=True)[1]
    own = rows[first, p:]
    sums = _available(within, between, y, cluster, own)
    which, kind = np.divmod(pairs, len(kinds))
    present = kinds.astype(float)
    inside = _by_pair(off, place, len(pairs)) if keep else None
    return ClusterPatterns(
        within, between, which, kind, n, mean, present, scatter, own, sums, inside
    )


def _by_pair(off: Floats, place: Ints, count: int) -> Floats:
    p = off.shape[1]
    found = np.zeros((count, p, p))
    for i in range(p):
        for j in range(i, p):
            found[:, i, j] = found[:, j, i] = np.bincount(place, off[:, i] * off[:, j], count)
    return found


def _available(
    within: tuple[str, ...], between: tuple[str, ...], y: Floats, cluster: Ints, own: Floats
) -> ClusterSums:
    """Return sums in which a missing value is its cluster's mean, or else the whole's."""
    there = ~np.isnan(y)
    empty = [name for i, name in enumerate(within) if not there[:, i].any()]
    if empty:
        raise ModelError("{column!r} has no values at all; leave it out.", column=empty[0])
    middle = np.nanmean(y, axis=0)
    means = np.empty((len(own), y.shape[1]))
    pooled = np.zeros((y.shape[1], y.shape[1]))
    off = np.zeros_like(y)
    for i in range(y.shape[1]):
        count = np.bincount(cluster, there[:, i], len(own))
        total = np.bincount(cluster, np.nan_to_num(y[:, i]), len(own))
        means[:, i] = np.where(count > 0, total / np.maximum(count, 1), middle[i])
        off[:, i] = np.where(there[:, i], y[:, i] - means[cluster, i], 0.0)
    pooled = off.T @ off
    share = there.mean(0)
    pooled += np.diag(np.diag(pooled) * (1 / share - 1))
    sizes = np.bincount(cluster).astype(float)
    return ClusterSums(within, between, sizes, means, own, pooled)


def two_level_missing(table: Table, groups: tuple[ClusterPatterns, ...]) -> Sample:
    """Return the sample of one group after the other; blocks alternate within and between."""
    cells: list[Cells | Shared] = []
    rough: list[Rough] = []
    units: list[Units] = []
    constant = given = 0.0
    sizes = []
    for number, found in enumerate(groups, 1):
        rough += rough_moments(table, number, found.available)
        order = np.array([found.within.index(n) for n in table.blocks[number, 1].observed])
        cells.append(_inner(number, found, order))
        cells.append(_outer(table, number, found, order))
        held = found.present[found.pattern].sum(1)
        rows, clusters = int(found.n.sum()), len(found.own)
        values = float(found.n @ held) + clusters * len(found.between)
        constant += values * LOG_2PI + float(held @ np.log(found.n))
        given += given_deviance(table, number, 1, rough[-2], rows)
        given += given_deviance(table, number, 2, rough[-1], clusters)
        sizes.append(rows)
        if found.inside is not None:
            units.append(_units(table, number, found, order))
    count = sum(len(g.own) for g in groups)
    return Sample(
        tuple(cells),
        constant,
        tuple(rough),
        tuple(sizes),
        clusters=count,
        units=tuple(units) if units else None,
        given_constant=given,
    )


def _inner(group: int, found: ClusterPatterns, order: Ints) -> Cells:
    weight = np.bincount(found.pattern, found.n - 1, len(found.present)).astype(float)
    scatter = found.scatter[:, order[:, None], order] / np.maximum(weight, 1)[:, None, None]
    part = Part(2 * (group - 1), np.arange(len(order)), np.ones(len(weight)))
    zero = np.zeros((len(weight), len(order)))
    return Cells(weight, zero, scatter, (part,), found.present[:, order], False)


def _outer(table: Table, group: int, found: ClusterPatterns, order: Ints) -> Shared:
    """Return the means of all clusters."""
    every = (*found.between, *table.blocks[group, 1].observed)
    above = table.blocks[group, 2].observed
    where = np.array([every.index(name) for name in above], dtype=np.intp)
    block = 2 * (group - 1)
    present, mean = found.present[:, order], found.mean[:, order]
    return Shared(
        block,
        block + 1,
        where,
        present,
        found.cluster,
        found.pattern,
        found.n,
        mean,
        found.own,
    )


def _portions(found: ClusterPatterns, p: int) -> Iterator[tuple[Ints, Ints]]:
    """Yield clusters with equally many patterns, and the pairs of each, in bearable portions."""
    count = np.bincount(found.cluster, minlength=len(found.own))
    start = np.concatenate([[0], np.cumsum(count)[:-1]])
    for patterns in np.unique(count):
        which = np.flatnonzero(count == patterns)
        width = len(found.between) + int(patterns) * p
        step = max(1, MOST // width**2)
        for first in range(0, len(which), step):
            some = which[first : first + step]
            yield some, start[some][:, None] + np.arange(patterns)


def _units(table: Table, group: int, found: ClusterPatterns, order: Ints) -> Units:
    """Return the clusters one by one: each has a cell of means and one of rows per pattern."""
    assert found.inside is not None
    inside = found.inside[:, order[:, None], order]
    block = 2 * (group - 1)

    def portions() -> Iterator[tuple[Cells, ...]]:
        for some, pairs in _portions(found, len(order)):
            cells = [_stacked(table, group, found, order, some, pairs)]
            for one in pairs.T:
                weight = found.n[one] - 1
                part = Part(block, np.arange(len(order)), np.ones(len(one)))
                scatter = inside[one] / np.maximum(weight, 1)[:, None, None]
                there = found.present[found.pattern[one]][:, order]
                zero = np.zeros((len(one), len(order)))
                cells.append(Cells(weight, zero, scatter, (part,), there, False))
            yield tuple(cells)

    return portions


def _stacked(
    table: Table, group: int, found: ClusterPatterns, order: Ints, some: Ints, pairs: Ints
) -> Cells:
    above = table.blocks[group, 2].observed
    names = table.blocks[group, 1].observed
    q, p, patterns = len(found.between), len(order), pairs.shape[1]
    count = len(some)
    mean = np.hstack([found.own[some], found.mean[pairs][:, :, order].reshape(count, -1)])
    there = found.present[found.pattern[pairs]][:, :, order].reshape(count, -1)
    there = np.hstack([np.ones((count, q)), there])
    block = 2 * (group - 1)
    parts = [
        Part(block, q + r * p + np.arange(p), 1 / found.n[pairs[:, r]]) for r in range(patterns)
    ]
    stacked = (*found.between, *(names * patterns))
    places = np.array([i for i, name in enumerate(stacked) if name in above], dtype=np.intp)
    take = np.array([above.index(stacked[i]) for i in places], dtype=np.intp)
    parts.append(Part(block + 1, places, np.ones(count), take))
    width = q + p * patterns
    zero = np.zeros((count, width, width))
    return Cells(np.ones(count), mean, zero, tuple(parts), there, True)
