"""A random column as yardstick: the share that pure noise gets beside the same themes."""

from collections.abc import Sequence
from math import comb

import numpy as np
from numpy.typing import NDArray

from .subsets import subset_sizes

Array = NDArray[np.float64]
MOST_DRAWS = 2000
WORK = 1 << 24
QUANTILE = 0.95
ROOM = 1 << 18


def yardstick(
    C: Array, sizes: Sequence[int], df: int, rng: np.random.Generator, draws: int | None = None
) -> Array:
    """Return the LMG shares of `draws` random columns, each added alone beside the themes.

    2,000 of them up to 13 themes, 512 for 15 (then the 95th percentile moves by some 8 per cent).
    `C` is (p + 1) x (p + 1), outcome last, `df` the dimensions in which a column can vary: rows
    less the means taken out of them. A random normal column needs no rows: its correlations with
    what is known are L g / |z|, with C = L L', g normal and |z|^2 the sum of g^2 and a chi-squared
    with the df that are left. Rows are taken as independent, so where noise of the same unit hangs
    together over rows the yardstick is too short.

    >>> C = np.eye(3)
    >>> bool(yardstick(C, (1, 1), 1000, np.random.default_rng(1)).max() < 0.02)
    True
    """
    q = len(C)
    draws = min(MOST_DRAWS, max(1, WORK >> len(sizes))) if draws is None else draws
    g = rng.normal(size=(q, draws))
    rest = rng.chisquare(df - q, draws) if df > q else np.zeros(draws)
    w, Q = np.linalg.eigh(C)
    L = Q * np.sqrt(np.maximum(w, 0.0))
    cross = L @ g / np.sqrt(np.sum(g**2, axis=0) + rest)
    step = max(1, ROOM // (3 << len(sizes)))
    return np.concatenate([_gains(C, sizes, cross[:, i : i + step]) for i in range(0, draws, step)])


def _gains(C: Array, sizes: Sequence[int], cross: Array) -> Array:
    """Return the Shapley share of each column of `cross`, a last player beside the others.

    P (m x m x S) are the predictors not yet swept, B (m x S x 1 + M) their cross-products with
    outcome and noise, own (S x M) the noise that is left and with (S x M) its product with the
    outcome; S counts subsets and M columns of noise.
    """
    P = C[:-1, :-1, None]
    B = np.concatenate([C[:-1, -1:], cross[:-1]], axis=1)[:, None, :]
    own, with_y = np.ones((1, cross.shape[1])), cross[-1:]
    for size in sizes:
        P1, B1, own1, with1 = P, B, own, with_y
        for _ in range(size):
            first = B1[0] / P1[0, 0][:, None]
            own1 = own1 - first[:, 1:] * B1[0, :, 1:]
            with1 = with1 - first[:, 1:] * B1[0, :, :1]
            B1 = B1[1:] - P1[1:, 0, :, None] * first
            P1 = P1[1:, 1:] - P1[1:, :1] * (P1[:1, 1:] / P1[0, 0])
        P = np.concatenate([P[size:, size:], P1], axis=2)
        B = np.concatenate([B[size:], B1], axis=1)
        own, with_y = np.concatenate([own, own1]), np.concatenate([with_y, with1])
    G = len(sizes)
    weight = np.array([1.0 / ((G + 1) * comb(G, s)) for s in range(G + 1)])[subset_sizes(G)]
    return np.asarray(weight @ (with_y**2 / own))
