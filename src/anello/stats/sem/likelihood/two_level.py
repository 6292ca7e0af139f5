"""Two levels from sums: pooled within scatter, and the unit means of each distinct unit size.

Unit j has n_j rows of p variables with means ybar_j and q variables z_j of its own. With S_W the
pooled within scatter / (N - J), v_j = (z_j, ybar_j) and V_n = Sigma_B + blockdiag(0, Sigma_W / n),

    -2 log L = (N p + J q) log 2 pi + p sum_j log n_j + (N - J)[log|Sigma_W| + tr(Sigma_W^-1 S_W)]
               + sum_n J_n [ log|V_n| + tr(V_n^-1 (C_n + (m_n - mu)(m_n - mu)')) ]

where J_n units have size n, and m_n, C_n are mean and covariance (divisor J_n) of their v_j.
Sigma_B may be singular: only V_n is inverted.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from anello.model.errors import ModelError
from anello.stats.sem.language.table import Table

from .cells import Cells, Part
from .matrices import Floats
from .sample import LOG_2PI, Rough, Sample, Units, positive
from .single import given_deviance


@dataclass(frozen=True, eq=False)
class ClusterSums:
    """J clusters of one group: sizes (J), means of the p `within` (J x p), the q `between` (J x q).

    `pooled` (p x p) sums the products of deviations from the cluster means; `scatter` (J x p x p)
    has them by cluster, for robust errors only.
    """

    within: tuple[str, ...]
    between: tuple[str, ...]
    sizes: Floats
    means: Floats
    own: Floats
    pooled: Floats
    scatter: Floats | None = None


def two_level(table: Table, groups: tuple[ClusterSums, ...]) -> Sample:
    """Return the sample of one group after the other; blocks alternate within and between."""
    cells: list[Cells] = []
    rough: list[Rough] = []
    units: list[Units] = []
    constant = given = 0.0
    for number, found in enumerate(groups, 1):
        found = _ordered(table, number, found)
        rough += rough_moments(table, number, found)
        cells += _cells(table, number, found)
        rows, clusters = int(found.sizes.sum()), len(found.sizes)
        p, q = len(found.within), len(found.between)
        constant += (rows * p + clusters * q) * LOG_2PI + p * float(np.log(found.sizes).sum())
        given += given_deviance(table, number, 1, rough[-2], rows)
        given += given_deviance(table, number, 2, rough[-1], clusters)
        if found.scatter is not None:
            units.append(_units(table, number, found))
    return Sample(
        tuple(cells),
        constant,
        tuple(rough),
        tuple(int(g.sizes.sum()) for g in groups),
        clusters=sum(len(g.sizes) for g in groups),
        units=tuple(units) if units else None,
        given_constant=given,
    )


def _ordered(table: Table, group: int, found: ClusterSums) -> ClusterSums:
    """Return the sums with `within` in the order of the model and `between` the rest of level 2."""
    names = table.blocks[group, 1].observed
    others = tuple(n for n in table.blocks[group, 2].observed if n not in names)
    i = np.array([found.within.index(n) for n in names], dtype=np.intp)
    j = np.array([found.between.index(n) for n in others], dtype=np.intp)
    scatter = None if found.scatter is None else found.scatter[:, i[:, None], i]
    return ClusterSums(
        names,
        others,
        found.sizes,
        found.means[:, i],
        found.own[:, j].reshape(len(found.sizes), -1),
        found.pooled[np.ix_(i, i)],
        scatter,
    )


def _enough(found: ClusterSums) -> None:
    clusters, rows = len(found.sizes), int(found.sizes.sum())
    if clusters < 2:
        raise ModelError("There is only one cluster, so nothing can be said between clusters.")
    if rows == clusters:
        raise ModelError("Every cluster has a single row, so nothing can be said inside clusters.")
    positive(found.within, found.pooled / (rows - clusters), rows - clusters)


def _parts(table: Table, group: int, found: ClusterSums, factor: Floats) -> tuple[Part, ...]:
    every = (*found.between, *found.within)
    first = 2 * (group - 1)
    within = np.arange(len(found.between), len(every))
    between = np.array([every.index(n) for n in table.blocks[group, 2].observed], dtype=np.intp)
    return (
        Part(first, within, factor),
        Part(first + 1, between, np.ones(len(factor))),
    )


def _cells(table: Table, group: int, found: ClusterSums) -> list[Cells]:
    v = np.hstack([found.own, found.means])
    rows, clusters = found.sizes.sum(), len(found.sizes)
    p = len(found.within)
    own = Part(2 * (group - 1), np.arange(p), np.ones(1))
    inner = Cells(
        np.array([rows - clusters]),
        np.zeros((1, p)),
        found.pooled[None] / (rows - clusters),
        (own,),
        None,
        False,
    )
    size, which = np.unique(found.sizes, return_inverse=True)
    count = np.bincount(which).astype(float)
    mean = np.array([np.bincount(which, column) for column in v.T]).T / count[:, None]
    off = v - mean[which]
    width = v.shape[1]
    scatter = np.zeros((len(size), width, width))
    for i in range(width):
        for j in range(i, width):
            scatter[:, i, j] = np.bincount(which, off[:, i] * off[:, j]) / count
            scatter[:, j, i] = scatter[:, i, j]
    outer = Cells(count, mean, scatter, _parts(table, group, found, 1 / size))
    return [inner, outer]


def rough_moments(table: Table, group: int, found: ClusterSums) -> list[Rough]:
    """Return moments by the method of moments, the between ones kept positive definite."""
    found = _ordered(table, group, found)
    _enough(found)
    rows, clusters = found.sizes.sum(), len(found.sizes)
    names = table.blocks[group, 2].observed
    every = (*found.between, *found.within)
    v = np.hstack([found.own, found.means])
    within = found.pooled / (rows - clusters)
    weight = found.sizes / rows
    centre = np.concatenate([found.own.mean(0), weight @ found.means])
    off = v - v.mean(0)
    total = off.T @ off / clusters
    noise = np.zeros_like(total)
    q = len(found.between)
    noise[q:, q:] = within * float((1 / found.sizes).mean())
    between = total - noise
    _alone(table, group, found, within, total)
    spread = np.maximum(np.diag(between), 0.05 * np.diag(total))
    r = between / np.sqrt(np.outer(spread, spread))
    np.fill_diagonal(r, 1.0)
    where = [every.index(n) for n in names]
    r = r[np.ix_(where, where)]
    share = 1.0
    while len(r) and np.linalg.eigvalsh(share * r + (1 - share) * np.eye(len(r)))[0] < 0.02:
        share *= 0.9
    scale = np.sqrt(spread[where])
    cov = (share * r + (1 - share) * np.eye(len(r))) * np.outer(scale, scale)
    z = [names.index(n) for n in found.between]
    cov[np.ix_(z, z)] = total[:q, :q]
    return [
        Rough(found.within, within, centre[q:]),
        Rough(names, cov, centre[where]),
    ]


def _alone(table: Table, group: int, found: ClusterSums, within: Floats, total: Floats) -> None:
    """Give variables that stand on level 1 only their whole variance; check those of level 2."""
    rows, clusters = found.sizes.sum(), len(found.sizes)
    above = table.blocks[group, 2].observed
    alone = [i for i, name in enumerate(found.within) if name not in above]
    centre = found.sizes @ found.means / rows
    off = found.means - centre
    whole = (found.pooled + (found.sizes[:, None] * off).T @ off) / rows
    within[np.ix_(alone, alone)] = whole[np.ix_(alone, alone)]
    if found.between:
        q = len(found.between)
        positive(found.between, total[:q, :q], clusters)


def _units(table: Table, group: int, found: ClusterSums) -> Units:
    assert found.scatter is not None
    scatter = found.scatter
    v = np.hstack([found.own, found.means])

    def portions() -> Iterator[tuple[Cells, ...]]:
        size = 1024
        for start in range(0, len(v), size):
            piece = slice(start, start + size)
            n, p = found.sizes[piece], len(found.within)
            own = Part(2 * (group - 1), np.arange(p), np.ones(len(n)))
            inner = Cells(
                n - 1,
                np.zeros((len(n), p)),
                scatter[piece] / np.maximum(n - 1, 1)[:, None, None],
                (own,),
                None,
                False,
            )
            some = v[piece]
            zero = np.zeros((len(n), some.shape[1], some.shape[1]))
            yield inner, Cells(np.ones(len(n)), some, zero, _parts(table, group, found, 1 / n))

    return portions
