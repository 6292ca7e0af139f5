"""Power of a link by simulation: the product's own estimator and verdict rule, many times over."""

from dataclasses import dataclass, replace
from functools import partial
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from anello.model.chain import Worth
from anello.model.evidence import FEWEST_UNITS, Level
from anello.stats.power import balanced
from anello.stats.power.chances import ALPHA, RATHER, SURE, Chances, chances
from anello.stats.power.search import smallest_effect, smallest_whole
from anello.stats.power.series import Parts, drawn, share_of_mean, within_spread

from .checks.waves import WAVES_FOR_DIRECTION

Array = NDArray[np.float64]

TARGET = 0.80
DRAWS = 1000
CELLS = 1_000_000
MOST_UNITS, MOST_WAVES = 5000, 120
STRONGEST = 0.99
CAP_UNITS = "fewer than ten units are described only; no verdict is reached"
CAP_WAVES = "change inside a unit needs at least three waves; no verdict is reached"
CAP_LAG = "a lagged effect inside units is not judged below ten waves"


@dataclass(frozen=True, slots=True)
class Design:
    """So many units and waves, and how source and target vary over them.

    `noise` is the error variance of one unit's mean in one wave, of source and target: sampling of
    people. Parts read from a history hold it already, and `noise` is then 0. `lag` takes as many
    waves away.
    """

    units: int
    waves: int
    source: Parts
    target: Parts
    noise: tuple[float, float] = (0.0, 0.0)
    lag: int = 0

    @property
    def rows(self) -> int:
        """Return the waves in which source and target can be laid side by side."""
        return self.waves - self.lag


@dataclass(frozen=True, slots=True)
class Simulated:
    """The chances of each outcome over `draws` simulated data sets."""

    seen: float
    found: float
    broken: float
    draws: int

    @property
    def error(self) -> float:
        """Return the Monte Carlo standard error of `seen`, never below that of one draw in 2."""
        p = min(max(self.seen, 1 / (2 * self.draws)), 1 - 1 / (2 * self.draws))
        return sqrt(p * (1 - p) / self.draws)


def cap(design: Design, level: Level) -> str | None:
    """Return why the rule gives no verdict to such a design, or None."""
    if design.units < FEWEST_UNITS:
        return CAP_UNITS
    if level is Level.BETWEEN:
        return None
    if design.rows < 3:
        return CAP_WAVES
    return CAP_LAG if design.lag and design.rows < WAVES_FOR_DIRECTION else None


def simulate(
    design: Design, level: Level, effect: float, worth: Worth, draws: int = DRAWS, seed: int = 1
) -> Simulated:
    """Return how often such data would show a true `effect`, and what verdict they would get.

    `effect` is in standard deviations of the true values at this level; what is measured with
    noise shows less of it. Estimate, CR2 error, degrees of freedom and the rule are those of the
    product for one claim alone: more claims share the false discoveries and need more. The same
    seed gives the same numbers.
    """
    if design.units < FEWEST_UNITS or (level is Level.WITHIN and design.rows < 2):
        return Simulated(0.0, 0.0, 0.0, draws)
    rng = np.random.default_rng(seed)
    make = _between if level is Level.BETWEEN else _within
    each = max(1, CELLS // (design.units * design.rows))
    parts = [min(each, draws - i) for i in range(0, draws, each)]
    told = np.concatenate([_ruled(make(design, effect, n, rng), worth) for n in parts], axis=1)
    seen, found, broken = told.mean(axis=1)
    capped = cap(design, level) is not None
    return Simulated(
        float(seen), 0.0 if capped else float(found), 0.0 if capped else float(broken), draws
    )


def _between(design: Design, effect: float, n: int, rng: np.random.Generator) -> balanced.Slopes:
    x, e = rng.standard_normal((2, n, design.units))
    y = effect * x + sqrt(1 - effect**2) * e
    seen = []
    for v, of, noise in zip((x, y), (design.source, design.target), design.noise, strict=True):
        true = spread(of, design.rows, Level.BETWEEN)
        error = rng.standard_normal(v.shape) * sqrt(noise / design.rows)
        seen.append(sqrt(true) * v + error)
    return balanced.between(seen[0], seen[1])


def _within(design: Design, effect: float, n: int, rng: np.random.Generator) -> balanced.Slopes:
    source, target, waves = design.source, design.target, design.rows
    level_variance = [spread(of, waves, Level.WITHIN) for of in (source, target)]
    slope = effect * sqrt(level_variance[1] / level_variance[0])
    left = (1 - effect**2) * level_variance[1] / (1 - share_of_mean(waves, target.autocorrelation))
    x = sqrt(source.moving) * drawn(n, design.units, waves, source.autocorrelation, rng)
    e = sqrt(left) * drawn(n, design.units, waves, target.autocorrelation, rng)
    y = slope * x + e
    noisy = [v + sqrt(k) * rng.standard_normal(v.shape) if k else v
             for v, k in zip((x, y), design.noise, strict=True)]  # fmt: skip
    return balanced.within(noisy[0], noisy[1])


def spread(of: Parts, waves: int, level: Level) -> float:
    """Return the true variance at a level: of unit means, or of what is left inside a unit."""
    share = share_of_mean(waves, of.autocorrelation)
    return of.stable + of.moving * share if level is Level.BETWEEN else of.moving * (1 - share)


def _ruled(found: balanced.Slopes, worth: Worth) -> NDArray[np.bool_]:
    """Return seen, found, broken for each draw, by the rule of `model.evidence`."""
    step = found.sd_source if worth.step is None else worth.step
    size = worth.size * (found.sd_target if worth.standardised else 1.0)
    effect, se = found.estimate * step, found.se * np.abs(step)
    seen = effect / se >= stdtrit(found.df, 1 - ALPHA / 2)
    enough = stdtr(found.df, (effect - size / 2) / se) >= RATHER
    broken = stdtr(found.df, (effect - size) / se) <= 1 - SURE
    return np.array([seen, (effect >= size) & enough & seen & ~broken, broken])


def expected(design: Design, level: Level, effect: float = 0.0) -> tuple[float, float, float]:
    """Return (what is shown of the effect, its error, its df) without simulation, standardised.

    Right for many units; with few it is where a search begins, and what `check` prints at once.
    """
    shown = effect * sqrt(_kept(design, level, 0) * _kept(design, level, 1))
    free = max(design.units - 1, 1)
    if level is Level.BETWEEN:
        return shown, sqrt((1 - shown**2) / max(design.units - 2, 1)), max(free / 3, 1.0)
    sides = zip((design.source, design.target), design.noise, strict=True)
    phi = [of.autocorrelation * of.moving / (of.moving + noise) for of, noise in sides]
    variance, df = within_spread(design.rows, *phi)
    scale = (1 - share_of_mean(design.rows, phi[0])) / (1 - share_of_mean(design.rows, phi[1]))
    return shown, sqrt((1 - shown**2) * variance * scale / free), max(df * free, 1.0)


def _kept(design: Design, level: Level, side: int) -> float:
    """Return the reliability of source (0) or target (1) at a level."""
    true = spread((design.source, design.target)[side], design.rows, level)
    share = 1 / design.rows if level is Level.BETWEEN else 1 - 1 / design.rows
    return true / (true + design.noise[side] * share)


def reckoned(design: Design, level: Level, effect: float, worth: float) -> Chances:
    """Return the chances without simulation; both effects in standard deviations."""
    if design.units < FEWEST_UNITS or (level is Level.WITHIN and design.rows < 2):
        return Chances(0.0, 0.0, 0.0)
    shown, se, df = expected(design, level, effect)
    told = chances(shown, worth, se, df)
    return Chances(told.seen, 0.0, 0.0) if cap(design, level) else told


def detectable(
    design: Design, level: Level, draws: int = 0, seed: int = 1, target: float = TARGET
) -> float | None:
    """Return the smallest effect seen with chance `target`; None when even .99 is not.

    Without `draws` it is computed, with them simulated.
    """
    return smallest_effect(partial(_seen, design, level, draws, seed), target, STRONGEST, 2e-3)


def units_for(
    design: Design, level: Level, effect: float, draws: int = 0, seed: int = 1
) -> int | None:
    """Return how many units see `effect` in four of five; None above five thousand."""

    def chance(units: int, draws: int = draws) -> float:
        return _seen(replace(design, units=units), level, draws, seed, effect)

    near = smallest_whole(partial(chance, draws=0), TARGET, FEWEST_UNITS, MOST_UNITS)
    if not draws or near is None:
        return near
    return smallest_whole(chance, TARGET, FEWEST_UNITS, MOST_UNITS, near)


def waves_for(
    design: Design, level: Level, effect: float, draws: int = 0, seed: int = 1
) -> int | None:
    """Return how many waves of these units see `effect` in four of five; None above 120."""
    fewest = design.lag + (1 if level is Level.BETWEEN else 3)

    def chance(waves: int, draws: int = draws) -> float:
        return _seen(replace(design, waves=waves), level, draws, seed, effect)

    near = smallest_whole(partial(chance, draws=0), TARGET, fewest, MOST_WAVES)
    if not draws or near is None:
        return near
    return smallest_whole(chance, TARGET, fewest, MOST_WAVES, near)


def _seen(design: Design, level: Level, draws: int, seed: int, effect: float) -> float:
    if draws:
        return simulate(design, level, effect, Worth(1.0, standardised=True), draws, seed).seen
    return reckoned(design, level, effect, 1.0).seen
