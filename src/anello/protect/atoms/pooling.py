"""Units too small to be shown alone stand together with their nearest siblings, upwards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from anello.model.atoms import Pooled

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    rows: tuple[int, ...]
    enough: bool


def pool(
    paths: Sequence[Path], enough: Callable[[tuple[int, ...]], bool]
) -> tuple[tuple[Pooled, tuple[int, ...]], ...]:
    """Return groups of units that are `enough` together, each with the places in `paths`.

    `paths` lead from the top of the hierarchy to the unit and are unique; `enough` is asked about
    places in `paths` and must stay true when units are added. Small siblings are joined with each
    other first; what is left over joins the nearest sibling; a parent that is small as a whole
    goes one level up. Nothing comes back when the whole organisation is not enough.

    >>> size = {0: 12, 1: 3, 2: 2}
    >>> found = pool([("N", "a"), ("N", "b"), ("N", "c")], lambda r: sum(map(size.get, r)) >= 5)
    >>> [g.label for g, _ in found]
    ['a', 'b + c']
    """
    if not paths:
        return ()
    order = sorted(range(len(paths)), key=lambda i: paths[i])
    blocks = _blocks(order, paths, 0, enough)
    return tuple((_pooled(b.rows, paths), b.rows) for b in blocks if b.enough)


def _pooled(rows: tuple[int, ...], paths: Sequence[Path]) -> Pooled:
    first, last = paths[rows[0]], paths[rows[-1]]
    shared = 0
    for one, other in zip(first, last, strict=False):
        if one != other:
            break
        shared += 1
    return Pooled(first[:shared], tuple(paths[i][-1] for i in rows))


def _blocks(
    rows: list[int], paths: Sequence[Path], depth: int, enough: Callable[[tuple[int, ...]], bool]
) -> list[_Block]:
    if len(rows) == 1:
        return [_Block((rows[0],), enough((rows[0],)))]
    found: list[_Block] = []
    for _, child in groupby(rows, key=lambda i: paths[i][depth : depth + 1]):
        found += _blocks(list(child), paths, depth + 1, enough)
    return _joined(found, enough)


def _joined(blocks: list[_Block], enough: Callable[[tuple[int, ...]], bool]) -> list[_Block]:
    """Return blocks that are enough, in order; one small block when even all are not enough."""
    small = [b for b in blocks if not b.enough]
    if not small:
        return blocks
    made: list[_Block] = []
    open_rows: tuple[int, ...] = ()
    for b in small:
        open_rows = (*open_rows, *b.rows)
        if enough(open_rows):
            made.append(_Block(open_rows, True))
            open_rows = ()
    whole = [b for b in blocks if b.enough]
    if open_rows and not whole and not made:
        return [_Block(open_rows, False)]
    if open_rows and made:
        made[-1] = _Block(made[-1].rows + open_rows, True)
    elif open_rows:
        near = _nearest(open_rows, whole, blocks)
        whole[near] = _Block(whole[near].rows + open_rows, True)
    place = {r: i for i, r in enumerate(r for b in blocks for r in b.rows)}
    tidy = [_Block(tuple(sorted(b.rows, key=place.__getitem__)), True) for b in (*whole, *made)]
    return sorted(tidy, key=lambda b: place[b.rows[0]])


def _nearest(rows: tuple[int, ...], whole: list[_Block], blocks: list[_Block]) -> int:
    place = {r: i for i, b in enumerate(blocks) for r in b.rows}
    here = place[rows[0]]
    return min(range(len(whole)), key=lambda i: (abs(place[whole[i].rows[0]] - here), i))
