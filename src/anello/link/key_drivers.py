"""Which themes go with an outcome, between units and within a unit over time."""

import numpy as np

from anello.model.chain import Chain, Link
from anello.model.evidence import FEWEST_UNITS, Level
from anello.model.findings import Driver
from anello.stats.linear.demean import group_means, two_way
from anello.stats.relations.drivers import importance
from anello.store.panel import Panel

from .base import Judged
from .levels import Array, dense
from .rows import Rows, rows_of

FEWEST_THEMES = 3
ROWS_PER_THEME = 3


def key_drivers(panel: Panel, chain: Chain) -> Judged:
    """Return the shares of every outcome that at least three lag-0 links point to.

    They say what goes with the outcome, never what drives it. Only rows that have every theme
    are used; a level is left out with fewer than ten units or three rows for each theme, within
    units also below three waves, and where one theme copies others.
    """
    drivers: list[Driver] = []
    for link in outcomes(chain):
        rows = rows_of(panel, link)
        for level in Level:
            drivers += _shares(rows, link, level)
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


def _shares(rows: Rows, link: Link, level: Level) -> list[Driver]:
    themes = (link.source, *link.controls)
    cells = _cells(rows, level)
    if cells is None or len(cells) < ROWS_PER_THEME * len(themes):
        return []
    spread = np.std(cells, axis=0)
    if np.any(spread <= 1e-12 * np.abs(rows.cells).max(axis=0)):
        return []
    R = np.asarray(np.corrcoef(cells, rowvar=False), dtype=float)
    try:
        found = importance(R[1:, 1:], R[1:, 0])
    except ValueError:
        return []
    units = len(np.unique(rows.unit))
    numbers = np.column_stack([found.r, found.beta, found.lmg, found.weight]).tolist()
    return [
        Driver(link.target, theme, level.value, r, beta, lmg, weight, found.r2, units)
        for theme, (r, beta, lmg, weight) in zip(themes, numbers, strict=True)
    ]


def _cells(rows: Rows, level: Level) -> Array | None:
    """Return target and themes at one level; None where there is too little of it."""
    if len(np.unique(rows.unit)) < FEWEST_UNITS:
        return None
    unit = dense(rows.unit)
    if level is Level.BETWEEN:
        return group_means(rows.cells, unit)
    return two_way(rows.cells, unit, dense(rows.wave)) if rows.waves >= 3 else None
