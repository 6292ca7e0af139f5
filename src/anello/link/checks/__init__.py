"""The shelf of doubts: every check that a link has to face, in the order a person would list."""

from anello.model.evidence import Check

from ..look import Look
from .base import LinkCheck
from .comparisons import peer_group, second_extraction
from .figures import partial_periods, reliability, response_rate, same_source, withheld, worth
from .questions import invariance
from .units import few_units, one_unit
from .waves import (
    direction,
    lag_waves,
    no_rows,
    one_wave,
    two_waves,
    wave_effects,
    wave_gap,
    wave_mix,
)

CHECKS: dict[str, LinkCheck] = {
    "no_rows": no_rows,
    "few_units": few_units,
    "one_unit": one_unit,
    "one_wave": one_wave,
    "two_waves": two_waves,
    "direction": direction,
    "lag_waves": lag_waves,
    "wave_gap": wave_gap,
    "wave_effects": wave_effects,
    "wave_mix": wave_mix,
    "partial_periods": partial_periods,
    "response_rate": response_rate,
    "reliability": reliability,
    "invariance": invariance,
    "same_source": same_source,
    "withheld": withheld,
    "peer_group": peer_group,
    "second_extraction": second_extraction,
    "worth": worth,
}


def doubts(look: Look) -> tuple[Check, ...]:
    """Return what every check that applies has to say of one link at one level."""
    found = (check(look) for check in CHECKS.values())
    return tuple(c for c in found if c is not None)
