"""What a kind of link model is: it reads the panel and the chain and adds to what was judged."""

from dataclasses import dataclass
from typing import Protocol

from anello.model.chain import Chain
from anello.model.evidence import Evidence
from anello.model.findings import Driver, LagPoint
from anello.model.loop import Loop
from anello.model.money import MoneyFigure, WhatIf
from anello.model.paths import PathModel
from anello.model.plan import Prospect
from anello.model.published import Literature
from anello.store.panel import Panel


@dataclass(frozen=True, slots=True)
class Judged:
    """Everything the link room found; `tried` counts the claims that share the false discoveries.

    Two of them add up.
    """

    evidence: tuple[Evidence, ...] = ()
    lags: tuple[LagPoint, ...] = ()
    drivers: tuple[Driver, ...] = ()
    tried: int = 0
    literature: tuple[Literature, ...] = ()
    prospects: tuple[Prospect, ...] = ()
    money: tuple[MoneyFigure, ...] = ()
    what_if: WhatIf | None = None
    loops: tuple[Loop, ...] = ()
    paths: PathModel | None = None

    def __add__(self, other: "Judged") -> "Judged":
        return Judged(
            self.evidence + other.evidence,
            self.lags + other.lags,
            self.drivers + other.drivers,
            self.tried + other.tried,
            self.literature + other.literature,
            self.prospects + other.prospects,
            self.money + other.money,
            self.what_if or other.what_if,
            self.loops + other.loops,
            self.paths or other.paths,
        )


class LinkModel(Protocol):
    """One way of looking at the links of a chain; deterministic for one panel and chain."""

    def __call__(self, panel: Panel, chain: Chain) -> Judged:
        """Return what this model adds, or an empty `Judged` when the data hold nothing for it."""
        ...
