"""Cluster-robust errors for few clusters: CR2 and Satterthwaite degrees of freedom.

Letters as in Pustejovsky & Tipton (2018), J. Bus. Econ. Stat. 36(4), eqs. 4-11, with the working
model of equal, independent errors: X_j rows of cluster j, M = (X'X)^-1, A_j the adjustment, e_j
residuals. With one row in each cluster it is HC2 with Bell & McCaffrey's (2002) degrees of freedom.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .ols import Regression

Array = NDArray[np.float64]
CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class Robust:
    """The robust standard error of c'b and its Satterthwaite degrees of freedom."""

    se: float
    df: float


def cr2(fit: Regression, cluster: NDArray[np.int64], c: Array) -> Robust:
    """Return the CR2 standard error and degrees of freedom of the contrast c'b.

    `cluster` codes the rows 0..J-1. Effects of the clusters themselves may have been taken out
    of X and y beforehand (their Theorem 2); effects that cut across clusters, such as waves,
    must stand in X as columns. Fewer than about 4 degrees of freedom: a few clusters carry the
    contrast and the error is not to be trusted.

    >>> from anello.stats.linear.ols import ols
    >>> X = np.column_stack([np.ones(4), [0.0, 1, 2, 3]])
    >>> robust = cr2(ols(X, np.array([0.0, 2, 1, 3])), np.arange(4), np.array([0.0, 1.0]))
    >>> round(robust.se, 4), round(robust.df, 4)
    (0.2777, 1.5077)
    """
    order = np.argsort(cluster, kind="stable")
    sizes = np.bincount(cluster)
    starts = np.cumsum(sizes) - sizes
    p = fit.X.shape[1]
    variance, trace, S, cross, squares = 0.0, 0.0, np.zeros((p, p)), 0.0, 0.0
    for rows in blocks(order, starts, sizes):
        a, h = _adjusted(fit.X[rows], fit.M, c)
        d = np.sum(a**2, axis=1)
        variance += float(np.sum(np.sum(a * fit.e[rows], axis=1) ** 2))
        trace += float(np.sum(d))
        squares += float(np.sum(d**2))
        cross += float(np.sum(d * np.sum((h @ fit.M) * h, axis=1)))
        S += h.T @ h
    MS = fit.M @ S
    mean = trace - float(np.trace(MS))
    spread = squares - 2 * cross + float(np.sum(MS * MS.T))
    df = mean**2 / spread if spread > 0 else 0.0
    return Robust(float(np.sqrt(variance)), df)


def _adjusted(X: Array, M: Array, c: Array) -> tuple[Array, Array]:
    """Return a_j = A_j X_j M c (K x m) and h_j = X_j' a_j (K x p) for K clusters of m rows."""
    B = np.eye(X.shape[1]) - X @ M @ X.transpose(0, 2, 1)
    w, Q = np.linalg.eigh(B)
    root = np.where(w > 1e-10, 1 / np.sqrt(np.maximum(w, 1e-10)), 0.0)
    Xc = X @ (M @ c)
    a = np.einsum("kij,kj,klj,kl->ki", Q, root, Q, Xc, optimize=True)
    return a, np.einsum("ki,kip->kp", a, X)


def blocks(
    order: NDArray[np.int64], starts: NDArray[np.int64], sizes: NDArray[np.int64]
) -> list[NDArray[np.int64]]:
    """Return row numbers as K x m blocks: clusters of one size together, within memory.

    `order` sorts the rows by cluster; `starts` and `sizes` say where each cluster lies in it.
    """
    found = []
    for m in np.unique(sizes[sizes > 0]):
        first = starts[sizes == m]
        step = max(1, CELLS // int(m) ** 2)
        for i in range(0, len(first), step):
            found.append(order[first[i : i + step, None] + np.arange(m)])
    return found
