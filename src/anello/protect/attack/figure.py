"""A released figure of people, as its reader meets it, and the sums that may stand behind it."""

from dataclasses import dataclass
from math import floor, log10

import numpy as np
from numpy.typing import NDArray

from .scale import SURE, Scale

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
DIGITS = 11
"""So many significant digits of a mean stand in a release; the last may be off by rounding."""
WIDEST = 100_000


@dataclass(frozen=True, slots=True)
class Figure:
    """A released mean: whose, of which measure and wave, and what it is known to lie between.

    `label` is the place as it is shown; `units` are its units, none for everybody that the release
    tells of, in `count` units where it says so. `n` is the band of the number of people. `least`
    and `most` bound the mean: equal but for rounding, or far apart where only "4.5 or more" is
    told. `sd` is the standard deviation where one is told beside it.
    """

    release: str
    measure: str
    wave: str
    label: str
    units: frozenset[str]
    n: tuple[int, int]
    least: float
    most: float
    scale: Scale
    coded: bool = False
    sd: float | None = None
    count: int | None = None

    @property
    def told(self) -> tuple[tuple[int, int], float, float, bool]:
        """Return what the figure says of its people; two that say the same are one."""
        return self.n, self.least, self.most, self.coded


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Every number of people (C,) a figure may have, and bounds of the sum of their answers."""

    n: Ints
    low: Floats
    high: Floats

    def __len__(self) -> int:
        return len(self.n)


def exactly(mean: float) -> tuple[float, float]:
    """Return the least and most that a mean of 11 significant digits may be."""
    size = floor(log10(abs(mean))) if mean else 0
    half = 0.51 * 10.0 ** (size - DIGITS + 1)
    return mean - half, mean + half


def rounded(mean: float, digits: int) -> tuple[float, float]:
    """Return the least and most that a mean of so many decimals may be."""
    half = 0.51 * 10.0**-digits
    return mean - half, mean + half


def sums(figure: Figure, people: tuple[int, int | None] = (0, None)) -> Sums:
    """Return which numbers of people fit the band, the steps of the scale and the mean.

    Only 10, 12, 14, 16 and 18 of 10 to 19 people can have a mean of 3.5. `people` are at least and
    at most so many, by a staff list. Empty when nothing fits: then the mean was rounded, or the
    scale or the list is wrong.

    >>> f = Figure("r", "m", "w", "a", frozenset("a"), (10, 19), *exactly(3.5), Scale(1, 5))
    >>> sums(f).n.tolist()
    [10, 12, 14, 16, 18]
    """
    scale = figure.scale
    least, most = max(figure.n[0], people[0], 1), figure.n[1]
    most = most if people[1] is None else min(most, people[1])
    n = np.arange(least, min(most, least + WIDEST) + 1)
    low = np.maximum(n * figure.least, n * scale.low)
    high = np.minimum(n * figure.most, n * scale.high)
    if scale.step is None or scale.weighted:
        kept = low <= high + SURE
        return Sums(n[kept], low[kept], high[kept])
    first = np.ceil((low - n * scale.low) / scale.step - SURE * 1e-3)
    last = np.floor((high - n * scale.low) / scale.step + SURE * 1e-3)
    kept = first <= last
    n = n[kept]
    return Sums(
        n, n * scale.low + first[kept] * scale.step, n * scale.low + last[kept] * scale.step
    )
