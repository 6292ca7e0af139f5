"""A mixed model of counts as arrays: cells, predictors, and the factors whose effects vary."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..moments import Floats
from .families import Counts, Family

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Factor:
    """What varies by one grouping factor.

    `index` (n) is the group of each cell, `z` (n x q) the columns whose effects vary, `rows` and
    `columns` the free places of the lower-triangular Lambda (q x q), block by block.
    """

    index: Ints
    levels: int
    z: Floats
    rows: Ints
    columns: Ints

    @property
    def width(self) -> int:
        """Return q, the number of effects per group."""
        return int(self.z.shape[1])

    def matrix(self, theta: Floats) -> Floats:
        """Return Lambda, so that the effects of a group are Lambda u with u standard normal."""
        found = np.zeros((self.width, self.width))
        found[self.rows, self.columns] = theta
        return found


@dataclass(frozen=True, eq=False)
class Problem:
    """Cells sorted by the group of the first factor; parameters are (phi, theta of each factor).

    `upper` and `lower` (n x m) are the designs of the predictors a and b (`lower` is None where
    the family has one), `above` and `below` (n) what is added to them: an offset, or infinity at
    the ends of an ordinal scale.
    """

    family: Family
    counts: Counts
    upper: Floats
    lower: Floats | None
    above: Floats
    below: Floats | None
    factors: tuple[Factor, ...]

    @property
    def fixed(self) -> int:
        """Return m, the number of parameters that do not vary."""
        return int(self.upper.shape[1])

    def predictors(self, phi: Floats) -> tuple[Floats, Floats | None]:
        """Return a and b (n) without varying effects."""
        a = self.above + self.upper @ phi
        if self.lower is None or self.below is None:
            return a, None
        return a, self.below + self.lower @ phi

    def split(self, psi: Floats) -> tuple[Floats, tuple[Floats, ...]]:
        """Return phi and the Lambda of each factor."""
        found, start = [], self.fixed
        for factor in self.factors:
            end = start + len(factor.rows)
            found.append(factor.matrix(psi[start:end]))
            start = end
        return psi[: self.fixed], tuple(found)

    def gradient(self, by_a: Floats, by_b: Floats | None, by_lambda: list[Floats]) -> Floats:
        """Return the gradient from the derivatives by a and b (n) and by each Lambda."""
        phi = self.upper.T @ by_a
        if self.lower is not None and by_b is not None:
            phi = phi + self.lower.T @ by_b
        pairs = zip(self.factors, by_lambda, strict=True)
        return np.concatenate([phi, *(g[f.rows, f.columns] for f, g in pairs)])


@dataclass(frozen=True, eq=False)
class Height:
    """The log-likelihood at one point, with its gradient when it was asked for."""

    value: float
    gradient: Floats


NOWHERE = -np.inf


def solved(h: Floats, v: Floats) -> Floats:
    """Return h^-1 v for each group: h (groups x q x q), v (groups x q)."""
    return np.asarray(np.linalg.solve(h, v[:, :, None])[:, :, 0], dtype=float)


def added(one: Floats, other: Floats | None, times: Floats) -> Floats:
    """Return one + other * times, or one where there is no other."""
    return one if other is None else one + other * times


def moved(a: Floats, b: Floats | None, e: Floats) -> tuple[Floats, Floats | None]:
    """Return both predictors moved by the varying effects e (n)."""
    return a + e, None if b is None else b + e
