"""Scores become evidence that a link is real: the shelf of link models, and one judgement of all.

A link can at most *go together*. Direction and cause are not read from it.
"""

from dataclasses import replace

from anello.model.chain import Chain
from anello.model.evidence import Evidence
from anello.stats.linear.fdr import benjamini_hochberg
from anello.store.panel import Panel

from .base import Judged, LinkModel
from .between_within import between_within
from .key_drivers import key_drivers
from .lag_profile import lag_profile
from .literature import literature
from .loop.direction import directed
from .money import money
from .needs import with_needs
from .plans import could_have_found
from .published.what_if import sears
from .reverse_loop import reverse_loop
from .whole_chain import whole_chain

LINK_MODELS: dict[str, LinkModel] = {
    "between_within": between_within,
    "lag_profile": lag_profile,
    "key_drivers": key_drivers,
    "reverse_loop": reverse_loop,
    "whole_chain": whole_chain,
}


def judge(panel: Panel, chain: Chain) -> Judged:
    """Return everything the panel holds about the links of a chain.

    Every p of every link on both levels shares the false discoveries; `tried` says how many. What
    others published is laid beside the evidence when all of it is judged.
    """
    found = Judged()
    for model in LINK_MODELS.values():
        found += model(panel, chain)
    evidence = tuple(with_needs(directed(e, found.loops)) for e in shared(found.evidence))
    tried = sum(e.odds is not None for e in evidence)
    told = literature(chain, evidence, panel.icc2)
    asked = chain.money.sears if chain.money is not None else None
    return replace(
        found,
        evidence=evidence,
        tried=tried,
        literature=told,
        prospects=tuple(p for p in map(could_have_found, evidence) if p is not None),
        money=money(evidence, panel, chain),
        what_if=sears(asked) if asked is not None else None,
    )


def shared(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Return the evidence with q in place: Benjamini-Hochberg over all rows that have a p."""
    odds = [e.odds for e in evidence if e.odds is not None]
    q = iter(benjamini_hochberg([o.p for o in odds]))
    return tuple(
        e if e.odds is None else replace(e, odds=replace(e.odds, q=next(q))) for e in evidence
    )
