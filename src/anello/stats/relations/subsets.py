"""The R2 of every subset of predictors at once, and the Shapley shares that follow from it.

Each predictor is swept once for all subsets that share what came before it (the tree of Furnival
1971), so a subset costs a handful of operations and many correlation matrices go side by side.
"""

from collections.abc import Sequence
from functools import cache
from math import comb

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ROOM = 1 << 18


def all_r2(C: Array, sizes: Sequence[int]) -> Array:
    """Return R2 of every subset of players, 2^G x N, indexed by bit mask (player k has bit k).

    `C` are N correlation matrices, (p + 1) x (p + 1) x N, the outcome last. A player is one
    predictor, or several neighbours that enter together (the columns of a factor, near-copies);
    `sizes` says how many columns each has, in order.

    >>> C = np.array([[1.0, 0.0, 0.6], [0.0, 1.0, 0.3], [0.6, 0.3, 1.0]])[:, :, None]
    >>> all_r2(C, (1, 1)).ravel().round(2).tolist()
    [0.0, 0.36, 0.09, 0.45]
    """
    A = C[:, :, None, :]
    for size in sizes:
        swept = A
        for _ in range(size):
            swept = swept[1:, 1:] - swept[1:, :1] * (swept[:1, 1:] / swept[0, 0])
        A = np.concatenate([A[size:, size:], swept], axis=2)
    return np.asarray(1.0 - A[0, 0])


def shares(C: Array, sizes: Sequence[int]) -> Array:
    """Return the Shapley share of every player in R2, G x N, a few matrices at a time.

    Lindeman, Merenda & Gold (1980), averaged over all orders of entry; also called general
    dominance. For players of several columns it is the Shapley value of groups.
    """
    G = len(sizes)
    step = max(1, ROOM // (5 << max(G - 1, 0)))
    parts = [
        shapley_map(G) @ all_r2(C[:, :, i : i + step], sizes) for i in range(0, C.shape[2], step)
    ]
    return np.concatenate(parts, axis=1)


@cache
def shapley_map(G: int) -> Array:
    """Return the G x 2^G matrix that turns the R2 of all subsets into Shapley shares."""
    size, bits = subset_sizes(G), members(G)
    joined = np.array([0.0] + [1.0 / (G * comb(G - 1, s - 1)) for s in range(1, G + 1)])
    left = np.array([1.0 / (G * comb(G - 1, s)) for s in range(G)] + [0.0])
    return np.where(bits, joined[size], -left[size])


@cache
def members(G: int) -> NDArray[np.bool_]:
    """Return whether player k belongs to each subset, G x 2^G."""
    return np.asarray((np.arange(1 << G) >> np.arange(G)[:, None]) & 1, dtype=bool)


@cache
def subset_sizes(G: int) -> NDArray[np.int64]:
    """Return how many players each subset has, by bit mask."""
    return np.asarray(members(G).sum(axis=0), dtype=np.int64)
