"""What a link has before anything is fitted, and which of its two questions can be judged."""

from dataclasses import dataclass

import numpy as np

from anello.model.chain import Link
from anello.model.evidence import FEWEST_UNITS
from anello.store.panel import Panel

from .rows import Rows, rows_of, shift


@dataclass(frozen=True, slots=True)
class Readiness:
    """Units, waves and rows that a link can use, and what each level can come to.

    `between` and `within` are one of `judged`, `not_yet` (within, two waves), `described` (fewer
    than 10 units) or `none`. `partial` counts rows whose figures cover part of the period;
    `reliability` and `response` are (source, target) pairs, None where unknown.
    """

    formula: str
    units: int
    waves: int
    rows: int
    partial: int
    withheld: int
    reliability: tuple[float | None, float | None]
    response: tuple[float | None, float | None]
    between: str
    within: str


def readiness(panel: Panel, link: Link) -> Readiness:
    """Return what the panel holds for a link, after its lag and its `only` filter."""
    rows = rows_of(panel, link)
    times = np.bincount(rows.unit, minlength=1)
    units, waves = int(np.sum(times > 0)), rows.waves
    moving = int(np.sum(times > 1))
    pair = (link.source, link.target)
    return Readiness(
        formula=link.formula,
        units=units,
        waves=waves,
        rows=len(rows.unit),
        partial=_partial(panel, link, rows),
        withheld=sum(panel.withheld.get(key, 0) for key in pair),
        reliability=(panel.icc2.get(link.source), panel.icc2.get(link.target)),
        response=(_response(panel, link.source), _response(panel, link.target)),
        between=_class(units),
        within="none" if waves < 2 else "not_yet" if _short(waves, moving) else _class(moving),
    )


def _short(waves: int, units: int) -> bool:
    return waves == 2 and units >= FEWEST_UNITS


def _class(units: int) -> str:
    if units == 0:
        return "none"
    return "judged" if units >= FEWEST_UNITS else "described"


def _partial(panel: Panel, link: Link, rows: Rows) -> int:
    part = np.zeros(len(rows.unit), dtype=bool)
    for key, lag in ((link.source, link.lag), (link.target, 0)):
        if key in panel.coverage:
            part |= shift(panel.coverage[key], lag)[rows.unit, rows.wave] < 1
    return int(part.sum())


def _response(panel: Panel, key: str) -> float | None:
    known = panel.response.get(key)
    if known is None or not np.isfinite(known).any():
        return None
    return float(np.nanmean(known))
