"""Links in a currency: products of slopes along a path, and what disengagement costs.

Every slope is drawn from the t of its own evidence and every declared sum from its own limits,
units are carried through and must come out as money. Links of one path are drawn apart from each
other: each is the slope of its own regression.
"""

from collections.abc import Iterator, Sequence

from anello.model.chain import Chain, Side
from anello.model.evidence import Evidence
from anello.model.money import ROLES, MoneyFigure
from anello.store.panel import Panel

from .costs import cost_of, usual_levels
from .ledger import Ledger, Route, shortest
from .paths import path

DRAWS = 200_000


def money(
    evidence: Sequence[Evidence], panel: Panel, chain: Chain, draws: int = DRAWS
) -> tuple[MoneyFigure, ...]:
    """Return each path and each cost of disengagement in the chain's currency, or why not.

    Figures stand beside each other and are never added: paths share links, and a customer who is
    lost takes sales away that another path counts. The seed is the chain's.
    """
    said = chain.money
    if said is None:
        return ()
    ledger = Ledger(chain, evidence, said.currency, said.waves_per_year, draws)
    worth = {value.measure: value for value in said.values}
    routes = said.paths or tuple(dict.fromkeys(_routes(chain, list(worth))))
    figures = [path(ledger, route, worth[route[-1]], i) for i, route in enumerate(routes)]
    if said.disengagement is not None:
        met = usual_levels(panel, said.disengagement.measure)
        figures += [cost_of(ledger, said.disengagement, role, met)
                    for role in ROLES]  # fmt: skip
    return tuple(figures)


def _routes(chain: Chain, valued: list[str]) -> Iterator[Route]:
    """Yield the links into each valued measure, then the shortest way there from each of staff."""
    for target in valued:
        yield from ((link.source, target) for link in chain.links if link.target == target)
        for m in chain.measures:
            route = shortest(chain, m.key, target)
            if route is not None and chain.side(m.key) is Side.EMPLOYEE and m.key != target:
                yield route
