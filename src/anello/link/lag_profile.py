"""Within-unit effects at lags 0, 1, 2 ...: what moves with what, and how long after."""

from dataclasses import replace

from anello.model.chain import Chain, Link
from anello.model.evidence import FEWEST_UNITS
from anello.model.findings import LagPoint
from anello.stats.linear.fdr import benjamini_hochberg
from anello.store.panel import Panel

from .base import Judged
from .levels import Slope, within
from .rows import rows_of

FURTHEST = 4


def lag_profile(panel: Panel, chain: Chain) -> Judged:
    """Return the profile of each pair of linked measures, forward and reverse by the same rule.

    It says when things move together, not which moves which. Each lag uses the rows it has, so
    later lags rest on fewer waves; q corrects for all lags of a pair, in both directions.
    Controls, filters and peers are those of the first link that names the pair.
    """
    points: list[LagPoint] = []
    seen: set[frozenset[str]] = set()
    for link in chain.links:
        pair = frozenset((link.source, link.target))
        if pair not in seen and len(pair) == 2:
            seen.add(pair)
            points += profile(panel, link)
    return Judged(lags=tuple(points))


def profile(panel: Panel, link: Link) -> list[LagPoint]:
    """Return lags 0..L of a link and 1..L of its reverse, L = min(4, waves - 3).

    At lag 0 both directions are one and the same. Fewer than three waves give no profile.
    """
    furthest = min(FURTHEST, rows_of(panel, replace(link, lag=0)).waves - 3)
    back = replace(link, source=link.target, target=link.source)
    looked = [replace(link, lag=lag) for lag in range(furthest + 1)]
    looked += [replace(back, lag=lag) for lag in range(1, furthest + 1)]
    fitted = [(one, within(rows_of(panel, one))) for one in looked]
    tested = [s.confidence.p for _, s in fitted if _testable(s) and s is not None]
    q = iter(benjamini_hochberg(tested))
    return [_point(one, slope, next(q) if _testable(slope) else None) for one, slope in fitted]


def _testable(slope: Slope | None) -> bool:
    return slope is not None and slope.units >= FEWEST_UNITS


def _point(link: Link, slope: Slope | None, q: float | None) -> LagPoint:
    if slope is None:
        return LagPoint(link.source, link.target, link.lag, None, None, None, None, 0, 0)
    low, high = slope.limits if q is not None else (None, None)
    return LagPoint(
        link.source,
        link.target,
        link.lag,
        slope.standardised,
        low,
        high,
        q,
        slope.units,
        slope.n,
    )
