"""How sure an order of themes is: their shares in companies drawn anew from the same units."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .subsets import shares

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
DRAWS = 1000
ROOM = 1 << 22
SINGULAR = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Bootstrapped:
    """What the draws say: `first` is how often a player had the largest share, `low` and `high`
    are the 2.5 and 97.5 per cent quantiles of its share, each G long.

    `draws` counts those in which the themes could be told apart; the others are left out.
    """

    first: Array
    low: Array
    high: Array
    draws: int


def unit_sums(values: Array, unit: Codes) -> Array:
    """Return n, sums and cross-products of each unit, J x (1 + q + q^2), for n x q columns.

    They are all that the draws need: a unit drawn twice counts twice. Columns are centred first,
    so that large means cost no digits.
    """
    v = values - values.mean(axis=0)
    q = v.shape[1]
    products = (v[:, :, None] * v[:, None, :]).reshape(len(v), q * q)
    rows = np.concatenate([np.ones((len(v), 1)), v, products], axis=1)
    if np.array_equal(unit, np.arange(len(unit))):
        return rows
    order = np.argsort(unit, kind="stable")
    starts = np.searchsorted(unit[order], np.arange(int(unit.max()) + 1))
    return np.asarray(np.add.reduceat(rows[order], starts, axis=0))


def drawn(sums: Array, rng: np.random.Generator, draws: int) -> Array:
    """Return the correlations of `draws` companies drawn from these units, q x q x draws.

    As many units as there are, each drawn with replacement (cluster bootstrap).
    """
    J, K = sums.shape
    q = int(np.sqrt(K - 0.75) - 0.5 + 1e-9)
    total = np.empty((draws, K))
    step = max(1, ROOM // J)
    for i in range(0, draws, step):
        some = min(step, draws - i)
        picked = rng.integers(J, size=(some, J)) + J * np.arange(some)[:, None]
        times = np.bincount(picked.ravel(), minlength=some * J).reshape(some, J)
        total[i : i + some] = times @ sums
    n, mean = total[:, :1], total[:, 1 : q + 1] / total[:, :1]
    cross = total[:, q + 1 :].reshape(draws, q, q) / n[:, :, None]
    cov = cross - mean[:, :, None] * mean[:, None, :]
    sd = np.sqrt(np.maximum(np.diagonal(cov, axis1=1, axis2=2), 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.moveaxis(cov / sd[:, :, None] / sd[:, None, :], 0, 2))


def told_apart(C: Array) -> Array:
    """Return the matrices in which every column varies and no predictor copies the others."""
    finite = C[:, :, np.all(np.isfinite(C), axis=(0, 1))]
    least = np.linalg.eigvalsh(np.moveaxis(finite[:-1, :-1], 2, 0))[:, 0]
    return np.asarray(finite[:, :, least > SINGULAR])


def bootstrapped(C: Array, sizes: Sequence[int]) -> Bootstrapped:
    """Return how the shares of players vary over drawn correlations (see `drawn`), outcome last.

    Percentile intervals: shares cannot fall below 0, and R2 of a drawn company is a little too
    large, so with few units the intervals sit a little high. NaN when no draw is left.
    """
    kept = told_apart(C)
    G = len(sizes)
    if kept.shape[2] == 0:
        nothing = np.full(G, np.nan)
        return Bootstrapped(nothing, nothing, nothing, 0)
    found = shares(kept, sizes)
    first = np.bincount(np.argmax(found, axis=0), minlength=G) / found.shape[1]
    low, high = np.quantile(found, [0.025, 0.975], axis=1)
    return Bootstrapped(first, low, high, found.shape[1])
