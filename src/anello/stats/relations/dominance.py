"""Dominance of one theme over another: in every model, at every size of model, or on average."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .subsets import members, shapley_map, subset_sizes

Array = NDArray[np.float64]
SAME = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Dominance:
    """Three grades of dominance among G themes (Azen & Budescu 2003).

    `general` (G) is the mean gain of R2, the LMG share. `conditional` (G x G) is the mean gain of
    theme i when s other themes are in the model already, s = 0..G-1 by column. `complete` (G x G)
    is 1 where theme i gains at least as much as theme j beside every set of the others, 0 where
    j does, 0.5 where it depends; the diagonal is 0.5.
    """

    general: Array
    conditional: Array
    complete: Array


def dominance(r2: Array, G: int) -> Dominance:
    """Return the dominance among G themes from the R2 of all their subsets (see `all_r2`).

    Complete dominance says most and is often missing: it fails as soon as one model disagrees.

    >>> found = dominance(np.array([0.0, 0.36, 0.09, 0.45]), 2)
    >>> found.general.round(2).tolist(), found.complete.tolist()
    ([0.36, 0.09], [[0.5, 1.0], [0.0, 0.5]])
    """
    general = shapley_map(G) @ r2
    conditional = np.stack([_by_size(r2, G, i) for i in range(G)])
    complete = np.full((G, G), 0.5)
    for i in range(G):
        for j in range(i):
            complete[i, j] = _beside_all(r2, G, i, j)
            complete[j, i] = 1.0 - complete[i, j]
    return Dominance(general, conditional, complete)


def _by_size(r2: Array, G: int, i: int) -> Array:
    without = np.nonzero(~members(G)[i])[0]
    gain = r2[without | (1 << i)] - r2[without]
    size = subset_sizes(G)[without]
    return np.asarray(np.bincount(size, gain, G) / np.bincount(size, minlength=G))


def _beside_all(r2: Array, G: int, i: int, j: int) -> float:
    others = np.nonzero(~members(G)[i] & ~members(G)[j])[0]
    ahead = r2[others | (1 << i)] - r2[others | (1 << j)]
    most, least = float(ahead.max()), float(ahead.min())
    if least >= -SAME and most > SAME:
        return 1.0
    return 0.0 if most <= SAME and least < -SAME else 0.5
