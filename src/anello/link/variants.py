"""The same claim looked at another way, never judged, always beside.

Limits are 95 % limits of the slope (CR2 by unit, t with Satterthwaite's degrees of freedom) times
SD(source) / SD(target); those of a correlation near 1 may therefore pass 1. Fewer than 10 units
get no limits.
"""

from dataclasses import replace

import numpy as np

from anello.model.evidence import FEWEST_UNITS, Level, Variant

from .levels import Slope, between, pooled, within
from .look import Look
from .rows import Rows
from .second import extractions

MOST_WAVES = 24


def variants(look: Look) -> tuple[Variant, ...]:
    """Return the other looks at one link at one level.

    Between: `pooled` (rows as they stand), `pooled:<group>`, and `wave:<key>` for up to 24 waves.
    Within: `no_wave_effects`. Both: `peers:<group>`, and `first:<measure>` beside
    `second:<measure>` on the rows that both extractions have.
    """
    own = _between(look) if look.level is Level.BETWEEN else _within(look)
    return tuple(own + _peers(look) + _second(look))


def _between(look: Look) -> list[Variant]:
    rows, found = look.rows, []
    if rows.waves > 1:
        found += _variant("pooled", "every unit and wave as one row", pooled(rows))
        for group, own in look.peer_groups.items() if len(look.peer_groups) > 1 else ():
            found += _variant(f"pooled:{group}", group, pooled(own))
        for t in np.unique(rows.wave) if rows.waves <= MOST_WAVES else ():
            key = look.panel.waves[int(t)]
            found += _variant(f"wave:{key}", key, between(rows.keep(rows.wave == t)))
    return found


def _within(look: Look) -> list[Variant]:
    label = "without wave effects"
    return _variant("no_wave_effects", label, within(look.rows, wave_effects=False))


def _peers(look: Look) -> list[Variant]:
    found = []
    for group, rows in look.peer_groups.items():
        found += _variant(f"peers:{group}", group, look.fit(_alone(rows)))
    return found if len(look.peer_groups) > 1 else []


def _alone(rows: Rows) -> Rows:
    return replace(rows, peer=np.zeros_like(rows.peer))


def _second(look: Look) -> list[Variant]:
    found = []
    for pair in extractions(look):
        found += _variant(f"first:{pair.first}", pair.first, look.fit(pair.first_rows))
        found += _variant(f"second:{pair.second}", pair.second, look.fit(pair.second_rows))
    return found


def _variant(name: str, label: str, slope: Slope | None) -> list[Variant]:
    if slope is None:
        return []
    low, high = slope.limits if slope.units >= FEWEST_UNITS else (None, None)
    shown = Variant(name, label, slope.standardised, low, high, slope.units, slope.waves, slope.n)
    return [shown]
