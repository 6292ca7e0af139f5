"""Which links one path model holds, and why the others are left out."""

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import numpy as np

from anello.model.chain import Chain, Link
from anello.model.evidence import FEWEST_UNITS, WARN, Check
from anello.store.panel import Panel

from ..checks.base import shown
from ..loop.track import whole

Edge = tuple[str, str]
FEWEST_WAVES = 3


@dataclass(frozen=True)
class Graph:
    """Links and controls as (source, target) without a ring, and what was left out."""

    links: tuple[Edge, ...]
    controls: tuple[Edge, ...]
    left_out: tuple[Check, ...]

    @property
    def edges(self) -> tuple[Edge, ...]:
        """Return links, then controls."""
        return (*self.links, *self.controls)

    @property
    def measures(self) -> tuple[str, ...]:
        """Return every measure, in the order in which the edges name them."""
        return tuple(dict.fromkeys(name for edge in self.edges for name in edge))


def graph(panel: Panel, chain: Chain) -> Graph:
    """Return the largest connected part of the links that act in one wave and have three waves.

    A link with a lag is left out; if it closes a ring with the others it says so. So are links of
    a part of the units (`only`), and controls that would close a ring.
    """
    left = [_lagged(chain, link) for link in chain.links if link.lag]
    left += [_part(link) for link in chain.links if link.only and not link.lag]
    plain = [link for link in chain.links if not link.lag and not link.only]
    short = [link for link in plain if not _enough(panel, link)]
    left += [_short(panel, link) for link in short]
    held = _connected([link for link in plain if link not in short])
    apart = [link for link in plain if link not in short and link not in held]
    left += [_apart(link) for link in apart]
    links = tuple(dict.fromkeys((link.source, link.target) for link in held))
    controls, more = _controls(panel, held, links)
    return Graph(links, controls, (*left, *more))


def ring(edges: list[Edge]) -> tuple[str, ...]:
    """Return the measures of a ring that the edges close, () when there is none.

    It begins where the last edge begins, if that is part of it.

    >>> ring([("a", "b"), ("b", "a")])
    ('b', 'a', 'b')
    """
    before: dict[str, list[str]] = {}
    for source, target in edges:
        before.setdefault(target, []).append(source)
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        found = error.args[1][:-1]
        first = edges[-1][0]
        turn = found.index(first) if first in found else 0
        return (*found[turn:], *found[:turn], found[turn])
    return ()


def _lagged(chain: Chain, link: Link) -> Check:
    now = [(k.source, k.target) for k in chain.links if not k.lag]
    closed = ring([*now, (link.source, link.target)])
    if closed:
        return Check(
            "paths_ring",
            WARN,
            "The link from {source} to {target} leads back and makes a ring ({ring}); it acts "
            "later and is left out here.",
            shown(source=link.source, target=link.target, ring=closed),
        )
    return Check(
        "paths_lag",
        WARN,
        "The link from {source} to {target} acts later and is left out here.",
        shown(source=link.source, target=link.target),
    )


def _part(link: Link) -> Check:
    return Check(
        "paths_only",
        WARN,
        "The link from {source} to {target} speaks of a part of the units and is left out here.",
        shown(source=link.source, target=link.target),
    )


def _joint(panel: Panel, link: Link) -> tuple[int, int]:
    """Return in how many waves (with three units at least) and units both sides are known."""
    both = np.isfinite(whole(panel, link.source)[0]) & np.isfinite(whole(panel, link.target)[0])
    return int((both.sum(axis=0) >= 3).sum()), int(both.any(axis=1).sum())


def _enough(panel: Panel, link: Link) -> bool:
    waves, units = _joint(panel, link)
    return waves >= FEWEST_WAVES and units >= FEWEST_UNITS


def _short(panel: Panel, link: Link) -> Check:
    waves, units = _joint(panel, link)
    return Check(
        "paths_short",
        WARN,
        "The link from {source} to {target} has {waves} waves and {units} units with both; it "
        "takes three and ten, so it is left out here.",
        shown(source=link.source, target=link.target, waves=waves, units=units),
    )


def _apart(link: Link) -> Check:
    return Check(
        "paths_apart",
        WARN,
        "The link from {source} to {target} is not joined to the others and is left out here.",
        shown(source=link.source, target=link.target),
    )


def _connected(links: list[Link]) -> list[Link]:
    """Return the largest set of links that hang together; of equals the first."""
    groups: list[tuple[set[str], list[Link]]] = []
    for link in links:
        ends = {link.source, link.target}
        touched = [g for g in groups if g[0] & ends]
        names = ends.union(*(g[0] for g in touched))
        held = [k for g in touched for k in g[1]]
        groups = [g for g in groups if g not in touched] + [(names, [*held, link])]
    best = max(groups, key=lambda g: len(g[1]), default=(set(), []))[1]
    return [link for link in links if link in best]


def _controls(
    panel: Panel, links: list[Link], edges: tuple[Edge, ...]
) -> tuple[tuple[Edge, ...], list[Check]]:
    found: list[Edge] = []
    left: list[Check] = []
    for link in links:
        for name in link.controls:
            edge = (name, link.target)
            if edge in edges or edge in found:
                continue
            if ring([*edges, *found, edge]) or not _enough(panel, Link(name, link.target)):
                left.append(_uncontrolled(edge))
            else:
                found.append(edge)
    return tuple(found), left


def _uncontrolled(edge: Edge) -> Check:
    return Check(
        "paths_control",
        WARN,
        "{source} cannot be held equal for {target} here and is left out.",
        shown(source=edge[0], target=edge[1]),
    )
