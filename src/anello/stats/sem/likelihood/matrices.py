"""What a model implies: covariances and means of each block, and how they move.

In the reticular form (McArdle & McDonald, 1984, Br. J. Math. Stat. Psychol. 37) every variable of
a block, observed or latent, stands in one vector v = A v + u with Cov(u) = S and E(u) = m. With
E = (I - A)^-1 and E_o its observed rows, Sigma = E_o S E_o' and mu = E_o m.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anello.stats.sem.language.rows import Row
from anello.stats.sem.language.table import Table

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def null_space(a: Floats) -> Floats:
    """Return an orthonormal basis (k x d) of the directions that a matrix (r x k) takes to zero."""
    _, s, rows = np.linalg.svd(a, full_matrices=True)
    rank = int((s > np.finfo(float).eps * max(a.shape) * s.max(initial=0.0)).sum())
    return np.asarray(rows[rank:].T, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Implied:
    """One block at one point: Sigma and mu, and the matrices they come from."""

    sigma: Floats
    mu: Floats
    e: Floats
    s: Floats
    m: Floats
    a: Floats


@dataclass(frozen=True, eq=False)
class Block:
    """Where the parameters of one group and level stand in A, S and m."""

    names: tuple[str, ...]
    observed: int
    a: Floats
    s: Floats
    m: Floats
    paths: tuple[Ints, Ints, Ints]
    spreads: tuple[Ints, Ints, Ints]
    means: tuple[Ints, Ints]

    def implied(self, theta: Floats) -> Implied:
        """Return Sigma and mu at `theta`; raises LinAlgError where I - A has no inverse."""
        a, s, m = self.a.copy(), self.s.copy(), self.m.copy()
        rows, columns, which = self.paths
        a[rows, columns] = theta[which]
        rows, columns, which = self.spreads
        s[rows, columns] = theta[which]
        s[columns, rows] = theta[which]
        rows, which = self.means
        m[rows] = theta[which]
        e: Floats = np.eye(len(a))
        if a.any():
            e = np.asarray(np.linalg.inv(e - a), dtype=np.float64)
        seen = e[: self.observed]
        return Implied(seen @ s @ seen.T, seen @ m, e, s, m, a)

    def jacobian(self, at: Implied, k: int) -> tuple[Floats, Floats]:
        """Return dSigma (k x p x p) and dmu (k x p) at a point."""
        p = self.observed
        seen = at.e[:p]
        sigma, mu = np.zeros((k, p, p)), np.zeros((k, p))
        rows, columns, which = self.paths
        crossed = at.e @ at.s @ seen.T
        half = seen.T[rows][:, :, None] * crossed[columns][:, None, :]
        np.add.at(sigma, which, half + half.transpose(0, 2, 1))
        np.add.at(mu, which, seen.T[rows] * (at.e @ at.m)[columns][:, None])
        rows, columns, which = self.spreads
        half = seen.T[rows][:, :, None] * seen.T[columns][:, None, :]
        twice = np.where(rows == columns, 0.5, 1.0)[:, None, None]
        np.add.at(sigma, which, twice * (half + half.transpose(0, 2, 1)))
        rows, which = self.means
        np.add.at(mu, which, seen.T[rows])
        return sigma, mu

    def pulled(self, at: Implied, g: Floats, h: Floats, k: int) -> Floats:
        """Return the derivatives (k) of <g, Sigma> + <h, mu> with g (p x p, symmetric), h (p) held.

        The same as contracting `jacobian` with g and h, without making its k x p x p numbers.
        """
        found, seen = np.zeros(k), at.e[: self.observed]
        far, near = seen.T @ g, seen.T @ h
        rows, columns, which = self.paths
        crossed = 2 * far @ (seen @ at.s @ at.e.T)
        np.add.at(found, which, crossed[rows, columns] + near[rows] * (at.e @ at.m)[columns])
        rows, columns, which = self.spreads
        np.add.at(found, which, np.where(rows == columns, 1.0, 2.0) * (far @ seen)[rows, columns])
        rows, which = self.means
        np.add.at(found, which, near[rows])
        return found


@dataclass(frozen=True, eq=False)
class Structure:
    """All blocks of a model, group by group and within a group level by level; k parameters."""

    blocks: tuple[Block, ...]
    k: int

    def implied(self, theta: Floats) -> list[Implied]:
        """Return what each block implies."""
        return [block.implied(theta) for block in self.blocks]

    def jacobian(self, at: list[Implied]) -> list[tuple[Floats, Floats]]:
        """Return the derivatives of each block by every parameter."""
        return [b.jacobian(i, self.k) for b, i in zip(self.blocks, at, strict=True)]


def structure(table: Table) -> Structure:
    """Return the matrices of a table, whose given rows have their values."""
    blocks = [
        _block(table, group, level)
        for group in range(1, table.groups + 1)
        for level in range(1, table.levels + 1)
    ]
    return Structure(tuple(blocks), len(table.free))


def _block(table: Table, group: int, level: int) -> Block:
    role = table.blocks[group, level]
    names = (*role.observed, *role.latent)
    place = {name: i for i, name in enumerate(names)}
    size = len(names)
    a, s, m = np.zeros((size, size)), np.zeros((size, size)), np.zeros(size)
    paths: list[tuple[int, int, int]] = []
    spreads: list[tuple[int, int, int]] = []
    means: list[tuple[int, int]] = []
    for row in table.of(group, level):
        i, j = _cell(row, place)
        if row.op == "~1":
            m[i] = 0.0 if row.free else row.value
            means += [(i, row.index)] if row.free else []
        elif row.op == "~~":
            s[i, j] = s[j, i] = 0.0 if row.free else row.value
            spreads += [(i, j, row.index)] if row.free else []
        else:
            a[i, j] = 0.0 if row.free else row.value
            paths += [(i, j, row.index)] if row.free else []
    three = [_columns(found, 3) for found in (paths, spreads)]
    mean = _columns(means, 2)
    return Block(
        names,
        len(role.observed),
        a,
        s,
        m,
        (three[0][0], three[0][1], three[0][2]),
        (three[1][0], three[1][1], three[1][2]),
        (mean[0], mean[1]),
    )


def _cell(row: Row, place: dict[str, int]) -> tuple[int, int]:
    if row.op == "~1":
        return place[row.lhs], 0
    if row.op == "=~":
        return place[row.rhs], place[row.lhs]
    return place[row.lhs], place[row.rhs]


def _columns(
    found: list[tuple[int, ...]] | list[tuple[int, int]] | list[tuple[int, int, int]], width: int
) -> Ints:
    return np.array(found, dtype=np.intp).reshape(-1, width).T
