"""Compliance: how many of the prompts were answered, person by person, told in classes only."""

from dataclasses import dataclass

import numpy as np

from ..moments import Floats
from .rows import Codes

EDGES = (0.0, 0.5, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Compliance:
    """Prompts answered: `share` of all, and how many persons answered which share.

    `classes` are (from, to, persons), a share on an edge counting upwards. `asked` is the number of
    prompts each person was asked.
    """

    share: float
    asked: int
    classes: tuple[tuple[float, float, int], ...]


def compliance(person: Codes, asked: int) -> Compliance:
    """Return the compliance of rows that are one answered prompt each.

    >>> compliance(np.array([0, 0, 0, 0, 1]), 4).classes
    ((0.0, 0.5, 1), (0.5, 0.8, 0), (0.8, 1.0, 1))
    """
    answered: Floats = np.bincount(person).astype(np.float64)
    shares = np.minimum(answered / asked, 1.0)
    inner = np.digitize(shares, EDGES[1:-1])
    counts = np.bincount(inner, minlength=len(EDGES) - 1)
    ends = zip(EDGES[:-1], EDGES[1:], counts, strict=True)
    classes = tuple((low, high, int(count)) for low, high, count in ends)
    return Compliance(float(answered.sum() / (asked * len(answered))), asked, classes)
