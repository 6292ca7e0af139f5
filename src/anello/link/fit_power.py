"""`anello fit power`: what a plan finds, from the numbers of a plan alone."""

from typing import Any

from anello.model.chain import Worth
from anello.model.errors import ModelError
from anello.model.evidence import Level
from anello.model.plan import Planned
from anello.stats.power import correlation

from .plans import of_plan
from .power import DRAWS, Design, detectable, simulate, units_for, waves_for


def fit_power(
    planned: Planned, effect: float = 0.2, worth: float | None = None, draws: int = DRAWS,
    seed: int = 1,
) -> dict[str, Any]:  # fmt: skip
    """Return the chances of a plan on both levels, and what an effect takes to be seen.

    `effect` is the true one, in standard deviations; `worth` the one that somebody would act on,
    as large unless said. `correlation` is the textbook answer between units (Fisher's z), of true
    values and of measures as reliable as these. Raises `ModelError` on numbers that cannot be.

    >>> fit_power(Planned(20, 6), effect=0.1, draws=50)["correlation"]["units"]
    783
    """
    _possible(effect, worth, draws, seed)
    design = of_plan(planned)
    smallest = Worth(effect if worth is None else worth, standardised=True)
    shown = correlation.observed(effect, *_reliable(design))
    return {
        "plan": {"units": planned.units, "waves": planned.waves, "size": planned.size,
                 "icc": planned.icc, "stable": planned.stable,
                 "autocorrelation": planned.autocorrelation,
                 "reliability": list(_reliable(design))},
        "effect": effect, "worth": smallest.size, "draws": draws, "seed": seed,
        "levels": [_level(design, level, effect, smallest, draws, seed) for level in Level],
        "correlation": {"r": effect, "units": correlation.units(effect),
                        "observed_r": shown, "observed_units": correlation.units(shown),
                        "power": correlation.power(shown, planned.units),
                        "detectable_r": correlation.detectable(planned.units)},
    }  # fmt: skip


def _possible(effect: float, worth: float | None, draws: int, seed: int) -> None:
    if not 0 < effect < 1 or (worth is not None and not 0 < worth < 1):
        raise ModelError(
            "An effect in standard deviations lies between 0 and 1; {value} does not.",
            value=effect if not 0 < effect < 1 else worth,
        )
    if not 10 <= draws <= 1_000_000 or seed < 0:
        raise ModelError(
            "Draw between 10 and a million times, with a seed of 0 or more; {draws} and {seed} "
            "were given.",
            draws=draws,
            seed=seed,
        )


def _reliable(design: Design) -> tuple[float, float]:
    """Return the reliability of one unit's mean in one wave, of source and target."""
    return 1 / (1 + design.noise[0]), 1 / (1 + design.noise[1])


def _level(
    design: Design, level: Level, effect: float, worth: Worth, draws: int, seed: int
) -> dict[str, Any]:
    if level is Level.WITHIN and design.rows < 2:
        return {"level": level.value, **dict.fromkeys(KEYS)}
    told = simulate(design, level, effect, worth, draws, seed)
    none = simulate(design, level, 0.0, worth, draws, seed)
    values = (
        told.seen, told.error, told.found, told.broken, none.broken, none.seen,
        detectable(design, level, draws, seed), units_for(design, level, effect, draws, seed),
        waves_for(design, level, effect, draws, seed),
    )  # fmt: skip
    return {"level": level.value, **dict(zip(KEYS, values, strict=True))}


KEYS = (
    "seen", "error", "found", "broken", "broken_if_none", "seen_if_none", "detectable",
    "units_for_80", "waves_for_80",
)  # fmt: skip
