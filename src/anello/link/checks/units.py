"""Doubts about how many units there are, and whether one of them carries it all."""

from anello.model.evidence import FEWEST_UNITS, Check
from anello.stats.linear.influence import without_each
from anello.stats.linear.wild import wild_p

from ..look import Look
from .base import BLOCK, PASS, WARN, shown, turns

ENOUGH = 30
FEWEST_DF = 4.0


def few_units(look: Look) -> Check | None:
    """Ask the wild cluster bootstrap for a second opinion between 10 and 30 units.

    When it does not share a p of .05 or less, the row is blocked (METHODS of small samples: Webb
    2014; Tipton 2015). Below 10 units nothing is tested at all.
    """
    slope = look.slope
    if slope is None:
        return None
    if slope.units < FEWEST_UNITS:
        return Check(
            "few_units",
            WARN,
            "Only {units} units: what they show is described, not judged.",
            shown(units=slope.units),
        )
    if slope.units > ENOUGH:
        return Check(
            "few_units", PASS, "{units} units are enough to judge.", shown(units=slope.units)
        )
    wild = wild_p(slope.regression, slope.cluster, 0, look.chain.seed)
    p = slope.confidence.p
    values = {"units": slope.units, "p": round(p, 3), "wild": round(wild, 3)}
    if p <= 0.05 < wild:
        return Check(
            "few_units",
            BLOCK,
            "Only {units} units, and two ways to reckon with that disagree: p {p} by "
            "Satterthwaite's degrees of freedom, {wild} by the wild cluster bootstrap.",
            shown(**values),
        )
    return Check(
        "few_units",
        WARN,
        "Only {units} units: p is {p} by Satterthwaite's degrees of freedom and {wild} by the "
        "wild cluster bootstrap.",
        shown(**values),
    )


def one_unit(look: Look) -> Check | None:
    """Leave out each unit in turn; block when the slope hangs on fewer than about four units."""
    slope = look.slope
    if slope is None or slope.units < FEWEST_UNITS:
        return None
    if slope.confidence.df < FEWEST_DF:
        return Check(
            "one_unit",
            BLOCK,
            "A few units carry the estimate almost alone ({df} degrees of freedom).",
            shown(df=round(slope.confidence.df, 1)),
        )
    left = without_each(slope.regression, slope.cluster, 0) * slope.scale
    if any(turns(slope.standardised, float(b)) for b in left):
        return Check(
            "one_unit",
            WARN,
            "One single unit changes the picture: without it the estimate halves or turns.",
        )
    return Check("one_unit", PASS, "No single unit changes the picture.")
