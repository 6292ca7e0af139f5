"""Within and between analysis: one correlation taken apart into its two levels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Waba:
    """The parts of a raw correlation of persons in groups.

    raw = eta_b_x eta_b_y r_between + eta_w_x eta_w_y r_within. The two correlations may differ
    many times over, even in sign: neither stands for the other.
    """

    raw: float
    eta_b: tuple[float, float]
    eta_w: tuple[float, float]
    r_between: float
    r_within: float


def waba(n: Array, sums: Array, cross: Array) -> Waba:
    """Return the decomposition from sufficient statistics, no row of a person needed.

    `n` (J) counts persons in each group, `sums` (J x 2) are their sums of x and y, `cross`
    (2 x 2) the cross-products over everybody. Group means weigh by group size (Dansereau, Alutto
    & Yammarino 1984). A side that does not vary at a level gives NaN there.

    >>> n, sums = np.array([2.0, 2.0]), np.array([[3.0, 3.0], [7.0, 7.0]])
    >>> found = waba(n, sums, np.array([[30.0, 28.0], [28.0, 30.0]]))
    >>> found.r_between, found.r_within, round(found.raw, 2)
    (1.0, -1.0, 0.6)
    """
    total, N = sums.sum(axis=0), n.sum()
    T = cross - np.outer(total, total) / N
    B = (sums / n[:, None]).T @ sums - np.outer(total, total) / N
    W = T - B
    eta = np.sqrt(np.clip(np.diag(B) / np.diag(T), 0.0, 1.0))
    rest = np.sqrt(1 - eta**2)
    return Waba(
        _r(T), (float(eta[0]), float(eta[1])), (float(rest[0]), float(rest[1])), _r(B), _r(W)
    )


def _r(C: Array) -> float:
    spread = C[0, 0] * C[1, 1]
    return float(C[0, 1] / np.sqrt(spread)) if spread > 0 else float("nan")
