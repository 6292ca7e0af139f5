"""What one cluster does to a coefficient: the fit without it, without fitting again."""

import numpy as np
from numpy.typing import NDArray

from .cr2 import blocks
from .ols import Regression

Array = NDArray[np.float64]


def without_each(fit: Regression, cluster: NDArray[np.int64], column: int) -> Array:
    """Return coefficient `column` of the fit without each cluster 0..J-1 in turn, exactly.

    b - M X_j' (I - H_j)^-1 e_j (Belsley, Kuh & Welsch 1980, for blocks of rows). Effects of the
    clusters may have been taken out of X and y beforehand. A cluster that alone settles some
    coefficient leaves the smallest-norm answer there.

    >>> from anello.stats.linear.ols import ols
    >>> X, y = np.ones((3, 1)), np.array([1.0, 2.0, 6.0])
    >>> without_each(ols(X, y), np.arange(3), 0).round(6).tolist()
    [4.0, 3.5, 1.5]
    """
    out = np.empty(int(cluster.max()) + 1)
    sizes = np.bincount(cluster)
    order = np.argsort(cluster, kind="stable")
    for rows in blocks(order, np.cumsum(sizes) - sizes, sizes):
        X, e = fit.X[rows], fit.e[rows]
        kept = np.eye(rows.shape[1]) - X @ fit.M @ X.transpose(0, 2, 1)
        inflated = np.linalg.pinv(kept, rcond=1e-10, hermitian=True) @ e[:, :, None]
        change = (X @ fit.M[column])[:, None, :] @ inflated
        out[cluster[rows[:, 0]]] = fit.b[column] - change[:, 0, 0]
    return out
