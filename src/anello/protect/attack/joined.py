"""What figures tell when they are put together: classes of people by difference."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import product
from math import prod

from .figure import Figure, Sums, sums
from .found import Case, Finding, Kind
from .people import Behind, Part, classes, limits, names, places
from .programme import Equation, Told, told

Cases = list[tuple[tuple[int, ...], Told]]
TRIED, MANY = 4096, 64
"""So many choices of the numbers of people are tried, and so many that add up are looked at one by
one; more are looked at as bands."""
NEAR = 1e-7
LARGE = 12
"""Which figures are needed is sought among so many at most."""


def components(behind: Sequence[Behind]) -> list[list[Behind]]:
    """Split figures into sets that share no part; figures that say the same count once."""
    alike: dict[tuple[object, ...], Behind] = {}
    for b in behind:
        if b.parts:
            alike.setdefault((b.parts, b.figure.told), b)
    rows = list(alike.values())
    owner: dict[Part, int] = {}
    root = list(range(len(rows)))
    for row, b in enumerate(rows):
        for part in b.parts:
            root = _united(root, row, owner.setdefault(part, row))
    by: dict[int, list[Behind]] = {}
    for row, b in enumerate(rows):
        by.setdefault(root[row], []).append(b)
    return list(by.values())


def _united(root: list[int], one: int, other: int) -> list[int]:
    if root[one] == root[other]:
        return root
    old, new = root[one], root[other]
    return [new if r == old else r for r in root]


def joined(rows: Sequence[Behind], k: int) -> Iterator[tuple[Finding, frozenset[Part]]]:
    """Yield what the figures of one component tell of each class of people behind them."""
    for parts, cases in _looked_at(rows):
        found = _finding(rows, parts, cases, k)
        if found is not None:
            yield _with_least_figures(rows, parts, found, k), parts


def _with_least_figures(
    rows: Sequence[Behind], parts: frozenset[Part], found: Finding, k: int
) -> Finding:
    """Return the finding with only those figures without which it would not follow."""
    kept = list(rows)
    for b in rows if len(rows) <= LARGE else ():
        fewer = [r for r in kept if r is not b]
        again = next((c for p, c in _looked_at(fewer) if p == parts), None)
        smaller = None if again is None else _finding(fewer, parts, again, k)
        if smaller is not None and _as_good(smaller, found):
            kept, found = fewer, smaller
    return found


def _as_good(one: Finding, other: Finding) -> bool:
    ends = (one.least, one.most, one.certain, one.people, one.kind)
    return ends == (other.least, other.most, other.certain, other.people, other.kind)


def _looked_at(
    rows: Sequence[Behind], wanted: Collection[frozenset[Part]] | None = None
) -> Iterator[tuple[frozenset[Part], Cases]]:
    """Yield each class, or those wanted, with what every choice of the numbers of people tells."""
    if not rows:
        return
    groups, of_row = classes(rows)
    people = [limits(g, rows) for g in groups]
    scale = rows[0].figure.scale
    choices = _choices(rows, of_row)
    for target, parts in enumerate(groups):
        if wanted is not None and parts not in wanted:
            continue
        cases = []
        for n, equations in choices:
            found = told(equations, people, scale, target)
            if found is not None:
                cases.append((n, found))
        yield parts, cases


def _choices(
    rows: Sequence[Behind], of_row: Sequence[tuple[int, ...]]
) -> list[tuple[tuple[int, ...], list[Equation]]]:
    """Return the equations for every choice of the numbers of people that adds up.

    One choice, the bands, where there are too many.
    """
    possible = [sums(b.figure, b.people) for b in rows]
    if all(len(p) for p in possible) and prod(map(len, possible)) <= TRIED:
        kept = [
            choice
            for choice in product(*(range(len(p)) for p in possible))
            if _adds_up(choice, possible, of_row)
        ]
        if len(kept) <= MANY:
            made = [list(map(_fixed, of_row, possible, choice)) for choice in kept]
            return [(tuple(e.n[0] for e in equations), equations) for equations in made]
    return [
        ((), [_banded(at, p, b.figure) for at, p, b in zip(of_row, possible, rows, strict=True)])
    ]


def _adds_up(
    choice: tuple[int, ...], possible: Sequence[Sums], of_row: Sequence[tuple[int, ...]]
) -> bool:
    """Return whether each figure is the sum of its parts, where all parts have their own figure."""
    own = {at[0]: row for row, at in enumerate(of_row) if len(at) == 1}
    for row, at in enumerate(of_row):
        if len(at) == 1 or not all(c in own for c in at):
            continue
        mine, parts = choice[row], [(possible[own[c]], choice[own[c]]) for c in at]
        if int(possible[row].n[mine]) != sum(int(p.n[i]) for p, i in parts):
            return False
        if possible[row].low[mine] > sum(p.high[i] for p, i in parts) + NEAR:
            return False
        if possible[row].high[mine] < sum(p.low[i] for p, i in parts) - NEAR:
            return False
    return True


def _fixed(at: tuple[int, ...], possible: Sums, i: int) -> Equation:
    n = int(possible.n[i])
    return Equation(at, (n, n), float(possible.low[i]) / n, float(possible.high[i]) / n)


def _banded(at: tuple[int, ...], possible: Sums, figure: Figure) -> Equation:
    """Return the equation of a figure of which only the band is used."""
    n = (int(possible.n.min()), int(possible.n.max())) if len(possible) else figure.n
    return Equation(at, n, figure.least, figure.most)


def _finding(
    rows: Sequence[Behind], parts: frozenset[Part], cases: Cases, k: int
) -> Finding | None:
    """Return what holds of a class in every case, or else the cases in which something does."""
    there = [(n, t) for n, t in cases if t.n[1] > 0]
    if not there:
        return None
    people = min(t.n[0] for _, t in cases), max(t.n[1] for _, t in there)
    least, most = min(t.answer[0] for _, t in there), max(t.answer[1] for _, t in there)
    who = names(rows, parts)
    base = Finding(
        Kind.JOINED,
        tuple(b.figure for b in rows),
        people,
        least,
        most,
        between=len({b.figure.release for b in rows}) > 1,
        place=places(rows, parts),
        who=who,
        everyone=bool(who) and people[0] == len(parts),
    )
    if base.tells and people[0] > 0:
        return base
    if people[0] > 0 and people[1] < k and len(rows) > 1:
        return replace(base, kind=Kind.SMALL)
    some = [
        Case(n, *t.answer)
        for n, t in there
        if replace(base, least=t.answer[0], most=t.answer[1]).tells
    ]
    if not some:
        return None
    return replace(base, certain=False, cases=tuple(some), choices=len(cases))


def rest(
    whole: Behind, shown: Sequence[Behind], k: int
) -> Iterator[tuple[Finding, frozenset[Part]]]:
    """Yield what the figure of everybody tells beside those of single units.

    Where it says that it counts just the units that are shown, it is one more sum of them, and
    tells for instance what "4.5 or more" keeps. Else whoever is left when they are taken away is
    told of, but only when there must be somebody.
    """
    others = [b for b in shown if len(b.figure.units) == 1]
    seen: frozenset[Part] = frozenset().union(*(b.parts for b in others))
    if not others or sum(len(b.parts) for b in others) > len(seen):
        return
    full = whole.figure.count == len(others)
    hidden = whole.parts - seen if whole.persons else frozenset({Part("")})
    hidden = frozenset() if full else hidden
    rows = [replace(whole, parts=hidden | seen), *others]
    possible = [sums(b.figure, b.people) for b in rows]
    if not all(len(p) for p in possible) or prod(map(len, possible)) > TRIED:
        return
    if not full and possible[0].n.min() <= sum(int(p.n.max()) for p in possible[1:]):
        return
    wanted = [b.parts for b in others if _may_tell(b)] if full else [hidden]
    for parts, cases in _looked_at(rows, wanted) if wanted else ():
        found = _finding(rows, parts, cases, k)
        if found is not None and (full or found.certain):
            yield found, parts


def _may_tell(b: Behind) -> bool:
    """Return whether a place would tell something if its number of people were known."""
    scale, own = b.figure.scale, sums(b.figure, b.people)
    short, above = own.n * scale.high - own.high, own.low - own.n * scale.low
    return b.figure.coded or bool(
        (short.min() < scale.middle - scale.low) or (above.min() < scale.middle - scale.low)
    )
