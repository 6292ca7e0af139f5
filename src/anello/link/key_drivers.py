"""Which themes go with an outcome, between units and within a unit over time."""

from dataclasses import replace
from math import isfinite

import numpy as np

from anello.model.chain import Chain, Link
from anello.model.evidence import FEWEST_UNITS, Level
from anello.model.findings import Driver
from anello.stats.linear.demean import group_means, two_way
from anello.stats.relations.driver_shares import DriverShares, driver_shares
from anello.stats.relations.drivers import EXACT, Importance, importance
from anello.store.panel import Panel

from .base import Judged
from .levels import Array, dense
from .rows import Rows, rows_of

FEWEST_THEMES = 3
ROWS_PER_THEME = 3


def key_drivers(panel: Panel, chain: Chain) -> Judged:
    """Return the shares of every outcome that at least three lag-0 links point to.

    They say what goes with the outcome, never what drives it; how sure their order is comes from
    units drawn anew with the chain's seed. Only rows that have every theme are used; a level is
    left out with fewer than ten units or three rows for each theme, within units also below three
    waves, and where one theme copies others.
    """
    drivers: list[Driver] = []
    for link in outcomes(chain):
        rows = rows_of(panel, link)
        for level in Level:
            drivers += _shares(rows, link, level, chain.seed)
    return Judged(drivers=tuple(drivers))


def outcomes(chain: Chain) -> list[Link]:
    """Return one link for each outcome with enough themes: the first its source, the rest controls.

    Links that speak of other units (`only`) are an outcome of their own.
    """
    themes: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for link in chain.links:
        if link.lag == 0:
            found = themes.setdefault((link.target, link.only), [])
            found += [link.source] if link.source not in found else []
    return [
        Link(sources[0], target, controls=tuple(sources[1:]), only=only)
        for (target, only), sources in themes.items()
        if len(sources) >= FEWEST_THEMES
    ]


def _shares(rows: Rows, link: Link, level: Level, seed: int) -> list[Driver]:
    themes = (link.source, *link.controls)
    cells = _cells(rows, level)
    if cells is None or len(cells) < ROWS_PER_THEME * len(themes):
        return []
    spread = np.std(cells, axis=0)
    if np.any(spread <= 1e-12 * np.abs(rows.cells).max(axis=0)):
        return []
    R = np.asarray(np.corrcoef(cells, rowvar=False), dtype=float)
    try:
        found = _found(cells, R, rows, level, seed)
    except ValueError:
        return []
    units = len(np.unique(rows.unit))
    c = found.columns if isinstance(found, DriverShares) else found
    drivers = [
        Driver(link.target, theme, level.value, r, beta, lmg, weight, c.r2, units)
        for theme, r, beta, lmg, weight in zip(
            themes, *(x.tolist() for x in (c.r, c.beta, c.lmg, c.weight)), strict=True
        )
    ]
    return _sure(drivers, found) if isinstance(found, DriverShares) else drivers


def _found(
    cells: Array, R: Array, rows: Rows, level: Level, seed: int
) -> DriverShares | Importance:
    """Return the shares with their doubts; beyond 15 themes Johnson's weights alone."""
    if cells.shape[1] - 1 > EXACT:
        return importance(R[1:, 1:], R[1:, 0])
    units = len(np.unique(rows.unit))
    if level is Level.BETWEEN:
        return driver_shares(cells, np.arange(len(cells)), df=len(cells) - 1, seed=seed)
    df = len(cells) - units - (rows.waves - 1)
    return driver_shares(cells, dense(rows.unit), df=df, seed=seed)


def _sure(drivers: list[Driver], found: DriverShares) -> list[Driver]:
    """Return the drivers with what the draws, the yardstick and near-copies add."""
    out = list(drivers)
    sure = [x.tolist() for x in (found.sure.low, found.sure.high, found.sure.first)]
    for group in found.groups:
        for t in group.themes:
            copies = tuple(drivers[i].theme for i in group.themes if i != t)
            low, high, first = (x[t] if isfinite(x[t]) else None for x in sure)
            out[t] = replace(
                drivers[t], low=low, high=high, first=first, noise=found.noise, copies=copies,
                joint=group.share if copies else None,
                joint_first=float(group.first) if copies and first is not None else None,
            )  # fmt: skip
    return out


def _cells(rows: Rows, level: Level) -> Array | None:
    """Return target and themes at one level; None where there is too little of it."""
    if len(np.unique(rows.unit)) < FEWEST_UNITS:
        return None
    unit = dense(rows.unit)
    if level is Level.BETWEEN:
        return group_means(rows.cells, unit)
    return two_way(rows.cells, unit, dense(rows.wave)) if rows.waves >= 3 else None
