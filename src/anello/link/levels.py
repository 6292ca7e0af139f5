"""One slope at one level: between units, or within a unit over time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anello.stats.linear.confidence import Confidence
from anello.stats.linear.cr2 import cr2
from anello.stats.linear.demean import group_means, one_way
from anello.stats.linear.ols import Regression, ols

from .rows import Rows

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

FEWEST = 3
FEWEST_DF = 0.5
FLAT = 1e-10


@dataclass(frozen=True)
class Slope:
    """The slope of the target on the source, with a CR2 error in which a unit is one cluster.

    `sd_source` and `sd_target` are the standard deviations (divisor n - 1) of this level's own
    values: unit means, or what is left of a row after unit and wave effects are out. `n` counts
    rows or answers, `units` those that carry information at this level.
    """

    confidence: Confidence
    sd_source: float
    sd_target: float
    units: int
    waves: int
    n: int
    regression: Regression
    cluster: Codes

    @property
    def estimate(self) -> float:
        """Return the slope in units of the target for one unit of the source."""
        return self.confidence.estimate

    @property
    def scale(self) -> float:
        """Return SD(source) / SD(target), which turns the slope into a standardised one."""
        return self.sd_source / self.sd_target

    @property
    def standardised(self) -> float:
        """Return slope x SD(source) / SD(target)."""
        return self.estimate * self.scale

    @property
    def limits(self) -> tuple[float, float]:
        """Return the 95 % limits of the standardised slope."""
        low, high = self.confidence.limits()
        return low * self.scale, high * self.scale


def between(rows: Rows, adjust_waves: bool = False) -> Slope | None:
    """Return the slope over unit means, each unit once, whatever the number of its waves.

    The means run over the waves in which source, target and controls all exist. With
    `adjust_waves` the mean of each wave is taken out first, so that a unit met only in good
    years does not look good for it. Where the link names peers, groups have their own mean.
    Returns None with fewer than three units, or when one side does not vary.
    """
    if len(rows.unit) == 0:
        return None
    unit = dense(rows.unit)
    cells = one_way(rows.cells, dense(rows.wave)) if adjust_waves else rows.cells
    means = group_means(cells, unit)
    peer = np.zeros(len(means), dtype=np.int64)
    peer[unit] = rows.peer
    peer = dense(peer)
    own = np.arange(len(means))
    return _slope(one_way(means, peer), dummies(peer), own, rows, absorbed=0)


def within(rows: Rows, wave_effects: bool = True) -> Slope | None:
    """Return the slope inside units over time, unit and wave effects out.

    Units met once say nothing here and are left out of `units`; their rows still help to tell
    the wave effects and are counted in `n`. Where the link names peers, every group has its own
    wave effects. Returns None when nothing is left to compare.
    """
    if len(rows.unit) == 0:
        return None
    unit = dense(rows.unit)
    times = np.bincount(unit)
    wave = dense(rows.peer * (int(rows.wave.max()) + 1) + rows.wave)
    effects = dummies(wave)[:, 1:] if wave_effects else np.empty((len(unit), 0))
    cells, effects = one_way(rows.cells, unit), one_way(effects, unit) if effects.size else effects
    informative = int(np.sum(times > 1))
    return _slope(cells, effects, unit, rows, absorbed=len(times), units=informative)


def pooled(rows: Rows) -> Slope | None:
    """Return the slope over all rows as they stand: both levels mixed, shown only beside them."""
    if len(rows.unit) == 0:
        return None
    centred = rows.cells - rows.cells.mean(axis=0)
    return _slope(centred, np.ones((len(centred), 1)), dense(rows.unit), rows, absorbed=0)


def dense(codes: Codes) -> Codes:
    """Return codes renumbered 0..G-1 in their order."""
    return np.unique(codes, return_inverse=True)[1].astype(np.int64)


def dummies(codes: Codes) -> Array:
    """Return one 0/1 column for each code."""
    return np.asarray(codes[:, None] == np.arange(codes.max() + 1), dtype=float)


def _slope(
    cells: Array,
    nuisance: Array,
    cluster: Codes,
    rows: Rows,
    absorbed: int,
    units: int | None = None,
) -> Slope | None:
    """Regress target on source, controls and nuisance columns; None when it cannot be done."""
    units = len(np.unique(cluster)) if units is None else units
    X = np.column_stack([cells[:, 1:], nuisance])
    y = cells[:, 0]
    if units < FEWEST or len(y) - absorbed - np.linalg.matrix_rank(X) < 1:
        return None
    left = _left(cells, nuisance)
    sd_target, sd_source = (float(np.std(left[:, i], ddof=1)) for i in (0, 1))
    if _flat(rows.cells[:, 0], sd_target) or _own(cells, nuisance) < FLAT:
        return None
    fit = ols(X, y, absorbed)
    robust = cr2(fit, cluster, np.eye(X.shape[1])[0])
    if robust.df < FEWEST_DF:
        return None
    confidence = Confidence(float(fit.b[0]), robust.se, robust.df)
    return Slope(confidence, sd_source, sd_target, units, rows.waves, rows.n, fit, cluster)


def _left(cells: Array, nuisance: Array) -> Array:
    """Return the cells with the nuisance columns taken out."""
    if nuisance.shape[1] == 0:
        return cells
    return np.asarray(cells - nuisance @ np.linalg.lstsq(nuisance, cells, rcond=None)[0])


def _own(cells: Array, nuisance: Array) -> float:
    """Return the share of the source's spread that no control and no nuisance column explains."""
    others = np.column_stack([cells[:, 2:], nuisance])
    source = cells[:, 1:2]
    total = float(np.sum(source**2))
    return float(np.sum(_left(source, others) ** 2)) / total if total > 0 else 0.0


def _flat(values: Array, sd: float) -> bool:
    return sd <= FLAT * (float(np.std(values)) + float(np.abs(values).max()) * 1e-6)
