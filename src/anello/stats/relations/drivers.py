"""Which themes go with an outcome: shares of explained variance from correlations alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .subsets import shares

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
    found = lmg(R, r) if len(r) <= EXACT else np.full(len(r), np.nan)
    return Importance(r, beta, found, relative_weights(R, r), float(r @ beta))


def lmg(R: Array, r: Array) -> Array:
    """Return each predictor's increase of R2, averaged over all orders of entry.

    Lindeman, Merenda & Gold (1980); the Shapley value of R2. Cost doubles with each predictor:
    32,768 regressions for 15.
    """
    return shares(beside(R, r)[:, :, None], (1,) * len(r))[:, 0]


def beside(R: Array, r: Array) -> Array:
    """Return the correlations of predictors and outcome as one matrix, the outcome last."""
    return np.block([[R, r[:, None]], [r[None, :], np.ones((1, 1))]])


def relative_weights(R: Array, r: Array) -> Array:
    """Return Johnson's (2000) relative weights: shares through the nearest orthogonal predictors.

    Lambda = R^(1/2) links predictors and their orthogonal twins, beta* = Lambda^-1 r.
    """
    w, Q = np.linalg.eigh(R)
    Lambda = (Q * np.sqrt(w)) @ Q.T
    return np.asarray((Lambda**2) @ np.linalg.solve(Lambda, r) ** 2)
