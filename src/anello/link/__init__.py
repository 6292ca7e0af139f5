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
from .needs import with_needs

LINK_MODELS: dict[str, LinkModel] = {
    "between_within": between_within,
    "lag_profile": lag_profile,
    "key_drivers": key_drivers,
}


def judge(panel: Panel, chain: Chain) -> Judged:
    """Return everything the panel holds about the links of a chain.

    Every p of every link on both levels shares the false discoveries; `tried` says how many.
    """
    found = Judged()
    for model in LINK_MODELS.values():
        found += model(panel, chain)
    evidence = tuple(with_needs(e) for e in shared(found.evidence))
    tried = sum(e.odds is not None for e in evidence)
    return replace(found, evidence=evidence, tried=tried)


def shared(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Return the evidence with q in place: Benjamini-Hochberg over all rows that have a p."""
    odds = [e.odds for e in evidence if e.odds is not None]
    q = iter(benjamini_hochberg([o.p for o in odds]))
    return tuple(
        e if e.odds is None else replace(e, odds=replace(e.odds, q=next(q))) for e in evidence
    )
