"""Many balanced panels at once: the slope with its CR2 error and Satterthwaite degrees of freedom.

Every unit has every wave, so unit and wave effects come out by subtraction and CR2 (see
`linear.cr2`) has a closed form. Letters: R draws, J units, T waves; x and y R x J x T with unit
and wave means out; s_j = |x_j|^2, S = sum s_j. With P the projection on what waves can differ in,
H_j = P / J + x_j x_j' / S, so A_j x_j = x_j / sqrt(1 - 1/J - s_j / S).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Slopes:
    """One slope for each draw: estimate, CR2 error, degrees of freedom, and the two spreads."""

    estimate: Array
    se: Array
    df: Array
    sd_source: Array
    sd_target: Array


def between(x: Array, y: Array) -> Slopes:
    """Return the slopes over unit means, x and y R x J: each unit once, HC2, Bell-McCaffrey df."""
    return _slopes(
        (x - x.mean(axis=1, keepdims=True))[..., None],
        (y - y.mean(axis=1, keepdims=True))[..., None],
    )


def within(x: Array, y: Array) -> Slopes:
    """Return the slopes inside units over time, x and y R x J x T; unit and wave effects out.

    At least two waves and three units; the same as one fit after another to rounding.
    """
    return _slopes(_demeaned(x), _demeaned(y))


def _demeaned(v: Array) -> Array:
    v = v - v.mean(axis=2, keepdims=True)
    return np.asarray(v - v.mean(axis=1, keepdims=True))


def _slopes(x: Array, y: Array) -> Slopes:
    J, cells = x.shape[1], x.shape[1] * x.shape[2]
    s = np.einsum("rjt,rjt->rj", x, x)
    S = s.sum(axis=1)
    b = np.einsum("rjt,rjt->r", x, y) / S
    left = np.maximum(1 - 1 / J - s / S[:, None], 1e-10)
    a = x / (S[:, None] * np.sqrt(left))[..., None]
    e = y - b[:, None, None] * x
    variance = np.sum(np.einsum("rjt,rjt->rj", a, e) ** 2, axis=1)
    d, alpha = np.einsum("rjt,rjt->rj", a, a), np.einsum("rjt,rjt->rj", x, a)
    own = d * (s / S[:, None] + 1 / J)
    sums, crossed = np.einsum("rj,rjt->rt", alpha, a), np.einsum("rjt,rju->rtu", a, a)
    squared = np.sum(alpha**2, axis=1) ** 2 / S**2 + np.sum(crossed**2, axis=(1, 2)) / J**2
    squared = squared + 2 * np.sum(sums**2, axis=1) / (S * J)
    mean = d.sum(axis=1) - own.sum(axis=1)
    # One unit's own part of the sum of squared covariances: h_j' M h_j is its share in M S.
    spread = np.sum(d**2, axis=1) - 2 * np.sum(d * own, axis=1) + squared
    sd = [np.sqrt(np.einsum("rjt,rjt->r", v, v) / (cells - 1)) for v in (x, y)]
    return Slopes(b, np.sqrt(variance), mean**2 / spread, sd[0], sd[1])
