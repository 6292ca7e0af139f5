"""Doubts about the figures themselves: reliability, response, coverage, source, withheld cells."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from anello.model.evidence import Check, Level
from anello.stats.linear.confidence import Confidence

from ..levels import Slope, dense
from ..look import Look
from ..rows import shift
from .base import BLOCK, PASS, WARN, shown, turns

Array = NDArray[np.float64]
USABLE, CAREFUL = 0.70, 0.50
LOW_RESPONSE = 0.40
SAME_COVERAGE = 0.005


def partial_periods(look: Look) -> Check | None:
    """Never compare a figure of nine months with one of twelve over time; warn between units."""
    spread = [(key, _cells(look, look.panel.coverage[key], key)) for key in _covered(look)]
    if not spread:
        return None
    for key, shares in spread:
        if np.ptp(shares) > SAME_COVERAGE:
            status = BLOCK if look.level is Level.WITHIN else WARN
            return Check(
                "partial_periods",
                status,
                "{measure} covers different parts of its period: {waves}.",
                shown(measure=key, waves=_by_wave(look, shares)),
            )
        if shares[0] < 1 - SAME_COVERAGE:
            return Check(
                "partial_periods",
                WARN,
                "{measure} covers only a part of its period: {waves}.",
                shown(measure=key, waves=_by_wave(look, shares)),
            )
    return Check("partial_periods", PASS, "Every figure covers its whole period.")


def response_rate(look: Look) -> Check | None:
    """Warn when few answered, or when the estimate changes once response is held constant.

    It blocks where the estimate so held would not come to the same verdict. Of persons the rate
    is told in steps of five percent.
    """
    keys = [k for k in look.measures if k in look.panel.response]
    rates = {k: _cells(look, look.panel.response[k], k) for k in keys}
    rates = {k: r for k, r in rates.items() if len(r)}
    if not rates or look.slope is None:
        return None
    key, rate = min(((k, float(np.median(r))) for k, r in rates.items()), key=lambda kr: kr[1])
    if key in look.panel.persons:
        rate = np.floor(rate * 20 + 1e-9) / 20
    if rate < LOW_RESPONSE:
        return Check(
            "response_rate",
            WARN,
            "Few answered: the median response rate of {measure} is {rate}.",
            shown(measure=key, rate=rate),
        )
    plain, held = _with_response(look, key)
    if plain is None or held is None:
        return None
    if turns(plain.standardised, held.standardised):
        return Check(
            "response_rate",
            BLOCK if look.overturned(held) else WARN,
            "Response matters: {plain} becomes {held} once the response rate of {measure} is "
            "held constant.",
            shown(measure=key, plain=plain.standardised, held=held.standardised),
        )
    return Check(
        "response_rate",
        PASS,
        "The median response rate of {measure} is {rate}, and holding it constant changes little.",
        shown(measure=key, rate=rate),
    )


def reliability(look: Look) -> Check | None:
    """Warn when the means of persons are too noisy at this level to find what is there.

    From ICC(2) of one wave and the spread at this level; noise in the source pulls the slope
    towards zero when the target comes from elsewhere (Ludtke et al. 2008). It blocks where the
    noise alone may be why an effect looks too small to be worth it.
    """
    known = [(k, at_level(look, k)) for k in _persons(look)]
    levels = [(k, r) for k, r in known if r is not None]
    if not levels:
        return None
    key, worst = min(levels, key=lambda kr: kr[1])
    values = {"measure": key, "icc2": look.panel.icc2[key], "reliability": worst}
    if worst >= USABLE:
        return Check("reliability", PASS, "The means of persons are reliable at this level.")
    if _hidden(look, dict(levels).get(look.link.source, 1.0)):
        return Check(
            "reliability",
            BLOCK,
            "Chance in {measure} (reliability {reliability} at this level, ICC(2) of one wave "
            "{icc2}) may be all that makes the link look too small.",
            shown(**values),
        )
    if worst < CAREFUL:
        return Check(
            "reliability",
            WARN,
            "Most of what varies in {measure} at this level is chance (reliability "
            "{reliability}, ICC(2) of one wave {icc2}): a true link would look far weaker.",
            shown(**values),
        )
    return Check(
        "reliability",
        WARN,
        "{measure} is not very reliable at this level ({reliability}, ICC(2) of one wave "
        "{icc2}): a true link would look weaker.",
        shown(**values),
    )


def _hidden(look: Look, source: float) -> bool:
    """Return whether an effect surely too small would be unsure once the noise is allowed for."""
    if look.slope is None:
        return False
    seen = look.stake(look.slope)
    if seen.settles != "broken":
        return False
    if source <= 0:
        return True
    found = seen.turned
    true = Confidence(found.estimate / source, found.se / source, found.df)
    return replace(seen, turned=true).settles != "broken"


def at_level(look: Look, key: str) -> float | None:
    """Return the share of a measure's variance at this level that is not sampling chance.

    The error of one cell is (1 - ICC(2)) x the variance of unit means in a wave; a unit mean over
    T waves has a T-th of it, and what is left after unit and wave effects has nearly all of it.
    """
    icc2 = look.panel.icc2.get(key)
    if icc2 is None or look.slope is None:
        return None
    column = 1 if key == look.link.source else 0
    values, wave = look.rows.cells[:, column], look.rows.wave
    spreads = [np.var(values[wave == t], ddof=1) for t in np.unique(wave) if sum(wave == t) > 1]
    if not spreads:
        return None
    error = (1 - icc2) * float(np.mean(spreads))
    times = np.bincount(dense(look.rows.unit))
    sd = look.slope.sd_source if column == 1 else look.slope.sd_target
    if look.level is Level.BETWEEN:
        error *= float(np.mean(1 / times))
    else:
        n = len(values)
        sd *= float(np.sqrt((n - 1) / max(n - len(times) - look.rows.waves + 1, 1)))
    return max(0.0, 1 - error / sd**2)


def same_source(look: Look) -> Check | None:
    """Warn when the same people gave both answers: a shared mood makes links of its own.

    Two unit-level figures of one source count when both declare a base of respondents.
    """
    pair = [look.chain.measure(k) for k in (look.link.source, look.link.target)]
    if len({m.source for m in pair}) > 1:
        return None
    if all(m.key in look.panel.persons for m in pair):
        return Check(
            "same_source", WARN, "The same people answered both: a shared mood is part of the link."
        )
    if all(m.base for m in pair):
        return Check(
            "same_source",
            WARN,
            "Both figures come from one survey: a shared mood is part of the link.",
        )
    return None


def withheld(look: Look) -> Check | None:
    """Say how many cells were hidden because too few people answered."""
    cells = sum(look.panel.withheld.get(k, 0) for k in set(look.measures))
    if not cells:
        return None
    return Check(
        "withheld",
        WARN,
        "Figures withheld because fewer than {k} people answered, and so not in this row: {cells}.",
        shown(k=look.chain.disclosure.k, cells=cells),
    )


def worth(look: Look) -> Check | None:
    """Warn when nobody said beforehand which effect would be worth acting on."""
    if look.link.worth.declared:
        return None
    return Check(
        "worth",
        WARN,
        "Nobody said which effect would be worth acting on: {size} standard deviations is taken.",
        shown(size=look.link.worth.size),
    )


def _covered(look: Look) -> list[str]:
    known = [k for k in look.measures if k in look.panel.coverage]
    return [k for k in known if len(_cells(look, look.panel.coverage[k], k))]


def _persons(look: Look) -> list[str]:
    return [k for k in (look.link.source, look.link.target) if k in look.panel.persons]


def _row_values(look: Look, values: Array, key: str) -> Array:
    moved = shift(values, look.link.lag) if key == look.link.source else values
    return np.asarray(moved[look.rows.unit, look.rows.wave], dtype=float)


def _cells(look: Look, values: Array, key: str) -> Array:
    """Return the known values of a fact behind the rows of this link."""
    used = _row_values(look, values, key)
    return used[np.isfinite(used)]


def _by_wave(look: Look, shares: Array) -> str:
    known = look.rows.wave
    if len(known) != len(shares):
        return ", ".join(f"{100 * s:.0f} %" for s in np.unique(shares))
    parts = []
    for t in np.unique(known):
        here = np.unique(np.round(100 * shares[known == t]))
        span = "-".join(f"{s:.0f}" for s in (here if len(here) == 1 else (here[0], here[-1])))
        parts.append(f"{look.panel.waves[int(t)]} {span} %")
    return ", ".join(parts)


def _with_response(look: Look, key: str) -> tuple[Slope | None, Slope | None]:
    """Return the slope on the rows with a response rate: plain, and holding it constant."""
    rate = _row_values(look, look.panel.response[key], key)
    rows = look.rows.keep(np.isfinite(rate))
    return look.fit(rows), look.fit(rows.beside(rate[np.isfinite(rate)]))
