"""Doubts about waves: too few of them, uneven ones, and what a lag can and cannot show."""

import numpy as np

from anello.model.evidence import Check, Level

from ..levels import between, within
from ..look import Look
from .base import BLOCK, NOTICEABLE, PASS, WARN, shown, turns

WAVES_FOR_DIRECTION = 10


def no_rows(look: Look) -> Check | None:
    """Block when no unit has both measures: they were never asked in the same wave, or nowhere."""
    if len(look.rows.unit):
        return None
    if look.link.lag:
        return Check(
            "no_rows", BLOCK, "No unit has both measures at this distance in time: nothing to see."
        )
    return Check("no_rows", BLOCK, "The two were never measured in the same unit and wave.")


def one_wave(look: Look) -> Check | None:
    """Say that one wave shows who is higher on both, and nothing of change."""
    if look.rows.waves != 1:
        return None
    wave = look.panel.waves[int(look.rows.wave[0])]
    if look.level is Level.WITHIN:
        return Check(
            "one_wave",
            BLOCK,
            "Only the wave {wave} has both: no change to look at.",
            shown(wave=wave),
        )
    return Check(
        "one_wave", WARN, "Only the wave {wave} has both: one look, once.", shown(wave=wave)
    )


def two_waves(look: Look) -> Check | None:
    """Cap a within row of two waves: one change cannot be told from one accident."""
    if look.level is not Level.WITHIN or look.rows.waves != 2:
        return None
    waves = " / ".join(look.panel.waves[int(w)] for w in np.unique(look.rows.wave))
    return Check(
        "two_waves",
        BLOCK,
        "Only two waves have both ({waves}): a third is needed.",
        shown(waves=waves),
    )


def direction(look: Look) -> Check | None:
    """Warn that a lag shows an order in time, not a direction, as long as a loop is possible."""
    if not look.link.lag:
        return None
    return Check(
        "direction",
        WARN,
        "What comes first in time need not be the cause: if the target also moves the source, a "
        "lagged effect appears in both directions.",
    )


def lag_waves(look: Look) -> Check | None:
    """Cap lagged rows within units below ten waves (strict exogeneity fails: Nickell 1981)."""
    if not look.link.lag or look.level is not Level.WITHIN or look.slope is None:
        return None
    waves = look.rows.waves
    if waves >= WAVES_FOR_DIRECTION:
        return None
    return Check(
        "lag_waves",
        BLOCK,
        "With {waves} waves a lagged effect inside units often appears where there is none; "
        "it is not judged below {needed} waves.",
        shown(waves=waves, needed=WAVES_FOR_DIRECTION),
    )


def wave_gap(look: Look) -> Check | None:
    """Warn when a lag of one wave is not always the same time, as in 2019 to 2021."""
    keys = look.panel.waves
    if not look.link.lag or not all(k.lstrip("-").isdigit() for k in keys):
        return None
    lag = look.link.lag
    gaps = {int(keys[t]) - int(keys[t - lag]) for t in np.unique(look.rows.wave)}
    if len(gaps) < 2:
        return None
    return Check(
        "wave_gap",
        WARN,
        "The lag is not the same time everywhere: from {least} to {most} between waves.",
        shown(least=min(gaps), most=max(gaps)),
    )


def wave_effects(look: Look) -> Check | None:
    """Compare with the same row without wave effects: shared ups and downs may make the picture."""
    if look.level is not Level.WITHIN or look.slope is None:
        return None
    without = within(look.rows, wave_effects=False)
    if without is None:
        return None
    with_, without_ = look.slope.standardised, without.standardised
    if turns(with_, without_) or abs(with_ - without_) > 0.1:
        return Check(
            "wave_effects",
            WARN,
            "What all units share in a wave matters: {with_effects} with wave effects, "
            "{without} without.",
            shown(with_effects=with_, without=without_),
        )
    return Check("wave_effects", PASS, "Wave effects in or out make no difference.")


def wave_mix(look: Look) -> Check | None:
    """Compare raw unit means with means cleared of wave effects: units met in different waves.

    It blocks where the cleared means would not come to the same verdict.
    """
    if look.level is not Level.BETWEEN or look.slope is None or look.rows.waves < 2:
        return None
    adjusted = between(look.rows, adjust_waves=True)
    if adjusted is None:
        return None
    raw, clear = look.slope.standardised, adjusted.standardised
    if abs(raw - clear) > NOTICEABLE:
        return Check(
            "wave_mix",
            BLOCK if look.overturned(adjusted) else WARN,
            "Units were met in different waves: {raw} from their plain means, {adjusted} with "
            "each wave's own level taken out.",
            shown(raw=raw, adjusted=clear),
        )
    return Check("wave_mix", PASS, "That units were met in different waves makes no difference.")
