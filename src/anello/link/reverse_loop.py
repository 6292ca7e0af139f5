"""Which of two comes first inside a unit, once what is stable in it has been taken out?

For each pair of linked measures the RI-CLPM (Hamaker, Kuiper & Grasman, 2015) with lags that are
equal in all waves; beside it the CLPM, which takes stable differences for a loop, and below ten
waves the ML dynamic panel (Allison, Williams & Moral-Benito, 2017). Needs three waves in a row,
ten units, and no fewer units than parameters.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from anello.model.chain import Chain, Link, Worth
from anello.model.errors import ModelError
from anello.model.evidence import FEWEST_UNITS
from anello.model.loop import CLPM, DYNAMIC, RICLPM, CrossLag, CrossLags, Loop
from anello.stats.linear.confidence import Confidence
from anello.stats.linear.fdr import benjamini_hochberg
from anello.store.panel import Panel

from .base import Judged
from .loop.checks import agreed, doubts, needs
from .loop.fit import LoopFit, fitted
from .loop.track import Track, track
from .structural import indices

SPENT = 2
ENOUGH_WAVES = 10


def reverse_loop(panel: Panel, chain: Chain) -> Judged:
    """Return one loop for each pair that two waves or more have; q over all cross-lags of a method.

    The cross-lags are a family of their own: two for each pair, beside the rows of the links.
    """
    found = [_followed(panel, link) for link in pairs(chain)]
    told = shared(tuple(loop for loop in found if loop is not None))
    return Judged(loops=tuple(agreed(loop) for loop in told))


def pairs(chain: Chain) -> Iterator[Link]:
    """Return the first link that names each pair of measures, one for each cut of the units."""
    seen: set[tuple[frozenset[str], tuple[tuple[str, str], ...]]] = set()
    for link in chain.links:
        key = (frozenset((link.source, link.target)), link.only)
        if key not in seen and link.source != link.target:
            seen.add(key)
            yield link


def _followed(panel: Panel, link: Link) -> Loop | None:
    found = track(panel, link)
    if len(found.waves) < 2:
        return None
    missing = needs(found)
    whole = None if missing else _try(found, RICLPM)
    naive = _try(found, CLPM) if found.units >= FEWEST_UNITS else None
    blank = Loop(
        link.source,
        link.target,
        link.only,
        found.units,
        len(found.waves),
        found.waves[0],
        found.waves[-1],
        found.n,
        worth=_worth(link.worth, whole or naive),
        naive=_cross(link, naive, CLPM, found.units),
    )
    if missing:
        return replace(blank, checks=tuple(missing))
    checks = tuple(doubts(panel, link, found, whole))
    told = _told(replace(blank, checks=checks), link, whole)
    if told.judged is None or len(found.waves) >= ENOUGH_WAVES:
        return told
    second = _try(found, DYNAMIC)
    return replace(told, dynamic=_cross(link, _alike(second, whole), DYNAMIC, found.units))


def _alike(found: LoopFit | None, whole: LoopFit | None) -> LoopFit | None:
    """Return a fit whose slopes are standardised as those of the RI-CLPM; None if improper."""
    if found is None or whole is None or found.faults:
        return None
    return replace(found, sd=whole.sd)


def _told(blank: Loop, link: Link, found: LoopFit | None) -> Loop:
    """Return the loop with what the RI-CLPM says; an improper solution says nothing."""
    judged = _cross(link, found, RICLPM, blank.units)
    if found is None or judged is None or found.faults or found.stable is None:
        return blank
    x, y, together = found.stable
    return replace(
        blank,
        judged=judged,
        stable=together,
        stable_source=x / (x + found.sd[0] ** 2),
        stable_target=y / (y + found.sd[1] ** 2),
        together=found.together,
        parameters=found.npar,
        fit=None if found.fit is None else indices(found.fit),
    )


def _try(found: Track, kind: str) -> LoopFit | None:
    try:
        return fitted(found.x, found.y, kind, compare=kind == RICLPM)
    except (ModelError, np.linalg.LinAlgError):
        return None


def _worth(worth: Worth, found: LoopFit | None) -> float:
    """Return what is worth acting on in SDs of what moves inside a unit, for one SD of it."""
    if found is None:
        return worth.size if worth.standardised else float("nan")
    x, y = found.sd
    size = worth.size if worth.standardised else worth.size / y
    return abs(size if worth.step is None else size * x / worth.step)


def _cross(link: Link, found: LoopFit | None, method: str, units: int) -> CrossLags | None:
    if found is None or not found.converged:
        return None
    r, worth, df = found.scale, _worth(link.worth, found), float(units - SPENT)
    out, back = found.lags
    se_out, se_back = found.se
    variance = r**2 * found.cov[0, 0] + found.cov[1, 1] / r**2 - 2 * found.cov[0, 1]
    apart = Confidence(out * r - back / r, float(np.sqrt(max(variance, 0.0))), df)
    low, high = apart.limits()
    return CrossLags(
        method,
        _lag((link.source, link.target), Confidence(out, se_out, df), r, worth),
        _lag((link.target, link.source), Confidence(back, se_back, df), 1 / r, worth),
        apart.estimate,
        low,
        high,
    )


def _lag(names: tuple[str, str], found: Confidence, scale: float, worth: float) -> CrossLag:
    turned = Confidence(found.estimate * scale, found.se * scale, found.df)
    low, high = turned.limits()
    small = turned.above(-worth) - turned.above(worth)
    sign = 1.0 if turned.estimate >= 0 else -1.0
    half = Confidence(sign * turned.estimate, turned.se, turned.df).above(worth / 2)
    told = (found.estimate, found.se, turned.estimate, low, high)
    return CrossLag(*names, *told, worth, small, half, found.p, found.p)


def shared(loops: tuple[Loop, ...]) -> tuple[Loop, ...]:
    """Return the loops with q in place: Benjamini-Hochberg over the cross-lags of each method."""
    for name in ("judged", "naive", "dynamic"):
        every = [found for loop in loops if (found := getattr(loop, name)) is not None]
        q = iter(benjamini_hochberg([lag.p for c in every for lag in (c.forward, c.back)]))
        loops = tuple(_with_q(loop, name, q) for loop in loops)
    return loops


def _with_q(loop: Loop, name: str, q: Iterator[float]) -> Loop:
    found: CrossLags | None = getattr(loop, name)
    if found is None:
        return loop
    told = replace(
        found,
        forward=replace(found.forward, q=next(q)),
        back=replace(found.back, q=next(q)),
    )
    put: Callable[..., Loop] = replace
    return put(loop, **{name: told})
