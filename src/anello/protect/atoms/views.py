"""Figures for readers: each one a sum of whole cells, counts in bands, rates in steps."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anello.model.atoms import Coded
from anello.model.disclosure import band

from .cells import Floats, Ints
from .cut import Atoms, Cut

STEP = 5
"""Response rates are shown in steps of so many percent."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One published mean: who, which item, n as a band, and whether a part of it is coded.

    `mean` is None where too few answered. `code` says that the figure of a single cell lies at an
    end of the scale: then `mean` is the bound of the code ("4.5 or more"). `partly` says that a
    sum of cells holds a coded one, which moves it by at most half the width of the code.
    """

    place: str
    item: str
    mean: float | None
    n: tuple[int, int | None] | None
    code: Coded = Coded.EXACT
    partly: bool = False
    together: bool = False


def means(atoms: Atoms, node: tuple[str, ...] | None = None) -> tuple[Figure, ...]:
    """Return the figures of every group, or the one figure per item of a node of the hierarchy.

    `()` is the whole organisation. A node adds the groups whose home lies in it; people of a team
    that stands together with one of another node are told one level up, and not here.
    """
    if node is not None:
        inside = [i for i, g in enumerate(atoms.groups) if g.home[: len(node)] == node]
        place = node[-1] if node else ""
        return regrouped(atoms, inside, place)
    c, items = atoms.cells, len(atoms.items)
    key = c.group * items + c.item
    by = np.argsort(key, kind="stable")
    ends = np.searchsorted(key[by], np.arange(len(atoms.groups) * items + 1))
    return tuple(
        _figure(
            atoms, i, by[ends[g * items + i] : ends[g * items + i + 1]], told.label, told.together
        )
        for g, told in enumerate(atoms.groups)
        for i in range(items)
    )


def regrouped(atoms: Atoms, groups: Sequence[int], place: str) -> tuple[Figure, ...]:
    """Return the figures of a new unit made of whole groups, after a re-organisation."""
    together = len(groups) == 1 and atoms.groups[groups[0]].together
    c = atoms.cells
    mine = np.isin(c.group, groups)
    return tuple(
        _figure(atoms, i, np.flatnonzero(mine & (c.item == i)), place, together)
        for i in range(len(atoms.items))
    )


def _figure(atoms: Atoms, item: int, at: Ints, place: str, together: bool) -> Figure:
    """Return the sum of some cells of an item as a figure."""
    c = atoms.cells
    if not len(at):
        return Figure(place, atoms.items[item], None, None, together=together)
    n = int(c.n[at].sum())
    codes = c.code[at]
    if len(at) == 1 and codes[0]:
        code = Coded(int(codes[0]))
        return Figure(
            place, atoms.items[item], _bound(atoms, int(at[0])), band(n), code, together=together
        )
    mean = float(c.total[at].sum() / n)
    partly = bool(codes.any())
    return Figure(place, atoms.items[item], mean, band(n), partly=partly, together=together)


def _bound(atoms: Atoms, cell: int) -> float:
    c, i = atoms.cells, int(atoms.cells.item[cell])
    middle = float(c.total[cell] / c.n[cell])
    low, high = float(atoms.scale.low[i]), float(atoms.scale.high[i])
    return high - 2 * (high - middle) if c.code[cell] > 0 else low + 2 * (middle - low)


def estimates(cut: Cut, item: int, attribute: NDArray[np.int64], values: int) -> Floats:
    """Return the estimated mean of an item for each value of a demographic, shape (G, values).

    Cells are weighted by the share of their people who hold the value, so the figure is a function
    of what is published and of the staff list; it is an estimate, not the mean of those people.
    NaN where fewer than k people of a group hold the value.
    """
    a = cut.atoms
    c = a.cells
    kept = cut.atom >= 0
    held = np.zeros((len(a.people), values))
    np.add.at(held, (cut.atom[kept], attribute[kept]), 1.0)
    running = np.vstack((np.zeros(values), np.cumsum(held, axis=0)))
    at = np.flatnonzero(c.item == item)
    weight = running[c.last[at] + 1] - running[c.first[at]]
    people = weight.sum(axis=1, keepdims=True)
    over, under = np.zeros((len(a.groups), values)), np.zeros((len(a.groups), values))
    count = np.zeros((len(a.groups), values))
    np.add.at(count, c.group[at], weight)
    weight = weight * (weight / people)
    np.add.at(over, c.group[at], weight * (c.total[at] / c.n[at])[:, None])
    np.add.at(under, c.group[at], weight)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(count >= a.k, over / under, np.nan)


def response(answered: int, eligible: int) -> tuple[int, int] | None:
    """Return the range (in percent, by fives) in which a response rate is published.

    None below 5 eligible or when more answered than may (the unit is then blocked). Where the range
    would tell that all answered, or nobody, it is opened until it tells of nobody.

    >>> response(13, 40), response(15, 15), response(1, 12), response(6, 5)
    ((30, 35), (85, 100), (0, 20), None)
    """
    if eligible < 5 or not 0 <= answered <= eligible:
        return None
    low = min(100 * answered // eligible // STEP * STEP, 100 - STEP)
    high = low + STEP
    room = max(2, -(-eligible // 20))
    top = 100 * (eligible - room) // eligible // STEP * STEP
    bottom = -(-100 * room // eligible // STEP) * STEP
    if answered > eligible - room:
        return min(low, top), 100
    if answered < room:
        return 0, max(high, bottom)
    return low, high
