"""Every link on both levels: between units, and within a unit over time, side by side."""

from dataclasses import replace

from anello.model.chain import Chain
from anello.model.evidence import (
    BETWEEN,
    FEWEST_UNITS,
    LAGGED,
    NONE,
    TWO_WAVES,
    WITHIN,
    Claim,
    Design,
    Evidence,
    Level,
    Odds,
)
from anello.store.panel import Panel

from .base import Judged
from .checks import doubts
from .levels import Slope
from .look import Look, look
from .variants import variants

METHODS = {
    Level.BETWEEN: "OLS on unit means, CR2, Satterthwaite df",
    Level.WITHIN: "two-way within, CR2 by unit, Satterthwaite df",
}
INSIDE_PEERS = ", inside peer groups"


def between_within(panel: Panel, chain: Chain) -> Judged:
    """Return two rows of evidence for each link, in the order of the chain, q still equal to p."""
    looks = [look(panel, chain, link, level) for link in chain.links for level in Level]
    return Judged(evidence=tuple(row(one) for one in looks))


def row(look: Look) -> Evidence:
    """Return the evidence of one link at one level.

    `n` counts the rows that were entered, also those of a unit met once; `units` within counts
    the units met at least twice, for only they can show change.
    """
    link, slope = look.link, look.slope
    blank = Evidence(
        claim=Claim(link.source, link.target, link.lag),
        level=look.level,
        design=design(look),
        method=METHODS[look.level] + (INSIDE_PEERS if link.peers else ""),
        persons=look.rows.persons,
        wished=look.chain.wished(link),
        checks=doubts(look),
        variants=variants(look),
        only=link.only,
        waves=look.rows.waves,
        units=len(set(look.rows.unit)),
        n=look.rows.n,
    )
    return blank if slope is None else _filled(blank, look, slope)


def design(look: Look) -> Design:
    """Return how the claim was looked at: waves decide what a within row is worth."""
    if look.slope is None:
        return NONE
    if look.level is Level.BETWEEN:
        return BETWEEN
    if look.rows.waves < 3:
        return TWO_WAVES
    return LAGGED if look.link.lag else WITHIN


def _filled(blank: Evidence, look: Look, slope: Slope) -> Evidence:
    """Return the row with its numbers; below ten units nothing but the estimate is shown."""
    found, at_stake = slope.confidence, look.stake(slope)
    shown = replace(
        blank,
        estimate=found.estimate,
        standardised=slope.standardised,
        sd_source=slope.sd_source,
        sd_target=slope.sd_target,
        units=slope.units,
        worth=at_stake.worth,
        step=at_stake.step,
    )
    if slope.units < FEWEST_UNITS:
        return shown
    low, high = found.limits()
    turned, worth = at_stake.turned, at_stake.worth
    odds = Odds(turned.above(worth), turned.above(worth / 2), turned.p, q=turned.p)
    return replace(shown, se=found.se, df=found.df, low=low, high=high, odds=odds)
