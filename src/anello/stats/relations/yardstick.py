"""A random column as yardstick: the share that pure noise gets beside the same themes."""

from collections.abc import Sequence
from math import comb

import numpy as np
from numpy.typing import NDArray

from .subsets import blank, pivots, subset_sizes, sweep

Array = NDArray[np.float64]
MOST_DRAWS = 2000
WORK = 1 << 24
QUANTILE = 0.95
ROOM = 1 << 18
TOGETHER = 64
"""Columns of noise that go side by side at most."""


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
    step = min(TOGETHER, max(1, ROOM // (2 << len(sizes))))
    rows = blank(q - 1, sizes, 1)
    sweep(C[:-1, :-1, None], sizes, rows)
    parts = [_gains(C, sizes, rows, cross[:, i : i + step]) for i in range(0, draws, step)]
    return np.concatenate(parts)


def _gains(C: Array, sizes: Sequence[int], rows: list[Array], cross: Array) -> Array:
    """Return the Shapley share of each column of `cross`, a last player beside the others.

    `rows` are the swept predictors (see `sweep`). B are the cross-products of a predictor with
    outcome and noise, (1 + M) x S; own (M x S) is the noise that is left and with_y (M x S) its
    product with the outcome; S counts subsets and M columns of noise.
    """
    p, M = len(rows), cross.shape[1]
    subsets = 1 << len(sizes)
    B = [np.empty((1 + M, row.shape[2])) for row in rows]
    for i in range(p):
        B[i][0, 0], B[i][1:, 0] = C[i, -1], cross[i]
    own, with_y = np.ones((M, subsets)), np.empty((M, subsets))
    with_y[:, 0] = cross[-1]
    for c, at, to in pivots(sizes):
        row, b = rows[c][:, 0, at], B[c][:, at]
        first = b / row[0]
        for i in range(c + 1, p):
            np.subtract(B[i][:, at], row[i - c] * first, out=B[i][:, to])
        np.subtract(own[:, at], first[1:] * b[1:], out=own[:, to])
        np.subtract(with_y[:, at], first[1:] * b[0], out=with_y[:, to])
    G = len(sizes)
    weight = np.array([1.0 / ((G + 1) * comb(G, s)) for s in range(G + 1)])[subset_sizes(G)]
    return np.asarray((with_y**2 / own) @ weight)
