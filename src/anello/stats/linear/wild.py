"""The wild cluster bootstrap: an honest p where there are only some tens of clusters."""

import numpy as np
from numpy.typing import NDArray

from .ols import Regression, ols

Array = NDArray[np.float64]
WEBB = np.array([-np.sqrt(1.5), -1.0, -np.sqrt(0.5), np.sqrt(0.5), 1.0, np.sqrt(1.5)])


def wild_p(
    fit: Regression, cluster: NDArray[np.int64], column: int, seed: int, draws: int = 999
) -> float:
    """Return the two-sided bootstrap p of coefficient `column` being zero.

    The null is imposed (residuals come from the fit without the column) and whole clusters are
    turned by Webb's six-point weights, which still give many distinct draws with ten clusters
    (Cameron, Gelbach & Miller 2008; Webb 2014). As in `cr2`, effects of clusters may have been
    taken out of X and y; effects that cut across clusters stand in X. The same seed gives the
    same p; ties count as exceeding.

    >>> X = np.column_stack([np.ones(12), np.arange(12.0)])
    >>> fit = ols(X, np.arange(12.0) + np.tile([0.5, -0.5], 6))
    >>> wild_p(fit, np.arange(12), 1, seed=1) < 0.01
    True
    """
    X, y = fit.X, fit.X @ fit.b + fit.e
    others = np.delete(X, column, axis=1)
    left = ols(others, y).e if others.shape[1] else y
    fitted = y - left
    J = int(cluster.max()) + 1
    rng = np.random.default_rng(seed)
    weights = rng.choice(WEBB, size=(draws, J))
    observed = abs(_t(fit, y[None, :], cluster, column)[0])
    drawn = np.abs(_t(fit, fitted + left * weights[:, cluster], cluster, column))
    return float((1 + np.sum(drawn >= observed - 1e-12)) / (draws + 1))


def _t(fit: Regression, Y: Array, cluster: NDArray[np.int64], column: int) -> Array:
    """Return t with plain cluster errors (CR0) for each row of Y (draws x n)."""
    b = Y @ fit.X @ fit.M
    e = Y - b @ fit.X.T
    score = e * (fit.X @ fit.M[:, column])
    J = int(cluster.max()) + 1
    member = np.zeros((len(cluster), J))
    member[np.arange(len(cluster)), cluster] = 1.0
    se = np.sqrt(np.sum((score @ member) ** 2, axis=1))
    return np.asarray(b[:, column] / np.maximum(se, np.finfo(float).tiny))
