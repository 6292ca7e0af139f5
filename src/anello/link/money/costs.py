"""What disengagement costs: leavers, lost customers, managers' hours, each by itself."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from anello.model.evidence import Check, Evidence
from anello.model.money import ROLES, Cost, Disengagement, MoneyFigure
from anello.stats.money.quantity import units
from anello.store.panel import Panel

from .ledger import (
    WAVE,
    YEAR,
    Ledger,
    best_level,
    chained,
    counts,
    interval,
    no_estimate,
    no_way,
    shortest,
)

Array = NDArray[np.float64]

BEST = 0.75


NOT_MEASURED = {
    "leavers": "there is no figure in money: nothing measures who leaves.",
    "customers": "there is no figure in money: nothing measures which customers are lost.",
    "hours": "there is no figure in money: nothing measures the hours of managers.",
}


def usual_levels(panel: Panel, measure: str) -> Array:
    """Return each unit's mean over its waves, of units that were met."""
    known = panel.mean[measure]
    met = np.isfinite(known).any(axis=1)
    return np.asarray(np.nanmean(known[met], axis=1)) if met.any() else np.zeros(0)


def cost_of(ledger: Ledger, said: Disengagement, role: str, usual: Array) -> MoneyFigure:
    """Return what one kind of cost comes to over all units, or why it cannot be said."""
    blank = MoneyFigure(role, (said.measure,), ledger.currency, draws=ledger.draws)
    cost = next((c for c in said.costs if c.role == role), None)
    if cost is None:
        return replace(blank, refused=Check(role, "block", NOT_MEASURED[role]))
    route = shortest(ledger.chain, said.measure, cost.measure)
    if route is None or len(route) < 2:
        return replace(blank, refused=no_way(said.measure, cost.measure))
    blank = replace(blank, path=route)
    level, rows = best_level(ledger, route)
    if level is None or rows is None:
        return replace(blank, refused=no_estimate(ledger, route))
    return _charged(ledger, blank, said, cost, rows, usual)


def _charged(
    ledger: Ledger,
    blank: MoneyFigure,
    said: Disengagement,
    cost: Cost,
    rows: Sequence[Evidence],
    usual: Array,
) -> MoneyFigure:
    """Return what all units together would save at the reference, a wave or a year."""
    rng = np.random.default_rng((ledger.chain.seed, 1000 + ROLES.index(cost.role)))
    better = ledger.chain.measure(said.measure).direction
    reference = said.reference
    if reference is None:
        reference = float(np.quantile(better * usual, BEST)) * better
    short = np.maximum(better * (reference - usual), 0.0)
    per = YEAR if ledger.yearly is not None else WAVE
    change = chained(ledger, rows, -better * float(short.sum()), rng)
    made = ledger.number(cost.makes, [cost.role], [cost.measure, WAVE])
    sum_ = change * made * ledger.amount(cost.each, [cost.role], rng)
    if ledger.yearly is not None:
        sum_ = sum_ * ledger.number(ledger.yearly, [WAVE], [YEAR])
    return replace(
        blank,
        level=rows[0].level,
        step=reference,
        per=(per,),
        product=interval(sum_.expect(units([ledger.currency], [per]))),
        **counts(rows),
    )
