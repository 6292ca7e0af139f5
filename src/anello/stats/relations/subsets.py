"""The R2 of every subset of predictors at once, and the Shapley shares that follow from it.

Each predictor is swept once for all subsets that share what came before it (the tree of Furnival
1971), so a subset costs a handful of operations and many correlation matrices go side by side.
Nothing is copied: a pair of columns is kept for the subsets that it still serves, and the half with
the predictor is written behind the half without.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from math import comb

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
HELD = 1 << 18
"""Subsets of all matrices that are swept at once: more of them leave the cache."""


def all_r2(C: Array, sizes: Sequence[int]) -> Array:
    """Return R2 of every subset of players, 2^G x N, indexed by bit mask (player k has bit k).

    `C` are N correlation matrices, (p + 1) x (p + 1) x N, the outcome last. A player is one
    predictor, or several neighbours that enter together (the columns of a factor, near-copies);
    `sizes` says how many columns each has, in order.

    >>> C = np.array([[1.0, 0.0, 0.6], [0.0, 1.0, 0.3], [0.6, 0.3, 1.0]])[:, :, None]
    >>> all_r2(C, (1, 1)).ravel().round(2).tolist()
    [0.0, 0.36, 0.09, 0.45]
    """
    rows = blank(len(C), sizes, C.shape[2])
    sweep(C, sizes, rows)
    return np.asarray(1.0 - rows[-1][0].T)


def shares(C: Array, sizes: Sequence[int]) -> Array:
    """Return the Shapley share of every player in R2, G x N, a few matrices at a time.

    Lindeman, Merenda & Gold (1980), averaged over all orders of entry; also called general
    dominance. For players of several columns it is the Shapley value of groups.
    """
    G, N = len(sizes), C.shape[2]
    step = max(1, HELD >> G)
    rows = blank(len(C), sizes, min(step, N))
    out = np.empty((G, N))
    for i in range(0, N, step):
        some = C[:, :, i : i + step]
        if some.shape[2] < rows[0].shape[1]:
            rows = blank(len(C), sizes, some.shape[2])
        sweep(some, sizes, rows)
        out[:, i : i + step] = _shapley(rows[-1][0], G)
    return out


def pivots(sizes: Sequence[int]) -> Iterator[tuple[int, slice, slice]]:
    """Yield each column as it is swept: column, where its own row stands, where what is swept goes.

    The first column of a player finds its row in the half without the player; the next ones of the
    same player in the half with it, where the first has already been swept.
    """
    c = 0
    for k, size in enumerate(sizes):
        without, with_it = slice(0, 1 << k), slice(1 << k, 2 << k)
        for t in range(size):
            yield c, without if t == 0 else with_it, with_it
            c += 1


def blank(q: int, sizes: Sequence[int], N: int) -> list[Array]:
    """Return room for the rows of q columns: row c holds its pairs with itself and those behind.

    Each is (q - c) x N x subsets; subsets are those of the players before it (with its own for the
    later columns of a player), all of them for columns that are no player's.
    """
    length = [(1 if t == 0 else 2) << k for k, size in enumerate(sizes) for t in range(size)]
    length += [1 << len(sizes)] * (q - len(length))
    return [np.empty((q - c, N, n)) for c, n in enumerate(length)]


def sweep(C: Array, sizes: Sequence[int], rows: list[Array]) -> None:
    """Fill `rows` (see `blank`) with the cross-products left over after every subset of players."""
    q = len(C)
    for c in range(q):
        rows[c][:, :, 0] = C[c, c:]
    for c, at, to in pivots(sizes):
        row = rows[c][:, :, at]
        ratio = row[1:] / row[0]
        for i in range(c + 1, q):
            out = ratio[i - c - 1] * row[i - c :]
            np.subtract(rows[i][:, :, at], out, out=rows[i][:, :, to])


def _shapley(left: Array, G: int) -> Array:
    """Return the shares, G x N, from what every subset leaves unexplained, N x 2^G.

    Player k gains the weighted sum of R2 over the subsets with k, less one that is the same for all
    players, which follows from their adding up to R2; the sums with k fold half upon half.
    """
    fold = left * _weights(G)
    gained = np.empty((G, len(left)))
    for k in reversed(range(G)):
        half = fold[:, 1 << k :]
        gained[k] = -half.sum(axis=1)
        fold = fold[:, : 1 << k] + half
    same = (gained.sum(axis=0) - (1.0 - left[:, -1])) / G
    return np.asarray(gained - same)


@cache
def _weights(G: int) -> Array:
    """Return what a subset adds to the share of its members beyond that of the others, 2^G."""
    weight = shapley_map(G)
    return np.asarray(weight.max(axis=0) - weight.min(axis=0))


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
