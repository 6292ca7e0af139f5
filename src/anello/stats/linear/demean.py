"""Taking group means out of columns: once for units, or to convergence for units and waves."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

SWEEPS = 100_000
TOLERANCE = 1e-13


def group_means(values: Array, group: Codes) -> Array:
    """Return the mean of each group, groups x columns, for codes 0..G-1.

    >>> group_means(np.array([[1.0], [3.0], [10.0]]), np.array([0, 0, 1])).tolist()
    [[2.0], [10.0]]
    """
    size = np.bincount(group)
    sums = np.column_stack([np.bincount(group, values[:, k]) for k in range(values.shape[1])])
    return np.asarray(sums / size[:, None], dtype=float)


def one_way(values: Array, group: Codes) -> Array:
    """Return n x k columns with the mean of each row's group taken out."""
    return np.asarray(values - group_means(values, group)[group], dtype=float)


def two_way(values: Array, unit: Codes, wave: Codes) -> Array:
    """Return n x k columns with unit and wave effects taken out, whatever cells are missing.

    Taking out unit means and then wave means once is right only when every unit has every wave;
    here the two are repeated until nothing moves (von Neumann's alternating projections), which
    gives the residuals of the regression on all unit and wave dummies. Raises ValueError when
    the sweeps do not settle.

    >>> cell = np.array([[1.0], [2.0], [5.0], [7.0]])
    >>> two_way(cell, np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])).ravel().tolist()
    [0.25, -0.25, -0.25, 0.25]
    """
    out = one_way(values, unit)
    scale = np.sqrt(np.mean(out**2, axis=0)) + np.finfo(float).tiny
    for _ in range(SWEEPS):
        before = out
        out = one_way(one_way(out, wave), unit)
        if np.max(np.abs(out - before) / scale) < TOLERANCE:
            return out
    raise ValueError("unit and wave effects could not be told apart in these cells")
