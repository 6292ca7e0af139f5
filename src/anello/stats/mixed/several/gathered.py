"""Sufficient statistics of a mixed model with several groups: sums by group and by pair of groups.

The rows are never seen. With weights every sum is weighted, and the weights are scaled to a mean of
one, which only moves the residual variance (`Gathered.scale` undoes it).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...moments import Floats

Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Factor:
    """Sums by the J levels of one grouping factor.

    `by` are its columns and `levels` an array of J values for each of them; `columns` (r) says of
    which of the m moment columns `sums` (r x m x J) are products; the first is the ones.
    """

    by: tuple[str, ...]
    levels: tuple[NDArray[np.generic], ...]
    columns: tuple[int, ...]
    sums: Floats

    @property
    def count(self) -> int:
        """Return J."""
        return int(self.sums.shape[2])


@dataclass(frozen=True, eq=False)
class Cells:
    """Sums by the C pairs of levels of two factors that occur together.

    Cell c holds rows of level `at[c]` of factor `first` and `to[c]` of factor `second`; `sums` is
    r_first x r_second x C.
    """

    first: int
    second: int
    at: Places
    to: Places
    sums: Floats

    def turned(self) -> "Cells":
        """Return the same cells seen from the second factor."""
        return Cells(self.second, self.first, self.to, self.at, self.sums.transpose(1, 0, 2))


@dataclass(frozen=True, eq=False)
class Gathered:
    """What a fit may know of the rows.

    `columns` are m names, the ones first, the outcome last, each minus its `shift`; `total` (m x m)
    sums the products over all rows. `n` counts rows. With weights, they were multiplied by `scale`
    (so that they sum to n) and `log_weights` is the sum of the logarithms after that; else 1 and 0.
    `outer` (m x m x J), if asked for, sums all products by the factor with fewest levels.
    """

    columns: tuple[str, ...]
    shift: Floats
    total: Floats
    n: int
    factors: tuple[Factor, ...]
    cells: tuple[Cells, ...]
    scale: float = 1.0
    log_weights: float = 0.0
    outer: Floats | None = None
    dropped: int = 0
    sql: str = ""

    @property
    def outermost(self) -> int:
        """Return the factor with the fewest levels."""
        return min(range(len(self.factors)), key=lambda k: self.factors[k].count)
