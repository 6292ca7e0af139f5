"""People of the pretend company: who works where, and how a mood becomes ticks on a form."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

TINY = 4


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works where: the shop of each person, and how far that person sits from the others."""

    shop: Codes
    trait: Array

    def spread(self, mood: Array, rng: np.random.Generator, sd: float = 0.4) -> Array:
        """Return one mood for each person this week around that of the shop."""
        return np.asarray(mood[self.shop] + self.trait + rng.standard_normal(len(self.shop)) * sd)


def hire(shops: int, tiny: int, rng: np.random.Generator) -> Staff:
    """Return 16 to 32 people for each shop, four in the last `tiny` shops.

    Traits have mean 0 in every shop, so that a shop's own level is in its plan alone.
    """
    size = rng.integers(16, 33, shops)
    size[shops - tiny :] = TINY
    shop = np.repeat(np.arange(shops), size)
    trait = rng.standard_normal(len(shop)) * 0.3
    own = np.bincount(shop, weights=trait) / size
    return Staff(shop, trait - own[shop])


def answers(mood: Array, items: int, rng: np.random.Generator, sd: float = 0.5) -> Array:
    """Return persons x items ticks from 1 to 5: the mood, a slip for each item, then rounded."""
    slips = rng.standard_normal((len(mood), items)) * sd
    return np.asarray(np.clip(np.rint(mood[:, None] + slips), 1, 5))


def means(ticks: Array, group: Codes) -> Array:
    """Return each group's mean over all its people and items.

    >>> means(np.array([[1.0, 3.0], [4.0, 4.0]]), np.array([0, 1])).tolist()
    [2.0, 4.0]
    """
    total = np.bincount(group, weights=ticks.mean(axis=1))
    return np.asarray(total / np.bincount(group))


def reverse(ticks: Array, item: int) -> Array:
    """Return the ticks with one item as it is asked the other way round: 1 for 5.

    >>> reverse(np.array([[1.0, 2.0]]), 1).tolist()
    [[1.0, 4.0]]
    """
    out = ticks.copy()
    out[:, item] = 6 - out[:, item]
    return out


def blank(ticks: Array, share: float, rng: np.random.Generator) -> Array:
    """Return the ticks with a share of them left empty (NaN), at random."""
    return np.where(rng.random(ticks.shape) < share, np.nan, ticks)
