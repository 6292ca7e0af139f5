"""What sums of money are made of: evidence drawn with its t, units carried, reasons to refuse."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from anello.model.chain import Chain
from anello.model.evidence import Check, Evidence, Level, Verdict
from anello.model.money import Amount, Interval
from anello.stats.money import draws as drawing
from anello.stats.money.quantity import Quantity, units

Route = tuple[str, ...]

TOGETHER = (Verdict.GOES_TOGETHER, Verdict.HOLDS)
UNIT, WAVE, YEAR = "unit", "wave", "year"


@dataclass(frozen=True)
class Ledger:
    """What the sums are made of: the chain, its evidence by claim, and one stream of chance."""

    chain: Chain
    evidence: Sequence[Evidence]
    currency: str
    yearly: float | None
    draws: int

    def rows(self, route: Route, level: Level) -> list[Evidence] | None:
        """Return the evidence of each link of a route; None when one has no error to go by."""
        found = [self.row(source, target, level) for source, target in pairwise(route)]
        return [e for e in found if e is not None] if all(map(usable, found)) else None

    def row(self, source: str, target: str, level: Level) -> Evidence | None:
        """Return the evidence of one link: of all units before a cut of them."""
        wanted = (source, target, level)
        same = [e for e in self.evidence if (e.claim.source, e.claim.target, e.level) == wanted]
        return min(same, key=lambda e: (len(e.only), e.claim.lag), default=None)

    def slope(self, e: Evidence, rng: np.random.Generator) -> Quantity:
        """Return the drawn slope of one link, in units of its target per unit of its source."""
        drawn = drawing.estimate(e.estimate or 0.0, e.se or 0.0, e.df or 1.0, self.draws, rng)
        return Quantity.of(drawn, [e.claim.target], [e.claim.source])

    def number(self, value: float, over: Sequence[str], under: Sequence[str] = ()) -> Quantity:
        """Return a number known exactly, with its units."""
        return Quantity.of(np.full(self.draws, value), over, under)

    def amount(self, a: Amount, under: Sequence[str], rng: np.random.Generator) -> Quantity:
        """Return a declared sum with its limits, per `under`."""
        drawn = drawing.amount(a.low, a.mid, a.high, self.draws, rng)
        return Quantity.of(drawn, [self.currency], under)


def usable(e: Evidence | None) -> bool:
    """Return whether a row holds an estimate with its error and degrees of freedom."""
    return e is not None and e.estimate is not None and e.se is not None and e.df is not None


def best_level(ledger: Ledger, route: Route) -> tuple[Level | None, list[Evidence] | None]:
    """Return the level at which every link has an estimate with its error: inside units first."""
    for level in (Level.WITHIN, Level.BETWEEN):
        rows = ledger.rows(route, level)
        if rows is not None:
            return level, rows
    return None, None


def chained(
    ledger: Ledger, rows: Sequence[Evidence], step: float, rng: np.random.Generator
) -> Quantity:
    """Return what the last target shows for a step of the first source."""
    found = ledger.number(step, [rows[0].claim.source])
    for e in rows:
        found = found * ledger.slope(e, rng)
    return found.expect(units([rows[-1].claim.target]))


def counts(rows: Sequence[Evidence]) -> dict[str, Any]:
    """Return the counts of the weakest link, and whether "if it were causal" has to be said."""
    sure = all(e.level is Level.WITHIN and e.verdict in TOGETHER for e in rows)
    return {
        "conditional": not sure,
        "units": min(e.units for e in rows),
        "waves": min(e.waves for e in rows),
        "n": min(e.n for e in rows),
        "persons": any(e.persons for e in rows),
    }


def interval(of: Quantity) -> Interval:
    """Return the 95 % limits and the median of what was drawn."""
    return Interval(*drawing.interval(of.draws))


def shortest(chain: Chain, source: str, target: str) -> Route | None:
    """Return the fewest links from source to target, in the order of the chain; None without."""
    ways: list[Route] = [(source,)]
    seen = {source}
    while ways:
        way = ways.pop(0)
        if way[-1] == target:
            return way
        for link in chain.links:
            if link.source == way[-1] and link.target not in seen:
                seen.add(link.target)
                ways.append((*way, link.target))
    return None


def no_estimate(ledger: Ledger, route: Route) -> Check:
    """Return why a path has no sum: the first link without an interval, or mixed levels."""
    for source, target in pairwise(route):
        found = [ledger.row(source, target, level) for level in Level]
        if not any(map(usable, found)):
            return Check(
                "money", "block",
                "there is no figure in money: {source} and {target} have no estimate with an "
                "interval.",
                (("source", source), ("target", target)),
            )  # fmt: skip
    return Check(
        "money", "block",
        "there is no figure in money: some links of the path can be told inside units alone and "
        "others between them alone, and the two are not multiplied.",
    )  # fmt: skip


def no_year(measure: str) -> Check:
    """Return the refusal of a worth over a year where nobody said how long that is."""
    return Check(
        "money", "block",
        "there is no figure in money: {measure} is worth so much over a year, and nobody has said "
        "how many waves make one; say it as `waves_per_year`.",
        (("measure", measure),),
    )  # fmt: skip


def no_way(source: str, target: str) -> Check:
    """Return the refusal of a cost that no link of the chain leads to."""
    return Check(
        "money", "block",
        "there is no figure in money: no link of the chain leads from {source} to {target}.",
        (("source", source), ("target", target)),
    )  # fmt: skip
