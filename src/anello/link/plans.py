"""What a link could be found with: by simulation on its own history, or before anything is asked.

Controls and peer groups are left out: they take variance from both sides, so the true chances are
near these, not equal to them.
"""

from dataclasses import replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from anello.model.chain import Chain, Grain, Link
from anello.model.errors import ModelError
from anello.model.evidence import BLOCK, FEWEST_UNITS, TWO_WAVES, Claim, Evidence, Level
from anello.model.plan import Planned, Prospect
from anello.stats.power.series import Parts, parts
from anello.stats.scales.unit_reliability import icc2
from anello.store.panel import Panel

from .needs import outlook
from .power import (
    DRAWS,
    STRONGEST,
    TARGET,
    Design,
    cap,
    detectable,
    reckoned,
    simulate,
    spread,
    units_for,
    waves_for,
)
from .rows import rows_of

Array = NDArray[np.float64]


def from_history(
    panel: Panel, chain: Chain, draws: int = DRAWS, planned: Planned | None = None
) -> tuple[Prospect, ...]:
    """Return what each link can be found with, by the variances and autocorrelation it has shown.

    Chances are simulated `draws` times with the seed of the chain, or computed when `draws` is 0.
    `planned` takes the number of units and waves from a plan instead of the history.
    """
    found = []
    for link in chain.links:
        for level in Level:
            design = of_history(panel, link, level)
            if design is not None and planned is not None:
                design = replace(design, units=planned.units, waves=planned.waves)
            found.append(_prospect(link, level, design, draws, chain.seed))
    return tuple(found)


def from_plan(chain: Chain, planned: Planned, draws: int = DRAWS) -> tuple[Prospect, ...]:
    """Return what each link can be found with, before anything is asked."""
    return tuple(
        _prospect(link, level, of_plan(planned, _persons(chain, link), link.lag), draws, chain.seed)
        for link in chain.links
        for level in Level
    )


def of_history(panel: Panel, link: Link, level: Level) -> Design | None:
    """Return the design that a link's own rows make; None when one side does not vary.

    Rows are laid out as so many complete waves as the mean unit is worth (harmonic mean).
    """
    rows = rows_of(panel, link)
    times = np.bincount(rows.unit)[np.unique(rows.unit)] if len(rows.unit) else np.zeros(0)
    times = times if level is Level.BETWEEN else times[times > 1]
    if len(times) < 3:
        return None
    waves = max(1, round(len(times) / float(np.sum(1 / times)))) + link.lag
    sides = [_grid(rows.unit, rows.wave, rows.cells[:, i]) for i in (1, 0)]
    try:
        source, target = (_parts(side, level) for side in sides)
    except ValueError:
        return None
    return Design(len(times), waves, source, target, lag=link.lag)


def _grid(unit: NDArray[np.int64], wave: NDArray[np.int64], values: Array) -> Array:
    codes = np.unique(unit, return_inverse=True)[1]
    out = np.full((int(codes.max()) + 1, int(wave.max()) + 1), np.nan)
    out[codes, wave] = values
    return out[:, np.isfinite(out).any(axis=0)]


def _parts(values: Array, level: Level) -> Parts:
    """Return the parts of one side; with a single wave everything stays with its unit."""
    try:
        found = parts(values)
    except ValueError:
        known = values[np.isfinite(values)]
        found = Parts(float(np.var(known, ddof=1)), 0.0, 0.0)
    if spread(found, max(2, values.shape[1]), level) <= 1e-12:
        raise ValueError("one side does not vary")
    return found


def _persons(chain: Chain, link: Link) -> tuple[bool, bool]:
    grains = [chain.measure(key).grain for key in (link.source, link.target)]
    return grains[0] is Grain.PERSON, grains[1] is Grain.PERSON


def of_plan(planned: Planned, persons: tuple[bool, bool] = (True, True), lag: int = 0) -> Design:
    """Return the design of a plan, variances in units of a mean's true variance.

    Means of people carry the noise of ICC(2), by ICC(1) and the number who answer; figures of
    units carry none unless a reliability is declared. Raises `ModelError` on numbers that cannot
    be.
    """
    _possible(planned)
    side = Parts(planned.stable, 1 - planned.stable, planned.autocorrelation)
    noise = [1 / _reliability(planned, i, of) - 1 for i, of in enumerate(persons)]
    return Design(planned.units, planned.waves, side, side, (noise[0], noise[1]), lag)


def _reliability(planned: Planned, side: int, persons: bool) -> float:
    said = planned.reliability[side]
    if said is not None:
        return said
    return icc2(planned.icc, planned.size) if persons and planned.size is not None else 1.0


def _possible(p: Planned) -> None:
    said = [("reliability", r, True) for r in p.reliability if r is not None]
    for name, value, whole in (("icc", p.icc, True), ("stable", p.stable, False), *said):
        if not (0 < value <= 1 if whole else 0 < value < 1):
            raise ModelError(
                "`{name}` is a share between 0 and 1; {value} is none.", name=name, value=value
            )
    if not -1 < p.autocorrelation < 1:
        raise ModelError(
            "`autocorrelation` lies between -1 and 1; {value} does not.", value=p.autocorrelation
        )
    counts = {"units": p.units, "waves": p.waves, "size": 1 if p.size is None else p.size}
    for name, count in counts.items():
        if not 1 <= count <= 1_000_000:
            raise ModelError(
                "`{name}` is a number from 1 to a million; {value} is none.", name=name, value=count
            )


def _prospect(link: Link, level: Level, design: Design | None, draws: int, seed: int) -> Prospect:
    claim = Claim(link.source, link.target, link.lag)
    if design is None:
        return Prospect(claim, level, 0, 0, only=link.only)
    if design.rows < (1 if level is Level.BETWEEN else 2):
        return Prospect(
            claim, level, design.units, design.waves, cap=cap(design, level), only=link.only
        )
    worth = in_sd(link, level, design)
    blank = Prospect(
        claim, level, design.units, design.waves, worth,
        detectable=detectable(design, level, draws, seed), cap=cap(design, level), only=link.only,
    )  # fmt: skip
    if worth is None or worth > STRONGEST:
        return blank
    return _with_worth(blank, link, design, draws, seed)


def _with_worth(blank: Prospect, link: Link, design: Design, draws: int, seed: int) -> Prospect:
    level, worth = blank.level, blank.worth
    assert worth is not None
    error = 0.0
    if draws:
        told = simulate(design, level, worth, link.worth, draws, seed)
        seen, found, error = told.seen, told.found, told.error
        nothing = simulate(design, level, 0.0, link.worth, draws, seed).broken
    else:
        chances = reckoned(design, level, worth, worth)
        seen, found = chances.seen, chances.found
        nothing = reckoned(design, level, 0.0, worth).broken
    return replace(
        blank, seen=seen, found=found, nothing=nothing, error=error,
        units_for=units_for(design, level, worth, draws, seed),
        waves_for=waves_for(design, level, worth, draws, seed),
    )  # fmt: skip


def in_sd(link: Link, level: Level, design: Design) -> float | None:
    """Return what is worth acting on in standard deviations of both sides at this level.

    A worth in units of the target, or for a step in units of the source, needs variances in those
    units: a history has them, a plan has not (its variances add up to 1), and None is returned.
    """
    if link.worth.standardised and link.worth.step is None:
        return link.worth.size
    if abs(design.target.stable + design.target.moving - 1) < 1e-12:
        return None
    source, target = (sqrt(spread(of, design.rows, level)) for of in (design.source, design.target))
    size = link.worth.size * (1.0 if link.worth.standardised else 1 / target)
    return size * (1.0 if link.worth.step is None else source / link.worth.step)


def could_have_found(e: Evidence) -> Prospect | None:
    """Return what the data of one row could have found, by its own error and degrees of freedom.

    None where there is no error to go by: fewer than ten units, or nothing to estimate.
    """
    if e.se is None or not e.se or not e.df or not e.step or not e.worth or not e.sd_source:
        return None
    if not e.sd_target or e.units < FEWEST_UNITS:
        return None
    scale = e.sd_source / e.sd_target / abs(e.step)
    least = _least(e)
    at_worth, none = outlook(e, effect=e.worth), outlook(e, effect=0.0)
    capped = e.design == TWO_WAVES or any(c.status == BLOCK for c in e.checks)
    return Prospect(
        e.claim, e.level, e.units, e.waves, e.worth * scale, at_worth.seen,
        0.0 if capped else at_worth.found, 0.0 if capped else none.broken, least * scale,
        only=e.only,
    )  # fmt: skip


def _least(e: Evidence) -> float:
    """Return the smallest effect of one step that is seen in four of five."""
    low, high = 0.0, (e.se or 1.0) * abs(e.step or 1.0)
    while outlook(e, effect=high).seen < TARGET:
        low, high = high, 2 * high
    while high - low > 1e-6 * high:
        middle = (low + high) / 2
        low, high = (low, middle) if outlook(e, effect=middle).seen >= TARGET else (middle, high)
    return high
