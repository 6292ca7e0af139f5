"""The profiled log-likelihood of a linear mixed model and its gradient, from sums per group.

After Bates, Maechler, Bolker & Walker (2015), J. Stat. Softw. 67(1), section 3.4, with one grouping
factor, so that everything falls into one q x q problem for each group. Letters of that paper:

    y, X (p columns), beta   outcome, fixed columns and their effects
    Z (q columns), b         varying columns and their effects, b = Lambda u, u ~ N(0, sigma^2 I)
    Lambda                   relative covariance factor, lower triangular, filled from theta
    L_j                      Cholesky factor of Lambda' Z_j'Z_j Lambda + I

Arrays over the J groups have J as their last axis: loops run over q, and over batches of groups
that stay in the processor's cache.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from anello.model.errors import ModelError

from ..moments import Floats

BATCH = 4096


@dataclass(frozen=True, eq=False)
class Sums:
    """What the likelihood reads: `zz` (q x q x J), `zx` (q x (p+1) x J), `xx` ((p+1) x (p+1)).

    The last column of `zx` and `xx` is the outcome. `rows` and `columns` say where the entries of
    theta stand in Lambda; `n` counts rows.
    """

    zz: Floats
    zx: Floats
    xx: Floats
    n: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    reml: bool

    @property
    def p(self) -> int:
        """Return the number of fixed effects."""
        return len(self.xx) - 1

    @property
    def freedom(self) -> int:
        """Return the denominator of the profiled residual variance: n, or n - p under REML."""
        return self.n - self.p if self.reml else self.n

    def factor(self, theta: Floats) -> Floats:
        """Return Lambda (q x q)."""
        factor = np.zeros(self.zz.shape[:2])
        factor[self.rows, self.columns] = theta
        return factor


@dataclass(frozen=True, eq=False)
class Point:
    """The likelihood at one theta: `deviance` = -2 log L (profiled) with its `gradient`.

    `r` is the Cholesky factor of X'V^-1X (sigma = 1), `beta` (p) its solution, `rss` the penalised
    residual sum of squares; `d_rss` (m) and `d_xvx` (m x p x p) their derivatives by theta.
    """

    theta: Floats
    deviance: float
    gradient: Floats
    r: Floats
    beta: Floats
    rss: float
    d_rss: Floats
    d_xvx: Floats


def point(sums: Sums, theta: Floats) -> Point:
    """Return the likelihood and its gradient at `theta`; numpy's `LinAlgError` if X is singular."""
    p1, m = sums.zx.shape[1], len(theta)
    factor = sums.factor(theta)
    explained, d_left, d_logdet = np.zeros((p1, p1)), np.zeros((m, p1, p1)), np.zeros(m)
    logdet = 0.0
    for start in range(0, sums.zz.shape[2], BATCH):
        zz, zx = sums.zz[:, :, start : start + BATCH], sums.zx[:, :, start : start + BATCH]
        fz, fx = _times(factor, zz), _times(factor, zx)
        low = cholesky(_inner(fz, factor))
        half = forward(low, fx)
        w = backward(low, half)
        v = backward(low, forward(low, fz))
        e = _residual(zx, fz, w)
        logdet += 2 * sum(float(np.log(low[i, i]).sum()) for i in range(len(low)))
        for u in half:
            explained += u @ u.T
        for k, (a, b) in enumerate(zip(sums.rows, sums.columns, strict=True)):
            d_left[k] -= e[a] @ w[b].T
            d_logdet[k] += 2 * v[b, a].sum()
    d_left += d_left.transpose(0, 2, 1).copy()
    return assembled(sums, theta, sums.xx - explained, d_left, d_logdet, logdet)


class Profiled(Protocol):
    """What the profiled likelihood needs to know of a problem, whatever its groups."""

    @property
    def p(self) -> int:
        """Return the number of fixed effects."""
        ...

    @property
    def freedom(self) -> int:
        """Return n, or n - p under REML."""
        ...

    @property
    def reml(self) -> bool:
        """Return whether the likelihood is the restricted one."""
        ...


def assembled(
    sums: Profiled, theta: Floats, left: Floats, d_left: Floats, d_logdet: Floats, logdet: float
) -> Point:
    """Return the point from what the groups summed to: `left` is X'V^-1X, bordered by y."""
    p, f = sums.p, sums.freedom
    r = np.asarray(np.linalg.cholesky(left[:p, :p]), dtype=np.float64)
    half = np.linalg.solve(r, left[:p, p])
    beta = np.linalg.solve(r.T, half)
    rss = float(left[p, p] - half @ half)
    if not rss > 0:
        raise ModelError(
            "The predictors and groups tell the outcome exactly, so there is no noise to estimate; "
            "look whether a column was made from the others."
        )
    at = np.append(-beta, 1.0)
    d_rss = np.einsum("a,mab,b->m", at, d_left, at)
    d_xvx = d_left[:, :p, :p]
    if sums.reml:
        logdet += 2 * float(np.log(np.diag(r)).sum())
        d_logdet = d_logdet + np.einsum("ab,mab->m", np.linalg.inv(r @ r.T), d_xvx)
    deviance = float(logdet + f * (1 + np.log(2 * np.pi * rss / f)))
    gradient = d_logdet + f / rss * d_rss
    return Point(theta, deviance, gradient, r, beta, rss, d_rss, d_xvx)


def _times(factor: Floats, b: Floats) -> Floats:
    """Return Lambda' b for each group, skipping what is zero above Lambda's diagonal."""
    product = np.empty_like(b)
    for c in range(len(factor)):
        np.multiply(b[c], factor[c, c], out=product[c])
        for a in range(c + 1, len(factor)):
            if factor[a, c]:
                product[c] += factor[a, c] * b[a]
    return product


def _inner(fz: Floats, factor: Floats) -> Floats:
    """Return the lower half of Lambda' Z'Z Lambda + I, given fz = Lambda' Z'Z."""
    m = np.empty_like(fz)
    for d in range(len(factor)):
        for c in range(d, len(factor)):
            m[c, d] = fz[c, d] * factor[d, d]
            for a in range(d + 1, len(factor)):
                if factor[a, d]:
                    m[c, d] += fz[c, a] * factor[a, d]
        m[d, d] += 1
    return m


def _residual(zx: Floats, fz: Floats, w: Floats) -> Floats:
    """Return Z'(X - Z Lambda w) for each group."""
    e = zx.copy()
    for a in range(len(fz)):
        for c in range(len(fz)):
            e[a] -= fz[c, a] * w[c]
    return e


def cholesky(m: Floats) -> Floats:
    """Return the lower Cholesky factors of J small matrices at once (q x q x J).

    What stands above the diagonal is neither read nor written.
    """
    low = np.empty_like(m)
    for j in range(len(m)):
        inner = m[j, j].copy()
        for k in range(j):
            inner -= low[j, k] ** 2
        np.sqrt(inner, out=low[j, j])
        for i in range(j + 1, len(m)):
            inner = m[i, j].copy()
            for k in range(j):
                inner -= low[i, k] * low[j, k]
            np.divide(inner, low[j, j], out=low[i, j])
    return low


def forward(low: Floats, b: Floats) -> Floats:
    """Solve L x = b for J small factors at once; b is q x c x J."""
    x = b.copy()
    for i in range(len(low)):
        for k in range(i):
            x[i] -= low[i, k] * x[k]
        x[i] /= low[i, i]
    return x


def backward(low: Floats, b: Floats) -> Floats:
    """Solve L' x = b for J small factors at once; b is q x c x J."""
    x = b.copy()
    for i in reversed(range(len(low))):
        for k in range(i + 1, len(low)):
            x[i] -= low[k, i] * x[k]
        x[i] /= low[i, i]
    return x


def expected(sums: Sums, here: Point) -> Floats:
    """Return theta after one EM step: quick far from the optimum, where Newton's steps are wild.

    Lambda S Lambda' with S the mean over groups of u u' / sigma^2 + (Lambda'Z'Z Lambda + I)^-1
    (Laird & Ware, 1982, Biometrics 38, eq. 4.3, in units of sigma).
    """
    q, at = len(sums.zz), np.append(-here.beta, 1.0)
    factor = sums.factor(here.theta)
    s = np.zeros((q, q))
    for start in range(0, sums.zz.shape[2], BATCH):
        zz, zx = sums.zz[:, :, start : start + BATCH], sums.zx[:, :, start : start + BATCH]
        fz = _times(factor, zz)
        low = cholesky(_inner(fz, factor))
        fy = np.tensordot(_times(factor, zx), at, (1, 0))[:, None]
        u = backward(low, forward(low, fy))[:, 0]
        inverse = backward(low, forward(low, np.repeat(np.eye(q)[:, :, None], u.shape[1], axis=2)))
        s += u @ u.T * sums.freedom / here.rss + inverse.sum(axis=2)
    g = factor @ (s / sums.zz.shape[2]) @ factor.T
    within = np.zeros((q, q))
    within[sums.rows, sums.columns] = within[sums.columns, sums.rows] = 1
    found: Floats = np.linalg.cholesky(g * within)[sums.rows, sums.columns]
    return found
