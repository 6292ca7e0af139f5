"""Effect sizes of single studies with their sampling variances, ready to be pooled.

Letters: r a correlation, n its sample size; a, b, c, d the counts of a two-by-two table with the
treated in the first row (a events, b others) and the controls in the second (c events, d others).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from anello.model.errors import ModelError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """One number per study: `y` the effect, `v` its sampling variance; shapes (k,)."""

    y: Array
    v: Array


def correlation(r: ArrayLike, n: ArrayLike) -> Effects:
    """Return correlations as they are, v = (1 - r^2)^2 / (n - 1).

    The variance depends on r itself, so strong correlations get more weight than they should;
    Fisher's z has no such pull. Raises `ModelError` for |r| >= 1 or n below 3.

    >>> round(float(correlation([0.5], [101]).v[0]), 6)
    0.005625
    """
    r_, n_ = _checked(r, n, fewest=3)
    return Effects(r_, (1 - r_**2) ** 2 / (n_ - 1))


def fisher_z(r: ArrayLike, n: ArrayLike) -> Effects:
    """Return Fisher's z = artanh(r), v = 1 / (n - 3) (Fisher 1921).

    >>> round(float(fisher_z([0.5], [103]).y[0]), 6)
    0.549306
    """
    r_, n_ = _checked(r, n, fewest=4)
    return Effects(np.arctanh(r_), 1 / (n_ - 3))


def z_to_r(z: ArrayLike) -> Array:
    """Return tanh(z), the correlation that belongs to a Fisher z."""
    return np.asarray(np.tanh(np.asarray(z, dtype=float)))


def log_risk_ratio(a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike) -> Effects:
    """Return log[(a / (a + b)) / (c / (c + d))], v = 1/a - 1/(a+b) + 1/c - 1/(c+d).

    Half a case is added to each count of a study that has an empty one, and only there. A ratio
    is not a difference: a risk of 2 in 1,000 against 1 in 1,000 is log 2 as well.

    >>> round(float(log_risk_ratio([4], [119], [11], [128]).y[0]), 4)
    -0.8893
    """
    a_, b_, c_, d_ = _counts(a, b, c, d)
    treated, control = a_ + b_, c_ + d_
    y = np.log(a_ / treated) - np.log(c_ / control)
    return Effects(y, 1 / a_ - 1 / treated + 1 / c_ - 1 / control)


def log_odds_ratio(a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike) -> Effects:
    """Return log[(a d) / (b c)], v = 1/a + 1/b + 1/c + 1/d (Woolf 1955), halves as above."""
    a_, b_, c_, d_ = _counts(a, b, c, d)
    return Effects(np.log(a_ * d_ / (b_ * c_)), 1 / a_ + 1 / b_ + 1 / c_ + 1 / d_)


def disattenuated(r: float, rxx: float, ryy: float) -> float:
    """Return r / sqrt(rxx ryy), what r might be without noise in either measure (Spearman 1904).

    It is shown beside r, never instead, and no p-value is ever corrected.

    >>> round(disattenuated(0.20, 0.80, 0.60), 7)
    0.2886751
    """
    return r / float(np.sqrt(rxx * ryy))


UPPER_QUARTILE = float(np.exp(-(ndtri(0.75) ** 2) / 2) / np.sqrt(2 * np.pi) / 0.25)


def quartile_gap(r: float) -> float:
    """Return how many SDs of the outcome lie between the top and the bottom quartile.

    2 x 1.2711 x r: the mean of a normal variable above its upper quartile is phi(.6745) / .25 =
    1.2711. It holds only if both variables are normal and the link is a straight line. Backwards
    it needs the outcome's SD: a published "+10 %" between quartiles is no slope.

    >>> round(quartile_gap(0.33), 2), round(quartile_gap(0.20), 2)
    (0.84, 0.51)
    """
    return 2 * UPPER_QUARTILE * r


def _checked(r: ArrayLike, n: ArrayLike, fewest: int) -> tuple[Array, Array]:
    r_, n_ = np.asarray(r, dtype=float), np.asarray(n, dtype=float)
    for study in np.flatnonzero(~(np.abs(r_) < 1))[:1]:
        raise ModelError(
            "Study {study}: a correlation lies between -1 and 1; {value} does not.",
            study=int(study) + 1,
            value=float(r_[study]),
        )
    for study in np.flatnonzero(~(n_ >= fewest))[:1]:
        raise ModelError(
            "Study {study}: its sample size must be at least {fewest}; it is {value}.",
            study=int(study) + 1,
            fewest=fewest,
            value=float(n_[study]),
        )
    return r_, n_


def _counts(*counts: ArrayLike) -> tuple[Array, ...]:
    table = np.array([np.asarray(x, dtype=float) for x in counts])
    bad = ~(table >= 0).all(axis=0) | (table[:2].sum(axis=0) <= 0) | (table[2:].sum(axis=0) <= 0)
    for study in np.flatnonzero(bad)[:1]:
        raise ModelError(
            "Study {study}: counts cannot be negative or missing, and both groups need people.",
            study=int(study) + 1,
        )
    halves = table + 0.5 * (table == 0).any(axis=0)
    return tuple(halves)
