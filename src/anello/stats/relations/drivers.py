"""Which themes go with an outcome: shares of explained variance from correlations alone."""

from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
EXACT = 15


@dataclass(frozen=True, slots=True)
class Importance:
    """Shares of R2 among p predictors, in their order.

    `r` raw correlations, `beta` standardised coefficients, `lmg` the Shapley shares (NaN beyond
    15 predictors), `weight` Johnson's relative weights; both sum to `r2`. A predictor can have a
    high share and a negative beta; near-copies divide one share among them.
    """

    r: Array
    beta: Array
    lmg: Array
    weight: Array
    r2: float


def importance(R: Array, r: Array) -> Importance:
    """Return the importance of predictors with correlations R (p x p) and r (p) to the outcome.

    It says what goes with the outcome, never what drives it. Raises ValueError when R is
    singular, as with a predictor that is the sum of others.

    >>> found = importance(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0.6, 0.3]))
    >>> found.lmg.round(2).tolist(), round(found.r2, 2)
    ([0.36, 0.09], 0.45)
    """
    if np.linalg.eigvalsh(R)[0] < 1e-10:
        raise ValueError("the predictors hold copies or sums of one another")
    beta = np.asarray(np.linalg.solve(R, r), dtype=float)
    shares = lmg(R, r) if len(r) <= EXACT else np.full(len(r), np.nan)
    return Importance(r, beta, shares, relative_weights(R, r), float(r @ beta))


def lmg(R: Array, r: Array) -> Array:
    """Return each predictor's increase of R2, averaged over all orders of entry.

    Lindeman, Merenda & Gold (1980); the Shapley value of R2. Cost doubles with each predictor:
    32,768 regressions for 15.
    """
    p = len(r)
    r2 = _all_r2(R, r)
    masks = np.arange(1 << p)
    size = _bits(masks, p).sum(axis=1)
    weight = np.array([1.0 / (p * comb(p - 1, s)) if s < p else 0.0 for s in range(p + 1)])
    shares = np.empty(p)
    for j in range(p):
        without = masks[(masks >> j) & 1 == 0]
        shares[j] = np.sum(weight[size[without]] * (r2[without | (1 << j)] - r2[without]))
    return shares


def relative_weights(R: Array, r: Array) -> Array:
    """Return Johnson's (2000) relative weights: shares through the nearest orthogonal predictors.

    Lambda = R^(1/2) links predictors and their orthogonal twins, beta* = Lambda^-1 r.
    """
    w, Q = np.linalg.eigh(R)
    Lambda = (Q * np.sqrt(w)) @ Q.T
    return np.asarray((Lambda**2) @ np.linalg.solve(Lambda, r) ** 2)


def _bits(masks: NDArray[np.int64], p: int) -> NDArray[np.int64]:
    return (masks[:, None] >> np.arange(p)) & 1


def _all_r2(R: Array, r: Array) -> Array:
    """Return R2 of every subset of predictors, indexed by its bit mask."""
    p = len(r)
    bits = _bits(np.arange(1 << p), p)
    size = bits.sum(axis=1)
    r2 = np.zeros(1 << p)
    for s in range(1, p + 1):
        masks = np.nonzero(size == s)[0]
        chosen = np.nonzero(bits[masks])[1].reshape(len(masks), s)
        some = R[chosen[:, :, None], chosen[:, None, :]]
        right = r[chosen]
        r2[masks] = np.sum(right * np.linalg.solve(some, right[:, :, None])[:, :, 0], axis=1)
    return r2
