"""What the worst units gain, and the best lose, when nobody does anything."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Returning:
    """The change of a group chosen by its first score, and what chance alone makes of it.

    `change` is what was seen, `expected` what the regression line of all units gives for a group
    that started there, `average` the change of all units.
    """

    units: int
    change: float
    expected: float
    average: float


def returning(first: Array, second: Array, chosen: NDArray[np.bool_]) -> Returning:
    """Return how a chosen group moved from `first` to `second`, beside what was to be expected.

    A programme given to the weakest units starts with `expected - average` for free (Barnett,
    van der Pols & Dobson 2005).

    >>> first, second = np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 2.0, 3.0, 3.0])
    >>> returning(first, second, first <= 1)
    Returning(units=1, change=1.0, expected=0.9, average=0.0)
    """
    slope = float(np.cov(first, second)[0, 1] / np.var(first, ddof=1))
    average = float(np.mean(second - first))
    away = float(np.mean(first[chosen]) - np.mean(first))
    change = float(np.mean(second[chosen] - first[chosen]))
    return Returning(int(chosen.sum()), change, round(average + (slope - 1) * away, 12), average)
