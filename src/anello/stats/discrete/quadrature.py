"""The likelihood with one grouping factor: adaptive Gauss-Hermite quadrature, and its gradient.

With g(u) = sum_i l_i - u'u / 2 for the cells i of a group, its maximum at u^, K = -g'' (or its
expectation) there, C C' = K^-1 and nodes x_k with weights w_k for the standard normal,

    L = |C| sum_k w_k exp(g(u^ + C x_k) + x_k'x_k / 2)

(Pinheiro & Bates, 1995, J. Comput. Graph. Stat. 4, 12-35). One node is Laplace's method. The
gradient follows u^ and C as the parameters move; C is the inverse transpose of the Cholesky factor.
"""

from collections.abc import Iterator
from itertools import product

import numpy as np

from ..moments import Floats
from .families import Slopes
from .problem import NOWHERE, Height, Problem, added, moved, solved

STEPS = 100
NEAR = 1e-9


def nodes(count: int, width: int) -> tuple[Floats, Floats]:
    """Return the points (k x width) and log weights (k) of a product rule for N(0, I).

    >>> x, log_w = nodes(5, 1)
    >>> round(float(np.exp(log_w) @ x[:, 0] ** 4), 10)
    3.0
    """
    x, w = np.polynomial.hermite_e.hermegauss(count)
    points = np.array(list(product(x, repeat=width)))
    weights = np.array([np.log(p).sum() for p in product(w / w.sum(), repeat=width)])
    return points, weights


class Quadrature:
    """The log-likelihood of a problem with one factor; it remembers the modes to start from."""

    def __init__(self, problem: Problem, count: int) -> None:
        self.problem = problem
        self.factor = problem.factors[0]
        self.points, self.log_weights = nodes(count, self.factor.width)
        self.starts = np.searchsorted(self.factor.index, np.arange(self.factor.levels))
        self.u = np.zeros((self.factor.levels, self.factor.width))

    def summed(self, values: Floats) -> Floats:
        """Return the sums per group of values (n x ...)."""
        return np.asarray(np.add.reduceat(values, self.starts, axis=0))

    def effects(self, z: Floats, u: Floats) -> Floats:
        """Return what varies in each cell (n), given the spherical effects u (groups x q)."""
        return np.asarray(np.einsum("nq,nq->n", z, u[self.factor.index]))

    def curved(self, z: Floats, second: Floats) -> Floats:
        """Return I - sum z z' l'' per group."""
        inner = self.summed(-second[:, None, None] * z[:, :, None] * z[:, None, :])
        return inner + np.eye(self.factor.width)

    def modes(self, a: Floats, b: Floats | None, z: Floats) -> Slopes | None:
        """Find the modes u^ by Newton's method, halving steps that go down; None if lost."""
        problem, u = self.problem, self.u
        before = self._heights(a, b, z, u)
        if not np.isfinite(before).all():
            u = np.zeros_like(u)
            before = self._heights(a, b, z, u)
        for _ in range(STEPS):
            s = problem.family.slopes(problem.counts, *moved(a, b, self.effects(z, u)))
            slope = self.summed(s.first[:, None] * z) - u
            if not np.isfinite(slope).all():
                return None
            step = solved(self.curved(z, s.second), slope)
            if np.abs(step).max() < NEAR:
                self.u = u + step
                e = self.effects(z, self.u)
                return problem.family.slopes(problem.counts, *moved(a, b, e))
            u, before = self._uphill(a, b, z, u, step, before)
        return None

    def _heights(self, a: Floats, b: Floats | None, z: Floats, u: Floats) -> Floats:
        problem = self.problem
        l = problem.family.value(problem.counts, *moved(a, b, self.effects(z, u)))  # noqa: E741
        return np.asarray(self.summed(l) - 0.5 * (u * u).sum(1))

    def _uphill(
        self, a: Floats, b: Floats | None, z: Floats, u: Floats, step: Floats, before: Floats
    ) -> tuple[Floats, Floats]:
        step = step.copy()
        for _ in range(40):
            after = self._heights(a, b, z, u + step)
            worse = ~(after >= before - 1e-12 * (1 + np.abs(before)))
            if not worse.any():
                break
            step[worse] /= 2
        return u + step, after

    def spread(self, z: Floats, s: Slopes) -> tuple[Floats, float]:
        """Return C (groups x q x q) and the sum of log|C|."""
        root = np.linalg.cholesky(self.curved(z, s.h))
        inverse = np.linalg.inv(root)
        diagonal = np.einsum("jqq->jq", root)
        return np.swapaxes(inverse, 1, 2), -float(np.log(diagonal).sum())

    def places(self, c: Floats) -> Iterator[tuple[Floats, Floats, float]]:
        """Yield each node: its place u_k per group (groups x q), x_k, and log w_k + x'x / 2."""
        for x, log_w in zip(self.points, self.log_weights, strict=True):
            yield self.u + c @ x, x, float(log_w + 0.5 * x @ x)

    def height(self, psi: Floats, slope: bool = True) -> Height:
        """Return the log-likelihood at `psi` and, if wanted, its gradient."""
        phi, (root,) = self.problem.split(psi)
        z = self.factor.z @ root
        a, b = self.problem.predictors(phi)
        s = self.modes(a, b, z)
        nowhere = Height(NOWHERE, np.zeros(len(psi)))
        if s is None or not np.isfinite(s.value).all():
            return nowhere
        try:
            c, log_c = self.spread(z, s)
        except np.linalg.LinAlgError:
            return nowhere
        heights = np.array([self._heights(a, b, z, u) + w for u, _, w in self.places(c)])
        top = heights.max(axis=0)
        shares = np.exp(heights - top)
        total = shares.sum(axis=0)
        value = float((top + np.log(total)).sum()) + log_c
        if not slope or not np.isfinite(value):
            return Height(value, nowhere.gradient)
        return Height(value, self._gradient(a, b, z, s, c, shares / total, root))

    def spherical(self, psi: Floats) -> list[tuple[Floats, Floats]]:
        """Return the modes u^ (groups x q) at `psi` and their variances (groups x q x q)."""
        phi, (root,) = self.problem.split(psi)
        z = self.factor.z @ root
        s = self.modes(*self.problem.predictors(phi), z)
        if s is None:
            raise np.linalg.LinAlgError
        return [(self.u, np.asarray(np.linalg.inv(self.curved(z, s.h)), dtype=float))]

    def _gradient(
        self,
        a: Floats,
        b: Floats | None,
        z: Floats,
        s: Slopes,
        c: Floats,
        shares: Floats,
        root: Floats,
    ) -> Floats:
        index, q = self.factor.index, self.factor.width
        at = self._averaged(a, b, z, c, shares)
        inner = np.swapaxes(at.twist, 1, 2) @ c
        half = np.tril(inner, -1) + 0.5 * inner * np.eye(q)
        middle = -0.5 * np.eye(q) - 0.5 * (half + np.swapaxes(half, 1, 2))
        t = c @ middle @ np.swapaxes(c, 1, 2)
        tz = np.einsum("nqr,nr->nq", t[index], z)
        ti = np.einsum("nq,nq->n", z, tz)
        pull = at.pull - self.summed((s.third * ti)[:, None] * z)
        y = solved(self.curved(z, s.second), pull)
        e = self.effects(z, y)
        by_a = at.a - ti * s.ha + e * s.sa
        by_b = None if s.sb is None else added(at.b + e * s.sb, s.hb, -ti)
        along = (e * s.second - ti * s.third)[:, None] * self.u[index]
        along += at.along - 2 * s.h[:, None] * tz + s.first[:, None] * y[index]
        return self.problem.gradient(by_a, by_b, [self.factor.z.T @ along])

    def _averaged(
        self, a: Floats, b: Floats | None, z: Floats, c: Floats, shares: Floats
    ) -> "_Averages":
        problem, index = self.problem, self.factor.index
        at = _Averages(z.shape, c.shape, b is not None)
        for (u, x, _), share in zip(self.places(c), shares, strict=True):
            s = problem.family.slopes(problem.counts, *moved(a, b, self.effects(z, u)))
            r = share[index]
            first = r * s.first
            at.a += r * s.a
            if s.b is not None:
                at.b += r * s.b
            at.along += first[:, None] * u[index]
            slope = self.summed(first[:, None] * z) - share[:, None] * u
            at.pull += slope
            at.twist += slope[:, :, None] * x
        return at


class _Averages:
    """Averages over the nodes: l_a, l_b, l' u per cell, and g', g' x' per group."""

    def __init__(self, cells: tuple[int, ...], groups: tuple[int, ...], two: bool) -> None:
        self.a: Floats = np.zeros(cells[0])
        self.b: Floats = np.zeros(cells[0])
        self.along: Floats = np.zeros(cells)
        self.pull: Floats = np.zeros(groups[:2])
        self.twist: Floats = np.zeros(groups)
