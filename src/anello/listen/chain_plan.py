"""The keys of a plan: what somebody expects to collect, before anything is asked."""

from ..model.plan import Planned
from .chain_keys import Keys, example


class PlanKeys(Keys):
    """So many units and waves, and what is expected of their answers."""

    units: int = example(20, ge=1, le=1_000_000)
    waves: int = example(6, ge=1, le=1000)
    size: float | None = example(12, default=None, ge=1)
    icc: float = example(0.1, default=0.1, gt=0, le=1)
    reliability: float | None = example(0.8, default=None, gt=0, le=1)
    stable: float = example(0.5, default=0.5, gt=0, lt=1)
    autocorrelation: float = example(0.5, default=0.5, gt=-1, lt=1)


def planned(keys: PlanKeys | None) -> Planned | None:
    """Return the plan; one reliability speaks for the means of both sides."""
    if keys is None:
        return None
    return Planned(
        units=keys.units,
        waves=keys.waves,
        size=keys.size,
        icc=keys.icc,
        reliability=(keys.reliability, keys.reliability),
        stable=keys.stable,
        autocorrelation=keys.autocorrelation,
    )
