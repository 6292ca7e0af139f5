"""A second extraction of the same measure: would another pair of hands have found the same?"""

from dataclasses import dataclass, replace

import numpy as np

from anello.model.chain import Chain, Link

from .look import Look
from .rows import Rows


@dataclass(frozen=True)
class Extraction:
    """One link on the same units and waves, from the measure it names and from its twin."""

    first: str
    second: str
    first_rows: Rows
    second_rows: Rows


def extractions(look: Look) -> tuple[Extraction, ...]:
    """Return every twin of the source or the target, cut to the rows that both have."""
    found = []
    for first, second in _twins(look.chain, look.link):
        one, other = _shared(look.rows, look.instead(_swapped(look.link, first, second)))
        if len(one.unit):
            found.append(Extraction(first, second, one, other))
    return tuple(found)


def _twins(chain: Chain, link: Link) -> list[tuple[str, str]]:
    """Return (measure of the link, its twin), either of which may be the second extraction."""
    sides = (link.source, link.target)
    pairs = [(m.second_of, m.key) for m in chain.measures if m.second_of is not None]
    both = pairs + [(second, first) for first, second in pairs]
    return [(one, twin) for one, twin in both if one in sides and twin not in sides]


def _swapped(link: Link, first: str, second: str) -> Link:
    if link.source == first:
        return replace(link, source=second)
    return replace(link, target=second)


def _shared(one: Rows, other: Rows) -> tuple[Rows, Rows]:
    keys = [r.unit * (1 << 20) + r.wave for r in (one, other)]
    return one.keep(np.isin(keys[0], keys[1])), other.keep(np.isin(keys[1], keys[0]))
