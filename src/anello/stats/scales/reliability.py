"""Reliability of a scale from the covariances of its items: alpha, omega, disattenuation.

Letters: J items with covariance matrix S of shape (J, J), lambda loadings, psi unique variances.
All of them speak of differences between *people*; how reliable a *unit's mean* is, ICC(2) says.
"""

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

Array = NDArray[np.float64]

NAN = float("nan")
LEAST_UNIQUE = 0.005
"""The smallest unique share of an item's variance that is allowed, as in most programs."""


def covariance(n: float, sums: ArrayLike, products: ArrayLike) -> Array:
    """Return S (divisor n - 1) from n, the sums (J,) and the cross-products (J, J) of the items.

    A constant may have been subtracted from each item before. NaN below two people.

    >>> covariance(3, [6, 6], [[14, 10], [10, 14]])
    array([[ 1., -1.],
           [-1.,  1.]])
    """
    total, cross = np.asarray(sums, dtype=float), np.asarray(products, dtype=float)
    if n < 2:
        return np.full_like(cross, NAN)
    return np.asarray((cross - np.outer(total, total) / n) / (n - 1))


def alpha(s: ArrayLike) -> float:
    """Return Cronbach's alpha = J / (J - 1) (1 - tr S / 1'S1) (Cronbach 1951).

    A lower bound of the reliability of the sum. Negative when an item was not turned. NaN for one
    item, or when the sum does not vary. Give correlations to get the standardised alpha.

    >>> round(alpha([[1.0, 0.5, 0.5], [0.5, 1.0, 0.5], [0.5, 0.5, 1.0]]), 4)
    0.75
    """
    matrix = np.asarray(s, dtype=float)
    items, total = len(matrix), float(matrix.sum())
    if items < 2 or not total > 0:
        return NAN
    return items / (items - 1) * (1 - float(np.trace(matrix)) / total)


def omega(s: ArrayLike) -> float:
    """Return McDonald's omega total of one factor = 1 - sum psi / 1'S1 (McDonald 1999).

    The factor is fitted by maximum likelihood; unlike alpha, the items may load unequally.
    The variance of the sum is the observed one (as in R's psych; programs that put the implied
    one below differ as much as one factor misfits). NaN below three items, where one factor can
    always be made to fit, and when S is singular or the fit does not converge.

    >>> round(omega([[1.0, 0.5, 0.5], [0.5, 1.0, 0.5], [0.5, 0.5, 1.0]]), 4)
    0.75
    """
    matrix = np.asarray(s, dtype=float)
    if len(matrix) < 3 or not np.isfinite(matrix).all() or not matrix.sum() > 0:
        return NAN
    variances = np.diag(matrix)
    if variances.min() <= 0:
        return NAN
    sd = np.sqrt(variances)
    unique = _unique_shares(matrix / np.outer(sd, sd))
    return NAN if unique is None else 1 - float(unique @ variances) / float(matrix.sum())


def disattenuate(r: float, rxx: float, ryy: float) -> float:
    """Return r / sqrt(rxx ryy): what a correlation might be without noise (Spearman 1904).

    Show it beside r, never instead, and never correct a p-value. For unit means the reliabilities
    are ICC(2). Above 1 the reliabilities are too low to be true; NaN when one is 0 or below.

    >>> round(disattenuate(0.20, 0.80, 0.60), 7)
    0.2886751
    """
    return r / sqrt(rxx * ryy) if rxx > 0 and ryy > 0 else NAN


def _unique_shares(r: Array) -> Array | None:
    """Return psi of one ML factor of a correlation matrix, by the profile of Joreskog (1967)."""
    if np.linalg.eigvalsh(r)[0] <= 1e-10:
        return None
    start = np.log(np.clip(0.5 / np.diag(np.linalg.inv(r)), LEAST_UNIQUE, 1.0))
    found = optimize.minimize(
        _discrepancy,
        start,
        args=(r,),
        jac=True,
        method="L-BFGS-B",
        bounds=[(np.log(LEAST_UNIQUE), 0.0)] * len(r),
        options={"maxiter": 2000, "ftol": 1e-15, "gtol": 1e-9},
    )
    stuck = not found.success and np.abs(found.jac).max() > 1e-4
    return None if stuck else np.exp(np.asarray(found.x))


def _discrepancy(log_psi: Array, r: Array) -> tuple[float, Array]:
    """Return F(psi) with the loadings at their best, and its gradient in log psi."""
    psi = np.exp(log_psi)
    values, vectors = np.linalg.eigh(r / np.sqrt(np.outer(psi, psi)))
    rest = values[:-1]
    loadings = np.sqrt(psi * max(values[-1] - 1.0, 0.0)) * vectors[:, -1]
    f = float((rest - np.log(rest) - 1).sum())
    return f, np.asarray((loadings**2 + psi - np.diag(r)) / psi)
