"""What follows when a wave was told twice and the two do not say the same of the same place."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from .figure import sums
from .found import Case, Finding, Kind
from .people import Behind

MANY = 24
"""So many cases are named at most."""
NEAR = 1e-7


def changed(told: Sequence[Behind]) -> Iterator[Finding]:
    """Yield what every two neighbours in a list of different figures of one place tell.

    When exactly one person left or joined between them, that answer is the difference of the two
    sums. For each number of people that fits both this is one case; where all give the same answer
    it is certain, given that one person made the difference.
    """
    for before, after in pairwise(told):
        one, other = before.figure, after.figure
        cases = _one_person(before, after)
        place = tuple(sorted(one.units))
        if not cases:
            yield Finding(Kind.TWICE, (one, other), one.n, one.scale.low, one.scale.high,
                          between=True, place=place)  # fmt: skip
            continue
        least, most = min(c.least for c in cases), max(c.most for c in cases)
        found = Finding(
            Kind.CHANGED, (one, other), (1, 1), least, most, between=True, place=place,
            who=tuple(sorted(p.name for p in before.parts)) if before.persons else (),
        )  # fmt: skip
        yield found if found.exact else replace(found, certain=False, cases=tuple(cases[:MANY]))


def _one_person(before: Behind, after: Behind) -> list[Case]:
    """Return the answer of one person more or fewer, for each number of people that fits."""
    one, other = before.figure, after.figure
    scale = one.scale
    if scale.weighted or one.coded or other.coded:
        return []
    first, second = sums(one, before.people), sums(other, after.people)
    cases = []
    for i, n in enumerate(first.n.tolist()):
        for fewer in (1, -1):
            for at in np.flatnonzero(second.n == n - fewer).tolist():
                ends = first.low[i] - second.high[at], first.high[i] - second.low[at]
                least, most = sorted(float(e) * fewer for e in ends)
                if most >= scale.low - NEAR and least <= scale.high + NEAR:
                    cases.append(Case((n, n - fewer), *scale.inward(least - NEAR, most + NEAR)))
    return cases
