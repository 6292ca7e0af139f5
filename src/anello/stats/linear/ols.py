"""Ordinary least squares, with everything that robust errors need later."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Regression:
    """A fitted regression of y (n) on X (n x p).

    `b` coefficients, `e` residuals, `M` the (pseudo-)inverse of X'X, `rank` of X. `df` is n -
    rank minus what was absorbed before; `vcov` is the classical one, right only when rows are
    independent with equal spread.
    """

    X: Array
    b: Array
    e: Array
    M: Array
    rank: int
    df: int

    @property
    def vcov(self) -> Array:
        """Return the classical covariance matrix of `b`."""
        return np.asarray(self.M * (self.e @ self.e) / self.df)

    @property
    def se(self) -> Array:
        """Return the classical standard errors of `b`."""
        return np.sqrt(np.diag(self.vcov))


def ols(X: Array, y: Array, absorbed: int = 0) -> Regression:
    """Fit y on X by least squares.

    X holds its own intercept. Columns that say the same thing share their coefficient (smallest
    norm), so read a coefficient only where its column is free of the others. `absorbed` counts
    effects taken out of X and y beforehand. Raises ValueError when there are fewer rows than
    coefficients.

    >>> fit = ols(np.array([[1.0, 0], [1, 1], [1, 2]]), np.array([1.0, 3, 5]))
    >>> fit.b.round(6).tolist()
    [1.0, 2.0]
    """
    n = len(y)
    scale = np.sqrt(np.sum(X**2, axis=0))
    scale[scale == 0] = 1.0
    Z = X / scale
    U, s, Vt = np.linalg.svd(Z, full_matrices=False)
    kept = s > s[0] * max(Z.shape) * 1e-13
    U, s, Vt = U[:, kept], s[kept], Vt[kept]
    rank = int(kept.sum())
    if n < rank + absorbed:
        raise ValueError(f"{n} rows cannot settle {rank + absorbed} coefficients")
    b = Vt.T @ ((U.T @ y) / s) / scale
    M = (Vt.T / s**2) @ Vt / np.outer(scale, scale)
    return Regression(X, b, y - X @ b, M, rank, n - rank - absorbed)
