"""Clusters whose rows lack some values: what their means say, at the cost of small matrices.

Cluster j has means m_k of n_k rows for each pattern k of present variables, and values z_j of its
own. Given z, the cluster's own part is normal around c_j with covariance B (Sigma_B less what z
explains). With K_k the inverse of the present part of Sigma_W (0 elsewhere), A_j = sum n_k K_k and
a_j = sum n_k K_k (m_k - c_j), Woodbury's formula leaves matrices of p variables only:

    -2 log L_j = sum_k [log|Sigma_W,k| - p_k log n_k + n_k (m_k - c_j)' K_k (m_k - c_j)]
                 + log|I + A_j B| - a_j' C_j a_j
                 + log|Sigma_z| + (z_j - mu_z)' Sigma_z^-1 (z_j - mu_z)

with C_j = (B^-1 + A_j)^-1, the cluster's posterior covariance; B may be singular. Slopes follow
from Fisher's identity: the expected slope of the likelihood with the cluster's part known.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .matrices import Floats, Implied, Ints

MOST = 4_000_000
Slopes = list[tuple[Floats, Floats]]


class Known(NamedTuple):
    """Everything at one point: K by pattern, A, C, R = (A^-1 + B)^-1 by cluster, distances, slopes.

    `e` (K x p) is how far the means are from where the cluster probably is, `h` (J x (q + p)) how
    the deviance falls with the cluster's centre; `inverse` is Sigma_z^-1.
    """

    k: Floats
    beta: Floats
    inverse: Floats
    a: Floats
    c: Floats
    r: Floats
    e: Floats
    h: Floats
    deviance: float


@dataclass(frozen=True, eq=False)
class Shared:
    """K pairs of cluster and pattern in one group of J clusters, sorted by cluster.

    `present` (R x p), `cluster`, `pattern`, `n` (K), `mean` (K x p, zero where missing), `own`
    (J x q). `where` says at which places of (z, y) the variables of the between block stand.
    """

    within: int
    between: int
    where: Ints
    present: Floats
    cluster: Ints
    pattern: Ints
    n: Floats
    mean: Floats
    own: Floats

    def counts(self) -> Floats:
        """Return the rows by cluster and pattern (J x R)."""
        found = np.zeros((len(self.own), len(self.present)))
        found[self.cluster, self.pattern] = self.n
        return found

    def by_cluster(self, pairs: Floats) -> Floats:
        """Return sums (J x p) of what pairs (K x p) say."""
        first = np.searchsorted(self.cluster, np.arange(len(self.own)))
        return np.asarray(np.add.reduceat(pairs, first, axis=0))


class _Moments(NamedTuple):
    """What a cluster's own values explain: centre of (z, y), B, beta, and what z needs alone."""

    centre: Floats
    b: Floats
    beta: Floats
    inverse: Floats
    logdet: float


def _moments(cells: Shared, implied: list[Implied]) -> _Moments:
    q, p = cells.own.shape[1], cells.mean.shape[1]
    wide = np.zeros((q + p, q + p))
    centre = np.zeros(q + p)
    wide[np.ix_(cells.where, cells.where)] = implied[cells.between].sigma
    centre[cells.where] = implied[cells.between].mu
    centre[q:] += implied[cells.within].mu
    low = np.linalg.cholesky(wide[:q, :q])
    inverse = np.linalg.inv(wide[:q, :q])
    beta = inverse @ wide[:q, q:]
    b = wide[q:, q:] - wide[q:, :q] @ beta
    return _Moments(centre, b, beta, inverse, 2 * float(np.log(np.diag(low)).sum()))


def _patterns(cells: Shared, sigma: Floats) -> tuple[Floats, Floats]:
    """Return K (R x p x p) and log|Sigma_W| of the present part of each pattern."""
    both = cells.present[:, :, None] * cells.present[:, None, :]
    filled = sigma * both
    places = np.arange(len(sigma))
    filled[:, places, places] += 1 - cells.present
    low = np.linalg.cholesky(filled)
    logdet = 2 * np.log(np.diagonal(low, axis1=1, axis2=2)).sum(1)
    return np.linalg.inv(filled) * both, logdet


def known(cells: Shared, implied: list[Implied]) -> Known:
    """Return what all figures need; raises LinAlgError where there is no likelihood."""
    q, p = cells.own.shape[1], cells.mean.shape[1]
    own = _moments(cells, implied)
    k, logdet = _patterns(cells, implied[cells.within].sigma)
    z = cells.own - own.centre[:q]
    here = cells.present[cells.pattern]
    d = (cells.mean - (own.centre[q:] + z @ own.beta)[cells.cluster]) * here
    kd = np.einsum("kij,kj->ki", k[cells.pattern], d) * cells.n[:, None]
    a = (cells.counts() @ k.reshape(len(k), -1)).reshape(-1, p, p)
    pulled = cells.by_cluster(kd)
    values, vectors = np.linalg.eigh(a)
    root = vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]
    low = np.linalg.cholesky(np.eye(p) + root.transpose(0, 2, 1) @ own.b @ root)
    inner = np.linalg.solve(low, root.transpose(0, 2, 1))
    r = inner.transpose(0, 2, 1) @ inner
    c = own.b - own.b @ r @ own.b
    u = np.einsum("jab,jb->ja", c, pulled)
    h_y = pulled - np.einsum("jab,jb->ja", a, u)
    h = np.hstack([z @ own.inverse - h_y @ own.beta.T, h_y])
    quadratic = float((d * kd).sum() - (pulled * u).sum() + (z @ own.inverse * z).sum())
    held = cells.present[cells.pattern].sum(1)
    logdets = float(logdet[cells.pattern].sum() - held @ np.log(cells.n))
    logdets += 2 * float(np.log(np.diagonal(low, axis1=1, axis2=2)).sum()) + len(z) * own.logdet
    e = (d - u[cells.cluster]) * here
    return Known(k, own.beta, own.inverse, a, c, r, e, h, quadratic + logdets)


def deviance(cells: Shared, implied: list[Implied]) -> float:
    """Return -2 log L of the means without its constant."""
    return known(cells, implied).deviance


def gradient(cells: Shared, implied: list[Implied], jacobian: Slopes) -> Floats:
    """Return its derivative by every parameter (k)."""
    at = known(cells, implied)
    q = cells.own.shape[1]
    g = _precision(cells, at) - at.h.T @ at.h
    (sigma_b, mu_b), (sigma_w, mu_w) = jacobian[cells.between], jacobian[cells.within]
    h = at.h.sum(0)
    found = np.tensordot(sigma_b, g[np.ix_(cells.where, cells.where)], 2)
    found += np.tensordot(sigma_w, _within(cells, at), 2)
    return np.asarray(found - 2 * (mu_b @ h[cells.where] + mu_w @ h[q:]))


def _precision(cells: Shared, at: Known) -> Floats:
    """Return the sum over clusters of the precision of (z, the cluster's own part)."""
    r = at.r.sum(0)
    top = len(cells.own) * at.inverse + at.beta @ r @ at.beta.T
    return np.block([[top, -at.beta @ r], [-(at.beta @ r).T, r]])


def _spread(cells: Shared, values: Floats) -> Floats:
    """Return sums over pairs of a pattern (R x p x p) of n times a value by cluster."""
    p = cells.mean.shape[1]
    flat = cells.counts().T @ values.reshape(len(values), -1)
    return np.asarray(flat.reshape(-1, p, p))


def _within(cells: Shared, at: Known) -> Floats:
    p, patterns = cells.mean.shape[1], len(cells.present)
    outer = np.zeros((patterns, p, p))
    weighted = at.e * cells.n[:, None]
    for i in range(p):
        for j in range(p):
            outer[:, i, j] = np.bincount(
                cells.pattern, weighted[:, i] * at.e[:, j], minlength=patterns
            )
    outer += _spread(cells, at.c)
    count = np.bincount(cells.pattern, minlength=patterns).astype(float)
    return np.asarray((count[:, None, None] * at.k - at.k @ outer @ at.k).sum(0))


def curvature(cells: Shared, implied: list[Implied], jacobian: Slopes) -> Floats:
    """Return its expected second derivatives (k x k)."""
    at = known(cells, implied)
    q, p = cells.own.shape[1], cells.mean.shape[1]
    (sigma_b, mu_b), (sigma_w, mu_w) = jacobian[cells.between], jacobian[cells.within]
    k = len(sigma_b)
    wide, mean = np.zeros((k, q + p, q + p)), np.zeros((k, q + p))
    wide[:, cells.where[:, None], cells.where] = sigma_b
    mean[:, cells.where] = mu_b
    mean[:, q:] += mu_w
    total = 2 * mean @ _precision(cells, at) @ mean.T
    total += _between_twice(cells, at, wide)
    active = np.flatnonzero(np.abs(sigma_w).sum((1, 2)))
    some = sigma_w[active]
    count = np.bincount(cells.pattern, minlength=len(cells.present)).astype(float)
    y = at.k[:, None] @ some[None] @ at.k[:, None]
    middle = count[:, None, None] * at.k - 2 * at.k @ _spread(cells, at.c) @ at.k
    inner = np.einsum("rab,mbc,rcd,nda->mn", at.k, some, middle, some, optimize=True)
    crossed = np.zeros((len(active), q + p, q + p))
    step = max(1, MOST // max(len(active) * p * p, 1))
    counts = cells.counts()
    for first in range(0, len(cells.own), step):
        piece = slice(first, first + step)
        x = (counts[piece] @ y.reshape(len(y), -1)).reshape(-1, len(active), p, p)
        cx = at.c[piece, None] @ x
        inner += np.einsum("jmab,jnba->mn", cx, cx, optimize=True)
        t = np.eye(p) - at.c[piece] @ at.a[piece]
        n = np.concatenate([-t @ at.beta.T, t], axis=2)
        crossed += np.einsum("jau,jmab,jbv->muv", n, x, n, optimize=True)
    total[np.ix_(active, active)] += (inner + inner.T) / 2
    mixed = crossed.reshape(len(active), -1) @ wide.reshape(k, -1).T
    total[active] += mixed
    total[:, active] += mixed.T
    return np.asarray(total)


def _between_twice(cells: Shared, at: Known, wide: Floats) -> Floats:
    q, size = cells.own.shape[1], wide.shape[1]
    each = np.empty((len(cells.own), size, size))
    crossed = -at.beta @ at.r
    each[:, :q, :q] = at.inverse - crossed @ at.beta.T
    each[:, :q, q:] = crossed
    each[:, q:, :q] = crossed.transpose(0, 2, 1)
    each[:, q:, q:] = at.r
    flat = each.reshape(len(each), -1)
    squared = (flat.T @ flat).reshape(size, size, size, size)
    turned = squared.transpose(1, 3, 2, 0).reshape(size * size, size * size)
    k = len(wide)
    return np.asarray(wide.reshape(k, -1) @ turned @ wide.reshape(k, -1).T)
