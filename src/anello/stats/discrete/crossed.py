"""The Laplace approximation with several grouping factors, nested or crossed.

The effects of the first factor (the one with the most) form small blocks; all others are held
together, dense, and the curvature K = [[D, E], [E', F]] is taken apart by S = F - E' D^-1 E.

    log L = sum_i l_i(u^) - u^'u^ / 2 - log|K| / 2

Its gradient needs of K^-1 only what stands between the effects of one cell.
"""

from dataclasses import dataclass

import numpy as np

from anello.model.errors import ModelError

from ..moments import Floats
from .families import Slopes
from .problem import NOWHERE, Height, Ints, Problem, added, moved

STEPS = 200
NEAR = 1e-9
MOST_HELD = 30_000_000


@dataclass(frozen=True, eq=False)
class _Curvature:
    """K taken apart: D^-1, D^-1 E, S^-1 and log|K|."""

    d: Floats
    de: Floats
    s: Floats
    logdet: float

    def solve(self, one: Floats, rest: Floats) -> tuple[Floats, Floats]:
        """Return K^-1 times a vector given in its two parts."""
        forward = np.einsum("jqr,jr->jq", self.d, one)
        down = self.s @ (rest - np.einsum("jqm,jq->m", self.de, one))
        return forward - self.de @ down, down


class Crossed:
    """The Laplace log-likelihood of a problem with several factors; it remembers the modes."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        first, *others = problem.factors
        self.index, self.width, self.levels = first.index, first.width, first.levels
        self.starts = np.searchsorted(first.index, np.arange(first.levels))
        columns: list[Ints] = []
        held = 0
        for factor in others:
            places = held + factor.index[:, None] * factor.width + np.arange(factor.width)
            columns.append(places)
            held += factor.levels * factor.width
        if first.levels * first.width * held > MOST_HELD:
            raise ModelError(
                "{one} times {other} varying effects are more than this can hold; put the smaller "
                "grouping column among the terms, or aggregate it.",
                one=first.levels * first.width,
                other=held,
            )
        self.columns = np.concatenate(columns, axis=1)
        self.held = held
        self.one: Floats = np.zeros((first.levels, first.width))
        self.rest: Floats = np.zeros(held)

    def scaled(self, roots: tuple[Floats, ...]) -> tuple[Floats, Floats]:
        """Return Lambda'z of each cell: of the first factor, and of the others side by side."""
        parts = [f.z @ root for f, root in zip(self.problem.factors, roots, strict=True)]
        return parts[0], np.concatenate(parts[1:], axis=1)

    def effects(self, z: Floats, zr: Floats, one: Floats, rest: Floats) -> Floats:
        """Return what varies in each cell (n)."""
        mine = np.einsum("nq,nq->n", z, one[self.index])
        return np.asarray(mine + np.einsum("nr,nr->n", zr, rest[self.columns]))

    def collected(self, z: Floats, zr: Floats, v: Floats) -> tuple[Floats, Floats]:
        """Return Z'v in its two parts, for v (n)."""
        one = np.add.reduceat(v[:, None] * z, self.starts, axis=0)
        weights = (v[:, None] * zr).ravel()
        rest = np.bincount(self.columns.ravel(), weights, minlength=self.held)
        return np.asarray(one), np.asarray(rest, dtype=float)

    def curvature(self, z: Floats, zr: Floats, second: Floats) -> _Curvature:
        """Take I - sum z z' l'' apart. Raises `LinAlgError` where it is not positive."""
        q, held = self.width, self.held
        d = np.add.reduceat(-second[:, None, None] * z[:, :, None] * z[:, None, :], self.starts)
        root = np.linalg.cholesky(d + np.eye(q))
        logdet = 2 * float(np.log(np.einsum("jqq->jq", root)).sum())
        wide = np.swapaxes(np.linalg.inv(root), 1, 2)
        inverse = wide @ np.swapaxes(wide, 1, 2)
        flat: Floats = np.zeros(self.levels * q * held)
        f = np.eye(held).ravel()
        for k in range(zr.shape[1]):
            for r in range(q):
                at = (self.index * q + r) * held + self.columns[:, k]
                flat += np.bincount(at, -second * z[:, r] * zr[:, k], minlength=len(flat))
            for m in range(zr.shape[1]):
                at = self.columns[:, k] * held + self.columns[:, m]
                f += np.bincount(at, -second * zr[:, k] * zr[:, m], minlength=len(f))
        e = flat.reshape(self.levels, q, held)
        de = inverse @ e
        s = f.reshape(held, held) - e.reshape(-1, held).T @ de.reshape(-1, held)
        low = np.linalg.cholesky(s)
        logdet += 2 * float(np.log(np.diag(low)).sum())
        back = np.linalg.inv(low)
        return _Curvature(inverse, de, back.T @ back, logdet)

    def modes(self, a: Floats, b: Floats | None, z: Floats, zr: Floats) -> Slopes | None:
        """Find the modes by Newton's method, halving a step that goes down; None if lost."""
        problem, one, rest = self.problem, self.one, self.rest
        before = self._joint(a, b, z, zr, one, rest)
        if not np.isfinite(before):
            one, rest = np.zeros_like(one), np.zeros_like(rest)
            before = self._joint(a, b, z, zr, one, rest)
        for _ in range(STEPS):
            e = self.effects(z, zr, one, rest)
            s = problem.family.slopes(problem.counts, *moved(a, b, e))
            up, ur = self.collected(z, zr, s.first)
            if not (np.isfinite(up).all() and np.isfinite(ur).all()):
                return None
            step = self.curvature(z, zr, s.second).solve(up - one, ur - rest)
            if max(np.abs(step[0]).max(), np.abs(step[1]).max()) < NEAR:
                self.one, self.rest = one + step[0], rest + step[1]
                e = self.effects(z, zr, self.one, self.rest)
                return problem.family.slopes(problem.counts, *moved(a, b, e))
            for size in 0.5 ** np.arange(40):
                there = one + size * step[0], rest + size * step[1]
                after = self._joint(a, b, z, zr, *there)
                if after >= before - 1e-12 * (1 + abs(before)):
                    break
            (one, rest), before = there, after
        return None

    def _joint(
        self, a: Floats, b: Floats | None, z: Floats, zr: Floats, one: Floats, rest: Floats
    ) -> float:
        problem, e = self.problem, self.effects(z, zr, one, rest)
        value = problem.family.value(problem.counts, *moved(a, b, e)).sum()
        return float(value - 0.5 * (one * one).sum() - 0.5 * rest @ rest)

    def height(self, psi: Floats, slope: bool = True) -> Height:
        """Return the log-likelihood at `psi` and, if wanted, its gradient."""
        phi, roots = self.problem.split(psi)
        z, zr = self.scaled(roots)
        a, b = self.problem.predictors(phi)
        try:
            s = self.modes(a, b, z, zr)
            if s is None or not np.isfinite(s.value).all():
                return Height(NOWHERE, np.zeros(len(psi)))
            k = self.curvature(z, zr, s.h)
            joint = self._joint(a, b, z, zr, self.one, self.rest)
            value = joint - 0.5 * k.logdet
            slopes = self._gradient(z, zr, s, k) if slope else np.zeros(len(psi))
        except np.linalg.LinAlgError:
            return Height(NOWHERE, np.zeros(len(psi)))
        return Height(value, slopes)

    def spherical(self, psi: Floats) -> list[tuple[Floats, Floats]]:
        """Return for each factor the modes u^ (groups x q) and their variances at `psi`."""
        phi, roots = self.problem.split(psi)
        z, zr = self.scaled(roots)
        s = self.modes(*self.problem.predictors(phi), z, zr)
        if s is None:
            raise np.linalg.LinAlgError
        k = self.curvature(z, zr, s.h)
        return _parted(self, k)

    def _gradient(self, z: Floats, zr: Floats, s: Slopes, k: _Curvature) -> Floats:
        p, pr = _near(self, z, zr, k)
        ti = -0.5 * ((z * p).sum(1) + (zr * pr).sum(1))
        true = k if s.h is s.second else self.curvature(z, zr, s.second)
        y, yr = true.solve(*self.collected(z, zr, -s.third * ti))
        e = self.effects(z, zr, y, yr)
        by_a = s.a - ti * s.ha + e * s.sa
        by_b = None if s.b is None or s.sb is None else added(s.b + e * s.sb, s.hb, -ti)
        u = np.concatenate([self.one[self.index], self.rest[self.columns]], axis=1)
        ys = np.concatenate([y[self.index], yr[self.columns]], axis=1)
        near = np.concatenate([p, pr], axis=1)
        along = (s.first + e * s.second - ti * s.third)[:, None] * u
        along += s.h[:, None] * near + s.first[:, None] * ys
        found, start = [], 0
        for factor in self.problem.factors:
            found.append(factor.z.T @ along[:, start : start + factor.width])
            start += factor.width
        return self.problem.gradient(by_a, by_b, found)


def _near(engine: "Crossed", z: Floats, zr: Floats, k: _Curvature) -> tuple[Floats, Floats]:
    """Return K^-1 z of each cell at its own effects: first factor (n x q), others (n x r)."""
    de_s = k.de @ k.s
    corner = k.d + np.einsum("jqm,jrm->jqr", de_s, k.de)
    index, columns = engine.index, engine.columns
    across = -np.swapaxes(de_s, 1, 2)[index[:, None], columns]
    inner = k.s[columns[:, :, None], columns[:, None, :]]
    one = np.einsum("nqr,nr->nq", corner[index], z) + np.einsum("nmq,nm->nq", across, zr)
    rest = np.einsum("nmq,nq->nm", across, z) + np.einsum("nml,nl->nm", inner, zr)
    return one, rest


def _parted(engine: "Crossed", k: _Curvature) -> list[tuple[Floats, Floats]]:
    found = [(engine.one, k.d + np.einsum("jqm,jrm->jqr", k.de @ k.s, k.de))]
    start = 0
    for factor in engine.problem.factors[1:]:
        size = factor.levels * factor.width
        shape = (factor.levels, factor.width)
        own = k.s[start : start + size, start : start + size].reshape(shape * 2)
        variances = np.einsum("jqjr->jqr", own)
        found.append((engine.rest[start : start + size].reshape(shape), variances))
        start += size
    return found
