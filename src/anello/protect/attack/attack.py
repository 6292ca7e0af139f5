"""The attack: everything that released figures tell of single answers, alone and put together."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from .alone import end, squares
from .figure import Figure, sums
from .found import Attacked, Finding, Kind, Row
from .joined import components, joined, rest
from .people import Behind, Part, behind
from .staff import Staff
from .twice import changed

Found = tuple[Finding, frozenset[Part]]


def attack(figures: Sequence[Figure], staff: Staff | None = None, k: int = 5) -> Attacked:
    """Return what follows from figures of people, of one release or several.

    Without `staff` everything is known but who stood where; with it, who may stand behind each
    figure. Only what holds for every number of people in the bands is certain; what holds for some
    of them comes with its cases. What joins releases supposes that the same people stand behind
    both, unless the releases themselves, or the list, say otherwise. `k` is the smallest group that
    was promised.
    """
    rows: list[Row] = []
    findings: list[Finding] = []
    for _, cell in groupby(sorted(figures, key=_cell), key=_cell):
        mine = list(cell)
        releases = list(dict.fromkeys(f.release for f in mine))
        for release in releases:
            here = [f for f in mine if f.release == release]
            found = _found(here, staff, k)
            rows.append(_row(release, here, found))
        if len(releases) > 1:
            found = _found(mine, staff, k)
            rows.append(_row("", mine, found))
        findings += [f for f, _ in found]
    return Attacked(tuple(rows), tuple(findings))


def _cell(figure: Figure) -> tuple[str, str]:
    return figure.measure, figure.wave


def _found(figures: Sequence[Figure], staff: Staff | None, k: int) -> list[Found]:
    """Return what all figures of one measure and wave tell, the plainest way first."""
    told = behind(figures, staff)
    whole = [b for b in told if not b.figure.units]
    places = [b for b in told if b.figure.units]
    found = list(_alone(told))
    for rows in components(places):
        if len(rows) > 1:
            found += [f for f in joined(rows, k) if not _known(f, found)]
    for b in whole:
        shown = [p for p in places if p.figure.release == b.figure.release]
        found += [f for f in rest(b, shown, k) if not _known(f, found)]
    twice = [(f, frozenset[Part]()) for f in _twice(places)]
    return found + (twice or [(f, frozenset()) for f in _twice(whole)])


def _alone(told: Sequence[Behind]) -> Iterator[Found]:
    """Yield what each figure tells by itself; one that two releases tell alike counts once."""
    seen = set()
    for b in told:
        mark = (b.parts, b.figure.units, b.figure.told, b.figure.sd)
        if mark in seen:
            continue
        seen.add(mark)
        possible = sums(b.figure, b.people)
        possible = possible if len(possible) else sums(b.figure)
        for found in (end(b, possible), squares(b, possible)):
            if found is not None:
                yield found, b.parts


def _known(one: Found, before: Sequence[Found]) -> bool:
    """Return whether a finding says nothing that is not said of more people already."""
    finding, parts = one
    return any(
        parts <= others and f.certain and (f.least, f.most) == (finding.least, finding.most)
        for f, others in before
    )


def _twice(told: Sequence[Behind]) -> Iterator[Finding]:
    """Yield what places tell of which releases say different things."""
    by: dict[tuple[frozenset[str], frozenset[str]], dict[object, Behind]] = {}
    for b in told:
        place = (b.figure.units, frozenset(p.name for p in b.parts))
        by.setdefault(place, {}).setdefault(b.figure.told, b)
    for different in by.values():
        yield from changed(list(different.values()))


def _row(release: str, figures: Sequence[Figure], found: Sequence[Found]) -> Row:
    """Return the count; people whom two findings speak of count once."""
    exact = side = conditional = small = 0
    counted: set[Part] = set()
    for f, parts in sorted(found, key=lambda one: not one[0].exact):
        conditional += not f.certain
        small += f.kind == Kind.SMALL
        if not f.certain or not f.tells or counted & parts:
            continue
        counted |= parts
        exact += f.people[0] if f.exact else 0
        side += f.people[0] if f.side else 0
    first = figures[0]
    return Row(release, first.measure, first.wave, len(figures), exact, side, conditional, small)
