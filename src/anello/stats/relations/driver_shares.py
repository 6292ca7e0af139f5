"""Themes and an outcome: shares, how sure their order is, and how much of a share is noise."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .dominance import Dominance, dominance
from .driver_bootstrap import DRAWS, Bootstrapped, bootstrapped, drawn, unit_sums
from .drivers import Importance, importance
from .near_copies import near_copies
from .subsets import all_r2, shares
from .yardstick import QUANTILE, yardstick

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """Near-copies as one: their themes, the share they have when they enter together, its limits
    and how often it was the largest.
    """

    themes: tuple[int, ...]
    share: float
    low: float
    high: float
    first: float


@dataclass(frozen=True, slots=True, eq=False)
class DriverShares:
    """Everything about G themes: `columns` speaks of single columns, the rest of themes.

    `share` and `weight` (LMG and Johnson's, summed over a theme's columns) add up to R2. `noise`
    is the 95th percentile of a random column's share: a theme below it is not told apart from
    noise. `groups` hold every theme once, most of them alone.
    """

    columns: Importance
    share: Array
    weight: Array
    dominance: Dominance
    sure: Bootstrapped
    noise: float
    groups: tuple[Together, ...]

    @property
    def apart(self) -> NDArray[np.bool_]:
        """Return which themes are told apart from noise."""
        return np.asarray(self.share > self.noise)


def driver_shares(
    values: Array,
    unit: Codes,
    *,
    df: int,
    seed: int,
    sizes: Sequence[int] | None = None,
    draws: int = DRAWS,
) -> DriverShares:
    """Return the shares of themes in an outcome, n x (1 + p) columns with the outcome first.

    `unit` (codes 0..J-1) says which rows are drawn together; `df` in how many dimensions a column
    can vary (n less the means taken out). A theme has one column unless `sizes` says more. Means
    that were taken out stay out in the draws: they are not found anew. Raises ValueError where a
    theme copies others.
    """
    turned = np.concatenate([values[:, 1:], values[:, :1]], axis=1)
    C = np.asarray(np.corrcoef(turned, rowvar=False), dtype=float)
    columns = importance(C[:-1, :-1], C[:-1, -1])
    size = tuple(sizes) if sizes is not None else (1,) * (len(C) - 1)
    starts = np.concatenate([[0], np.cumsum(size)[:-1]])
    r2 = all_r2(C[:, :, None], size)[:, 0]
    grades = dominance(r2, len(size))
    chance, noise = (np.random.default_rng([seed, i]) for i in range(2))
    drawn_ones = drawn(unit_sums(turned, unit), chance, draws)
    sure = bootstrapped(drawn_ones, size)
    return DriverShares(
        columns=columns,
        share=grades.general,
        weight=np.add.reduceat(columns.weight, starts),
        dominance=grades,
        sure=sure,
        noise=float(np.quantile(yardstick(C, size, df, noise), QUANTILE)),
        groups=_groups(C, size, starts, drawn_ones, grades.general, sure),
    )


def _groups(
    C: Array,
    size: tuple[int, ...],
    starts: NDArray[np.int64],
    drawn_ones: Array,
    share: Array,
    sure: Bootstrapped,
) -> tuple[Together, ...]:
    """Return near-copies as players of one; only themes of one column can be near-copies."""
    likeness = np.abs(C[np.ix_(starts, starts)])
    whole = np.array(size) == 1
    likeness[~np.outer(whole, whole)] = 0.0
    np.fill_diagonal(likeness, 1.0)
    groups = near_copies(likeness)
    if len(groups) < len(size):
        order = [starts[t] + i for group in groups for t in group for i in range(size[t])]
        turn = np.ix_([*order, len(C) - 1], [*order, len(C) - 1])
        joint = [sum(size[t] for t in group) for group in groups]
        share = shares(C[turn][:, :, None], joint)[:, 0]
        sure = bootstrapped(drawn_ones[turn], joint)
    return tuple(
        Together(group, float(share[i]), float(sure.low[i]), float(sure.high[i]), sure.first[i])
        for i, group in enumerate(groups)
    )
