"""Money: what somebody says a measure is worth, and what a link then comes to in a currency."""

from dataclasses import dataclass

from .evidence import Check, Level
from .words import Words

LEAVERS, CUSTOMERS, HOURS = "leavers", "customers", "hours"
ROLES = (LEAVERS, CUSTOMERS, HOURS)


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money with the limits that somebody would bet 95 in 100 on; equal when exact."""

    low: float
    mid: float
    high: float


@dataclass(frozen=True, slots=True)
class Value:
    """What one more of a measure is worth, in one unit: over a wave, or over a `year`."""

    measure: str
    amount: Amount
    per: str = "wave"


@dataclass(frozen=True, slots=True)
class Cost:
    """What less engagement is charged for: leavers, lost customers or managers' hours.

    One more of `measure`, in one unit and wave, makes so many of them (4 leavers in 100 staff of a
    shop of 25: `makes` is .25), each at `each`.
    """

    role: str
    measure: str
    each: Amount
    makes: float = 1.0


@dataclass(frozen=True, slots=True)
class Disengagement:
    """Whose shortfall is charged: units whose `measure` stands below `reference`.

    A reference of None is the level that the best quarter of units reach.
    """

    measure: str
    costs: tuple[Cost, ...]
    reference: float | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """What a chain says about money.

    `paths` are measures from source to target; without any, the links into each valued measure
    and the shortest way to it from each measure of staff are taken. `sears` asks for the what-if
    of a famous chain, so many points of attitude.
    """

    currency: str
    values: tuple[Value, ...] = ()
    paths: tuple[tuple[str, ...], ...] = ()
    disengagement: Disengagement | None = None
    waves_per_year: float | None = None
    sears: float | None = None

    def named(self) -> tuple[tuple[str, tuple[str | int, ...]], ...]:
        """Return every measure that is named, with its place in the chain file."""
        out: list[tuple[str, tuple[str | int, ...]]] = [
            (v.measure, ("money", "worth", v.measure)) for v in self.values
        ]
        out += [(name, ("money", "paths", i)) for i, p in enumerate(self.paths) for name in p]
        if self.disengagement is not None:
            out.append((self.disengagement.measure, ("money", "disengagement", "of")))
            out += [(c.measure, ("money", "disengagement", c.role, "measure"))
                    for c in self.disengagement.costs]  # fmt: skip
        return tuple(out)


@dataclass(frozen=True, slots=True)
class Interval:
    """A sum with its 95 % interval, never one without the other."""

    low: float
    mid: float
    high: float


@dataclass(frozen=True, slots=True)
class MoneyFigure:
    """What a path of links, or one cost of disengagement, comes to; or why it does not.

    `kind` is `path` or one of `ROLES`. `product` multiplies the links of the path for `step` more
    of its first measure; `direct` is the same from the link between both ends, where the chain has
    it: two estimates of one thing, never to be added. `disagree` when their difference is beyond
    chance. `per` says for what: `unit`, `wave`, `year`. `everywhere` is the product over all units.
    `conditional` asks for the words "if it were causal": some link does not go together within
    units. Counts are those of the weakest link. `refused` says why there is no figure.
    """

    kind: str
    path: tuple[str, ...]
    currency: str
    level: Level | None = None
    step: float | None = None
    per: tuple[str, ...] = ()
    product: Interval | None = None
    direct: Interval | None = None
    disagree: bool = False
    everywhere: Interval | None = None
    conditional: bool = True
    units: int = 0
    waves: int = 0
    n: int = 0
    persons: bool = False
    draws: int = 0
    refused: Check | None = None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Points of customer impression and per cent of revenue growth, never without `banner`."""

    attitude: float
    customer: float
    growth: float
    banner: Words
