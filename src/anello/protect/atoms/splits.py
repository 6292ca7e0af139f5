"""Favourable, neutral, unfavourable: from 10 answers, and only where the sums tell nobody's."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import convolve2d

from anello.model.disclosure import band

from .cells import Floats
from .cut import Cut
from .pooling import pool

SMALL = 40
LARGE = 80
SPARE = 2
"""So many of a cell must be able to lie elsewhere; one would do if nothing were ever left out, but
then what is left out would tell that nobody does."""
Grid = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Split:
    """Shares of one item in a fixed set of groups; None where they would tell an answer."""

    groups: tuple[int, ...]
    place: str
    item: str
    favourable: float | None
    neutral: float | None
    unfavourable: float | None
    n: tuple[int, int | None]


def splits(cut: Cut, answers: Floats, item: int, least: int = 10) -> tuple[Split, ...]:
    """Return the shares of an item at both ends of its scale and between, per block of groups.

    The ends are the values on either side of the middle: two of five. Blocks are fixed: groups of
    fewer than `least` answers stand together with siblings, so no difference of two splits is a
    smaller one.
    A block is None when its counts, together with the sums that are published of its cells, would
    place a member: two answers of each cell must be able to lie elsewhere.
    """
    a = cut.atoms
    at = np.flatnonzero(a.cells.item == item)
    n = np.bincount(a.cells.group[at], a.cells.n[at], len(a.groups)).astype(int)
    known = np.flatnonzero(n)
    paths = [
        (*g.home, g.label) if g.together else g.home for g in (a.groups[int(i)] for i in known)
    ]
    counts, total = _counts(cut, answers, item, at)
    found = []
    for block, rows in pool(paths, lambda r: int(n[known[list(r)]].sum()) >= least):
        groups = tuple(int(g) for g in known[list(rows)])
        mine = np.isin(a.cells.group[at], groups)
        whole = counts[mine].sum(axis=0)
        width = int(a.scale.high[item] - a.scale.low[item]) + 1
        end = int(a.scale.forced[item])
        shift = total[mine] - counts[mine].sum(axis=1) * a.scale.low[item]
        held = safe(counts[mine], shift.astype(int), width, end)
        share = [float(v) if held else None for v in whole / whole.sum()]
        n_band = band(int(whole.sum()))
        found.append(
            Split(groups, block.label, a.items[item], share[0], share[1], share[2], n_band)
        )
    return tuple(found)


def _counts(cut: Cut, answers: Floats, item: int, at: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return favourable, neutral, unfavourable of each cell, and its true sum."""
    a = cut.atoms
    cell = np.full(len(a.people), -1)
    for place, c in enumerate(at):
        cell[a.cells.first[c] : a.cells.last[c] + 1] = place
    given = answers[:, item]
    kept = (cut.atom >= 0) & ~np.isnan(given)
    mine, given = cell[cut.atom[kept]], given[kept]
    mine, given = mine[mine >= 0], given[mine >= 0]
    end = a.scale.forced[item]
    top, bottom = given > a.scale.high[item] - end, given < a.scale.low[item] + end
    kinds = [np.bincount(mine, k, len(at)) for k in (top, ~top & ~bottom, bottom)]
    counts = np.stack(kinds, axis=1).astype(np.float64)
    return counts, np.bincount(mine, given, len(at)).astype(np.float64)


def safe(counts: Floats, total: NDArray[np.int64], width: int, end: int) -> bool:
    """Return whether shares and sums leave each member of each cell more than one of three kinds.

    `counts` (C, 3) favourable, neutral, unfavourable; `total` (C,) sums counted from 0; values run
    from 0 to `width` - 1, the outer `end` on both sides being the ends. Large blocks are looked at
    in halves, which tells a reader more than the whole does, so what is safe in halves is safe.

    >>> safe(np.array([[5.0, 0, 0], [3, 2, 0]]), np.array([16, 15]), 5, 2)
    True
    >>> safe(np.array([[5.0, 0, 0], [5, 0, 0]]), np.array([17, 18]), 5, 2)
    False
    """
    n = counts.sum(axis=1).astype(int)
    if n.sum() > SMALL and len(n) > 1:
        half = len(n) // 2
        if all(safe(counts[s], total[s], width, end) for s in (slice(half), slice(half, None))):
            return True
        if n.sum() > LARGE:
            return False
    ways = [_ways(int(m), int(s), width, end) for m, s in zip(n, total, strict=True)]
    whole = counts.sum(axis=0).astype(int)
    return all(_open(ways, c, int(whole[0]), int(whole[2]), int(n[c])) for c in range(len(n)))


def _ways(n: int, total: int, width: int, end: int) -> Grid:
    """Return which numbers (favourable, unfavourable) of n answers can have this sum."""
    grid = np.zeros((n + 1, n + 1), bool)
    for f in range(n + 1):
        for u in range(n + 1 - f):
            m = n - f - u
            if m and width == 2 * end:
                continue
            least = f * (width - end) + m * end
            most = f * (width - 1) + m * (width - end - 1) + u * (end - 1)
            grid[f, u] = least <= total <= most
    return grid


def _open(ways: list[Grid], cell: int, favourable: int, unfavourable: int, n: int) -> bool:
    others = np.ones((1, 1), bool)
    for i, grid in enumerate(ways):
        if i != cell:
            others = convolve2d(others.astype(float), grid.astype(float)) > 0.5
    left = [
        (f, u)
        for f, u in np.argwhere(ways[cell]).tolist()
        if 0 <= favourable - f < others.shape[0]
        and 0 <= unfavourable - u < others.shape[1]
        and others[favourable - f, unfavourable - u]
    ]
    return (
        any(f <= n - SPARE for f, _ in left)
        and any(u <= n - SPARE for _, u in left)
        and any(f + u >= SPARE for f, u in left)
    )
