"""How everything that a mixed model tells moves with each answer, near what was found.

With V = W^-1 + Z G Z' the coefficients are b = (X'V^-1X)^-1 X'V^-1 y. With P = V^-1 - V^-1X
(X'V^-1X)^-1 X'V^-1 the score of a variance whose part of V is G_k is y'P G_k P y / 2, so that the
estimate moves with the answers as P G_k P y does (Harville, 1977, J. Am. Stat. Assoc. 72, 320-338).
For a model of counts y is the working response and W holds the working weights at the estimate.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, hstack
from scipy.sparse.linalg import splu

from ..moments import Floats

Ints = NDArray[np.int64]
NOISE = 1e-10
"""What is left of a pattern after projection below this share of it is rounding."""


@dataclass(frozen=True, eq=False)
class Varied:
    """What varies by one group: `index` (n) says whose row it is, `z` (n x q), `g` (q x q)."""

    label: str
    names: tuple[str, ...]
    index: Ints
    z: Floats
    g: Floats


@dataclass(frozen=True, eq=False)
class Moved:
    """`weighted` is V^-1 X (n x p); each row of `spreads` (n) says how one variance moves.

    `columns` (n) is V^-1 (y - Xb): how the coefficients move when a column, not the answer, does.
    """

    weighted: Floats
    spreads: dict[str, Floats]
    columns: Floats


class Inverse:
    """V^-1 of the rows, applied without ever being written out (Woodbury)."""

    def __init__(self, varied: Sequence[Varied], w: Floats) -> None:
        self.w = w
        self.a = hstack([_rooted(v) for v in varied], format="csr")
        inner = eye_array(self.a.shape[1]) + self.a.T @ (csr_array(self.a.multiply(w[:, None])))
        self.solve = splu(inner.tocsc()).solve

    def __call__(self, right: Floats) -> Floats:
        """Return V^-1 times a vector (n) or a matrix (n x p)."""
        scaled = right * (self.w if right.ndim == 1 else self.w[:, None])
        inside = self.a @ self.solve(np.asarray(self.a.T @ scaled))
        return np.asarray(scaled - inside * (self.w if right.ndim == 1 else self.w[:, None]))


def _rooted(v: Varied) -> csr_array:
    """Return Z times a root of G, one column for each effect of each level of the group."""
    size, vectors = np.linalg.eigh(v.g)
    parts = v.z @ (vectors * np.sqrt(np.maximum(size, 0.0)))
    n, q = parts.shape
    places = (v.index[:, None] * q + np.arange(q)).ravel()
    shape = (n, (int(v.index.max()) + 1) * q)
    return csr_array((parts.ravel(), (np.repeat(np.arange(n), q), places)), shape=shape)


def moved(x: Floats, varied: Sequence[Varied], w: Floats, left: Floats, residual: bool) -> Moved:
    """Return how what is told of a fit moves with the answers.

    `w` (n) is one over the variance of a row by itself and `left` (n) the response minus X b. The
    variance of a row is told too when `residual`.

    >>> group = Varied("shop", ("(Intercept)",), np.array([0, 0, 1, 1]), np.ones((4, 1)),
    ...                np.array([[1.0]]))
    >>> found = moved(np.ones((4, 1)), [group], np.ones(4), np.array([2.0, 1, -1, -2]), False)
    >>> found.weighted.ravel().round(3).tolist()
    [0.333, 0.333, 0.333, 0.333]
    >>> found.spreads["shop"].round(3).tolist()
    [0.333, 0.333, -0.333, -0.333]
    """
    inverse = Inverse(varied, w)
    weighted, u = inverse(x), inverse(left)
    phi = np.linalg.pinv(x.T @ weighted)

    patterns = [pair for one in varied for pair in _patterns(one, u)]
    if residual:
        patterns.append(("residual", u))
    spreads: dict[str, Floats] = {}
    for name, v in patterns:
        whole = inverse(v)
        part = np.asarray(whole - weighted @ (phi @ (weighted.T @ v)), np.float64)
        if np.abs(part).max(initial=0.0) > NOISE * np.abs(whole).max(initial=0.0):
            spreads[name] = part
    return Moved(weighted, spreads, u)


def _patterns(one: Varied, u: Floats) -> list[tuple[str, Floats]]:
    """Return G_k P y for each variance and covariance of one group."""
    count, q = int(one.index.max()) + 1, len(one.names)
    sums = [np.bincount(one.index, one.z[:, i] * u, count)[one.index] for i in range(q)]
    found = []
    for i in range(q):
        for j in range(i + 1):
            both = one.z[:, i] * sums[j] + (one.z[:, j] * sums[i] if i != j else 0.0)
            names = (
                ""
                if q == 1
                else f" {one.names[j]}, {one.names[i]}"
                if i != j
                else (f" {one.names[i]}")
            )
            found.append((f"{one.label}{names}", np.asarray(both, np.float64)))
    return found
