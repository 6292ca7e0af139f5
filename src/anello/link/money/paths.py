"""A path of links in money: their product, beside the link that was estimated directly."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from anello.model.evidence import Evidence, Level
from anello.model.money import MoneyFigure, Value
from anello.stats.money import draws as drawing
from anello.stats.money.quantity import Quantity, units

from .ledger import (
    UNIT,
    WAVE,
    YEAR,
    Ledger,
    Route,
    best_level,
    chained,
    counts,
    interval,
    no_estimate,
    no_year,
    usable,
)


def path(ledger: Ledger, route: Route, value: Value, seed: int) -> MoneyFigure:
    """Return what a path of links comes to, beside the link between both its ends."""
    blank = MoneyFigure("path", route, ledger.currency, draws=ledger.draws)
    level, rows = best_level(ledger, route)
    if level is None or rows is None:
        return replace(blank, refused=no_estimate(ledger, route))
    if value.per == YEAR and ledger.yearly is None:
        return replace(blank, refused=no_year(value.measure))
    rng = np.random.default_rng((ledger.chain.seed, seed))
    step = rows[0].step or 1.0
    per = YEAR if ledger.yearly is not None else WAVE
    price = _price(ledger, value, rng)
    product = chained(ledger, rows, step, rng) * price
    told = units([ledger.currency], [UNIT, per])
    whole = _everywhere(ledger, rows)
    direct = _direct(ledger, route, rows, level)
    made = chained(ledger, [direct], step, rng) * price if direct is not None else None
    return replace(
        blank,
        level=level,
        step=step,
        per=(UNIT, per),
        product=interval(product.expect(told)),
        everywhere=interval((product * whole).expect(units([ledger.currency], [per]))),
        direct=interval(made.expect(told)) if made is not None else None,
        disagree=made is not None and _apart(product - made),
        **counts(rows),
    )


def _price(ledger: Ledger, value: Value, rng: np.random.Generator) -> Quantity:
    """Return what one more is worth in one unit, over a year where it is known how long that is."""
    price = ledger.amount(value.amount, [value.measure, UNIT, value.per], rng)
    if value.per == WAVE and ledger.yearly is not None:
        return price * ledger.number(ledger.yearly, [WAVE], [YEAR])
    return price


def _direct(
    ledger: Ledger, route: Route, rows: Sequence[Evidence], level: Level
) -> Evidence | None:
    """Return the link between both ends, when it looks as many waves ahead as the path does."""
    if len(route) < 3:
        return None
    found = ledger.row(route[0], route[-1], level)
    lag = sum(e.claim.lag for e in rows)
    return found if found is not None and usable(found) and found.claim.lag == lag else None


def _apart(difference: Quantity) -> bool:
    low, _, high = drawing.interval(difference.draws)
    return low > 0 or high < 0


def _everywhere(ledger: Ledger, rows: Sequence[Evidence]) -> Quantity:
    return ledger.number(float(min(e.units for e in rows)), [UNIT])
