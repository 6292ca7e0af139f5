"""Spread and shares of every answer: only of many whole atoms, and never two that differ by few.

With n, sum and sum of squares of one group of five, the set of its answers is determined in most
cases; so squares and counts of categories are told of at least 4 atoms and 20 people, and so is
every difference of two that are told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, kron

from anello.model.disclosure import band

from .cells import Floats, Ints
from .cut import Cut

FEWEST_ATOMS, FEWEST_PEOPLE = 4, 20
SPARE = 2
"""So many of each cell must be able to lie on either side, as with shares of favourable answers."""
SLACK = 4.0
"""A sum of squares so near to the least or most that the sums allow is not told."""
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard deviation and share of each value of one item; None where they may not be told.

    `rows` are the people behind it, whole atoms, as the audit wants them; they never leave.
    """

    place: str
    item: str
    sd: float | None
    shares: tuple[float, ...] | None
    n: tuple[int, int | None] | None
    rows: Ints


def enough(atom: Ints, rows: Ints) -> bool:
    """Return whether rows are whole atoms, at least 4 and at least 20 people.

    >>> atom = np.repeat(np.arange(5), 5)
    >>> enough(atom, np.arange(20)), enough(atom, np.arange(15)), enough(atom, np.arange(1, 21))
    (True, False, False)
    """
    if not len(rows) or len(np.unique(rows)) < len(rows) or (atom[rows] < 0).any():
        return False
    size = np.bincount(atom[atom >= 0])
    held = np.bincount(atom[rows], minlength=len(size))
    whole = not ((held > 0) & (held != size)).any()
    return whole and int((held > 0).sum()) >= FEWEST_ATOMS and len(rows) >= FEWEST_PEOPLE


def apart(atom: Ints, unions: Iterable[Ints]) -> bool:
    """Return whether unions, and what is left of each when those inside it are taken out, are many.

    Of two unions one lies in the other or they share nobody; anything else is refused: the audit of
    squares and categories. What is left of a union may also be nobody.

    >>> atom = np.repeat(np.arange(9), 5)
    >>> apart(atom, [np.arange(20), np.arange(45)]), apart(atom, [np.arange(30), np.arange(45)])
    (True, False)
    """
    sets = sorted((frozenset(u.tolist()) for u in unions), key=len)
    for at, one in enumerate(sets):
        rest = one
        for inner in sets[:at]:
            if inner & one and not inner <= one:
                return False
            rest = rest - inner
        left = np.array(sorted(rest), np.int64)
        if not enough(atom, np.array(sorted(one), np.int64)) or (rest and not enough(atom, left)):
            return False
    return True


def spreads(cut: Cut, answers: Floats, item: int) -> tuple[Spread, ...]:
    """Return the spread of an item for every group, and every node above, smallest places first.

    A place is left empty when it is too small, when what is left of it without the places told
    inside it is too small, when a cell of it is coded, and when spread or shares would tell, with
    the sums of its cells, on which side of the middle somebody stands. For whole answers; an item
    without ends tells nothing.
    """
    told: list[Ints] = []
    found = []
    for place, groups in _places(cut):
        rows = _answered(cut, answers, item, groups)
        one = Spread(place, cut.atoms.items[item], None, None, None, rows)
        counted = _held(cut, answers, item, groups) if apart(_given(cut, answers, item),
                                                             [*told, rows]) else None  # fmt: skip
        if counted is not None:
            one = _told(one, counted, answers[rows, item], cut, item)
        if one.sd is not None or one.shares is not None:
            told.append(rows)
        found.append(one)
    return tuple(found)


def _given(cut: Cut, answers: Floats, item: int) -> Ints:
    """Return the atom of each row, -1 for those who gave no answer to the item."""
    return np.where(np.isnan(answers[:, item]), -1, cut.atom)


def _places(cut: Cut) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield groups, then nodes from the deepest up, each with the groups in it."""
    groups = cut.atoms.groups
    for g, group in enumerate(groups):
        yield group.label, (g,)
    nodes = {g.home[:depth] for g in groups for depth in range(len(g.home) + 1)}
    single: set[tuple[int, ...]] = {(g,) for g in range(len(groups))}
    for node in sorted(nodes, key=lambda n: (-len(n), n)):
        inside = tuple(i for i, g in enumerate(groups) if g.home[: len(node)] == node)
        if inside not in single:
            single.add(inside)
            yield node[-1] if node else "", inside


def _answered(cut: Cut, answers: Floats, item: int, groups: tuple[int, ...]) -> Ints:
    atom = _given(cut, answers, item)
    inside = np.isin(np.where(atom >= 0, cut.atoms.group[atom], -1), groups)
    return np.flatnonzero(inside & (atom >= 0))


@dataclass(frozen=True, slots=True)
class _Held:
    """Of the cells of a place: how many, and their sums counted in steps from the lowest value."""

    n: Ints
    total: Ints
    top: int


def _held(cut: Cut, answers: Floats, item: int, groups: tuple[int, ...]) -> _Held | None:
    """Return the cells of a place; None when one is coded or somebody stands in none."""
    c, scale = cut.atoms.cells, cut.atoms.scale
    at = np.flatnonzero((c.item == item) & np.isin(c.group, groups))
    low, high = float(scale.low[item]), float(scale.high[item])
    n = c.n[at]
    given = answers[:, item][~np.isnan(answers[:, item])]
    if c.code[at].any() or not np.isfinite(high - low) or (given != np.floor(given)).any():
        return None
    if int(n.sum()) != len(_answered(cut, answers, item, groups)):
        return None
    total = np.rint(c.total[at] - n * low).astype(np.int64)
    return _Held(n, total, round(high - low))


def _told(one: Spread, held: _Held, given: Floats, cut: Cut, item: int) -> Spread:
    values = np.rint(given - cut.atoms.scale.low[item]).astype(np.int64)
    counts = np.bincount(values, minlength=held.top + 1)
    sd = shares = None
    if _squares_open(held, int((values**2).sum())):
        sd = float(np.std(values, ddof=1))
        if _counts_open(held, counts):
            shares = tuple(float(c) for c in counts / counts.sum())
    n = None if sd is None else band(len(values))
    return Spread(one.place, one.item, sd, shares, n, one.rows)


def _least(n: int, total: int) -> int:
    """Return the least sum of squares of n whole numbers from 0 with this sum."""
    each, more = divmod(total, n) if n else (0, 0)
    return more * (each + 1) ** 2 + (n - more) * each**2


def _most(n: int, total: int, top: int) -> int:
    """Return the greatest sum of squares of n whole numbers from 0 to top with this sum."""
    full, left = divmod(total, top)
    return full * top**2 + left**2


def _squares_open(held: _Held, squares: int) -> bool:
    """Return whether two of each cell may lie on either side, well within what the sums allow."""
    cells = list(zip(held.n.tolist(), held.total.tolist(), strict=True))
    least = [_least(n, t) for n, t in cells]
    most = [_most(n, t, held.top) for n, t in cells]
    for i, (n, total) in enumerate(cells):
        low, high = sum(least) - least[i], sum(most) - most[i]
        for side in (range((held.top + 1) // 2 + 1), range((held.top + 1) // 2, held.top + 1)):
            ends = _with(n, total, held.top, side)
            if ends is None or not low + ends[0] + SLACK <= squares <= high + ends[1] - SLACK:
                return False
    return True


def _with(n: int, total: int, top: int, side: range) -> tuple[int, int] | None:
    """Return least and most squares of a cell in which some members have values of a side."""
    found = []
    for values in combinations_with_replacement(side, min(SPARE, n)):
        rest, left = n - len(values), total - sum(values)
        if 0 <= left <= rest * top:
            own = sum(v * v for v in values)
            found.append((own + _least(rest, left), own + _most(rest, left, top)))
    return (min(f[0] for f in found), max(f[1] for f in found)) if found else None


def _counts_open(held: _Held, counts: Ints) -> bool:
    """Return whether shares of every value and the sums leave each cell more than one side.

    By linear programming over how many of each cell gave each value; one more than `SPARE`, since
    people are whole.
    """
    cells, width = len(held.n), held.top + 1
    values = np.arange(width)
    a = csr_matrix(np.vstack((
        kron(np.eye(cells), np.ones(width)).toarray(),
        kron(np.eye(cells), values).toarray(),
        kron(np.ones(cells), np.eye(width)).toarray(),
    )))  # fmt: skip
    b = np.concatenate((held.n, held.total, counts))
    for cell in range(cells):
        for side in (values <= held.top / 2, values >= held.top / 2):
            goal = np.zeros((cells, width))
            goal[cell] = -side.astype(float)
            done = linprog(goal.ravel(), A_eq=a, b_eq=b, bounds=(0, None), method="highs")
            if done.status != 0 or -done.fun < SPARE + 1:
                return False
    return True
