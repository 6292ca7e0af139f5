"""What a kind of link model is: it reads the panel and the chain and adds to what was judged."""

from dataclasses import dataclass
from typing import Protocol

from anello.model.chain import Chain
from anello.model.evidence import Evidence
from anello.model.findings import Driver, LagPoint
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

    def __add__(self, other: "Judged") -> "Judged":
        return Judged(
            self.evidence + other.evidence,
            self.lags + other.lags,
            self.drivers + other.drivers,
            self.tried + other.tried,
        )


class LinkModel(Protocol):
    """One way of looking at the links of a chain; deterministic for one panel and chain."""

    def __call__(self, panel: Panel, chain: Chain) -> Judged:
        """Return what this model adds, or an empty `Judged` when the data hold nothing for it."""
        ...
