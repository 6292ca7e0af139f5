"""The profiled log-likelihood with several groups, from sums by group and by pair of groups.

Letters as in `lmm_likelihood`. With M = Lambda' Z'Z Lambda + I over the levels of all factors, the
factor with the most effects is eliminated level by level (blocks D, coupled to the rest by B); what
is left, S = C - B' D^-1 B, falls into the components of `Frame` and is factored densely. Then

    w = M^-1 Lambda' Z'[X y],  Lambda' U = w  with  U = Z' V^-1 [X y]  (V in units of sigma^2)
    d logdet M / d Lambda_k = 2 (sum over levels of (I - M^-1)_jj Lambda_k^-1)'

so that the gradient needs of M^-1 only the sums of its diagonal blocks. Both lines divide by
Lambda; a diagonal entry of Lambda is therefore never taken nearer to zero than `FLOOR`, which moves
the deviance by less than 1e-13 n.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.linalg import cho_solve
from scipy.linalg.lapack import dpotri
from scipy.sparse import csr_array

from ...moments import Floats
from ..lmm_likelihood import Point, assembled, backward, cholesky, forward
from .frame import Frame
from .gathered import Cells, Places
from .problem import FLOOR, Problem

Matrix = Any
DENSE = 0.04
SMALL = 48


@dataclass(frozen=True, eq=False)
class Coupling:
    """B, the sparse coupling of the first factor (rows: levels) with the rest (columns).

    Every effect of the first factor couples with the same columns: one pattern, q data arrays.
    """

    indptr: Places
    indices: Places
    order: Places
    row: Places
    shape: tuple[int, int]
    dense: bool

    def matrix(self, data: Floats) -> csr_array:
        """Return the sparse matrix of one effect."""
        return csr_array((data, self.indices, self.indptr), shape=self.shape)


@dataclass(frozen=True, eq=False)
class Here:
    """The likelihood at one theta, and what can be used of it: `point` as for one group, Lambda of
    each block, w (q x (p+1) x J) of each block, the sums of the diagonal blocks of M^-1, and the
    derivatives by theta of [X y]'V^-1[X y].
    """

    point: Point
    factors: tuple[Floats, ...]
    w: tuple[Floats, ...]
    traces: tuple[Floats, ...]
    parts: "Parts"
    d_left: Floats


@dataclass(frozen=True, eq=False)
class Parts:
    """M^-1 in parts: D^-1 (q x q x J), A = D^-1 B (q matrices) and S^-1, flat."""

    d_inverse: Floats
    a: tuple[Matrix, ...]
    s_inverse: Floats


class Likelihood:
    """The deviance of one problem as a function of theta; the pattern of B is found once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.near = tuple(c for c in problem.cells if c.first == 0)
        self.far = tuple(_inside(c) for c in problem.cells if c.first > 0)
        self.coupling = _coupling(problem, self.near)

    def at(self, theta: Floats) -> Here:
        """Return the likelihood at `theta`; numpy's `LinAlgError` if X is singular."""
        problem = self.problem
        factors = tuple(_floored(f) for f in problem.factors(theta))
        first, rest = problem.blocks[0], problem.blocks[1:]
        low = cholesky(_inner(first.zz, factors[0]))
        eye = np.repeat(np.eye(first.width)[:, :, None], first.count, axis=2)
        d_inverse = backward(low, forward(low, eye))
        logdet = 2 * sum(float(np.log(low[i, i]).sum()) for i in range(len(low)))
        right = [np.tensordot(f.T, b.zx, 1) for f, b in zip(factors, problem.blocks, strict=True)]
        solved = backward(low, forward(low, right[0]))
        if not rest:
            parts = Parts(d_inverse, (), np.zeros(0))
            return self._here(theta, factors, [solved], right, logdet, parts)
        b = self._b(factors)
        a = tuple(self._scaled(d_inverse[i], b) for i in range(first.width))
        vector = self._stacked(right[1:])
        for i in range(first.width):
            vector -= b[i].T @ solved[i].T
        s = self._core(factors, a, b)
        core, s_inverse, s_logdet = _solved(problem.core, s, vector)
        for i in range(first.width):
            solved[i] -= (a[i] @ core).T
        w = [solved, *(core[node].transpose(0, 2, 1) for node in problem.core.node)]
        parts = Parts(d_inverse, a, s_inverse)
        return self._here(theta, factors, w, right, logdet + s_logdet, parts)

    def _b(self, factors: tuple[Floats, ...]) -> tuple[Matrix, ...]:
        values = [
            _between(factors[0], c.sums, factors[c.second]).transpose(0, 2, 1) for c in self.near
        ]
        flat = np.concatenate([v.reshape(len(v), -1) for v in values], axis=1)
        data = flat[:, self.coupling.order]
        found = tuple(self.coupling.matrix(row) for row in data)
        return tuple(m.toarray() for m in found) if self.coupling.dense else found

    def _scaled(self, weights: Floats, b: tuple[Matrix, ...]) -> Matrix:
        """Return one row of blocks of D^-1 B."""
        if self.coupling.dense:
            return sum(w[:, None] * m for w, m in zip(weights, b, strict=True))
        row = self.coupling.row
        return self.coupling.matrix(sum(w[row] * m.data for w, m in zip(weights, b, strict=True)))

    def _stacked(self, right: list[Floats]) -> Floats:
        vector = np.zeros((self.problem.core.rows, right[0].shape[1]))
        for node, values in zip(self.problem.core.node, right, strict=True):
            vector[node] = values.transpose(0, 2, 1)
        return vector

    def _core(
        self,
        factors: tuple[Floats, ...],
        a: tuple[Matrix, ...],
        b: tuple[Matrix, ...],
    ) -> Floats:
        """Return S, flat."""
        core = self.problem.core
        blocks = [
            _inner(block.zz, f)
            for block, f in zip(self.problem.blocks[1:], factors[1:], strict=True)
        ]
        cells = [
            (c, _between(factors[c.first + 1], c.sums, factors[c.second + 1])) for c in self.far
        ]
        flat = core.matrix(blocks, cells)
        for one, other in zip(b, a, strict=True):
            place, values = self._entries(one.T @ other)
            flat[place] -= values
        return flat

    def _entries(self, matrix: Matrix) -> tuple[Places, Floats]:
        """Return the flat places and values of an N x N matrix within the components."""
        core = self.problem.core
        if self.coupling.dense:
            if len(core.batches) == 1 and core.batches[0].many == 1:
                return np.arange(core.total), np.asarray(matrix).ravel()
            row, column = np.nonzero(matrix)
            return core.base[row] + core.local[column], np.asarray(matrix)[row, column]
        row = np.repeat(np.arange(core.rows), np.diff(matrix.indptr))
        return core.base[row] + core.local[matrix.indices], matrix.data

    def _traces(self, parts: Parts) -> tuple[Floats, ...]:
        first = parts.d_inverse.sum(axis=2)
        for i, one in enumerate(parts.a):
            for j, other in enumerate(parts.a[: i + 1]):
                place, values = self._entries(one.T @ other)
                first[i, j] += values @ parts.s_inverse[place]
                first[j, i] = first[i, j]
        rest = range(len(self.problem.blocks) - 1)
        core = self.problem.core
        return (first, *(core.diagonal(parts.s_inverse, k).sum(axis=2) for k in rest))

    def _here(
        self,
        theta: Floats,
        factors: tuple[Floats, ...],
        w: list[Floats],
        right: list[Floats],
        logdet: float,
        parts: Parts,
    ) -> Here:
        problem, m = self.problem, len(theta)
        explained = np.zeros_like(problem.xx)
        for u, r in zip(w, right, strict=True):
            explained += np.tensordot(u, r, ((0, 2), (0, 2)))
        traces = self._traces(parts)
        d_left, d_logdet = np.zeros((m, *problem.xx.shape)), np.zeros(m)
        inverse = [np.linalg.inv(f) for f in factors]
        sides = [np.tensordot(i.T, u, 1) for i, u in zip(inverse, w, strict=True)]
        slopes = [
            2 * (block.count * np.eye(block.width) - t) @ i
            for block, t, i in zip(problem.blocks, traces, inverse, strict=True)
        ]
        for c, (k, i, j) in enumerate(problem.places):
            d_left[c] = -sides[k][i] @ w[k][j].T
            d_logdet[c] = slopes[k][j, i]
        d_left += d_left.transpose(0, 2, 1).copy()
        left = problem.xx - (explained + explained.T) / 2
        point = assembled(problem, theta, left, d_left, d_logdet, logdet)
        return Here(point, factors, tuple(w), traces, parts, d_left)


def _floored(factor: Floats) -> Floats:
    """Return Lambda with no diagonal entry nearer to zero than `FLOOR`."""
    found = factor.copy()
    diagonal = np.diag(factor)
    np.fill_diagonal(found, np.copysign(np.maximum(np.abs(diagonal), FLOOR), diagonal))
    return found


def _inner(zz: Floats, factor: Floats) -> Floats:
    """Return Lambda' Z'Z Lambda + I for each level."""
    return _between(factor, zz, factor) + np.eye(len(factor))[:, :, None]


def _between(one: Floats, sums: Floats, other: Floats) -> Floats:
    half = np.tensordot(one.T, sums, 1)
    return np.tensordot(other.T, half, (1, 1)).swapaxes(0, 1)


def _inside(cells: Cells) -> Cells:
    """Return cells between two factors of the core, numbered as the core numbers them."""
    return Cells(cells.first - 1, cells.second - 1, cells.at, cells.to, cells.sums)


def _coupling(problem: Problem, near: tuple[Cells, ...]) -> Coupling:
    count, columns = problem.blocks[0].count, problem.core.rows
    nothing = np.zeros(0, dtype=np.int64)
    rows = [np.repeat(c.at, problem.blocks[c.second].width) for c in near]
    places = [problem.core.node[c.second - 1][:, c.to].T.ravel() for c in near]
    row, column = np.concatenate([nothing, *rows]), np.concatenate([nothing, *places])
    order = np.lexsort((column, row))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=count))])
    full = count * columns
    dense = 0 < full < 2e8 and len(row) > DENSE * full
    return Coupling(indptr, column[order], order, row[order], (count, columns), dense)


def _solved(core: Frame, s: Floats, vector: Floats) -> tuple[Floats, Floats, float]:
    """Return S^-1 `vector`, S^-1 (flat) and log|S|."""
    inverse, found, logdet = np.empty_like(s), np.empty_like(vector), 0.0
    for batch in core.batches:
        matrices, right = core.view(s, batch), core.part(vector, batch)
        if batch.size < SMALL:
            low = np.linalg.cholesky(matrices)
            logdet += 2 * float(np.log(np.diagonal(low, axis1=1, axis2=2)).sum())
            core.view(inverse, batch)[:] = np.linalg.inv(matrices)
            core.part(found, batch)[:] = np.linalg.solve(matrices, right)
            continue
        for one in range(batch.many):
            low = np.linalg.cholesky(matrices[one])
            logdet += 2 * float(np.log(np.diag(low)).sum())
            core.part(found, batch)[one] = cho_solve((low, True), right[one], check_finite=False)
            half = np.tril(dpotri(low, lower=1)[0])
            core.view(inverse, batch)[one] = half + np.tril(half, -1).T
    return found, inverse, logdet
