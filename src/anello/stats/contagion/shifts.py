"""Who was on which shift of a site's day, with which mood before and after."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from anello.model.errors import ModelError

from ..moments import Floats

Codes = NDArray[np.int64]
Texts = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Shifts:
    """Rows sorted by site-day and shift: one person on one shift.

    `person`, `site`, `day` (a site's day), `shift` (a shift of a site's day) and `slot` (the name
    of the shift, the same on other days) are codes from 0. `pre`, `post` are NaN where missing,
    `weight` is how much a person counts as a colleague, `place` where the row stands in its source.
    """

    person: Codes
    site: Codes
    day: Codes
    shift: Codes
    slot: Codes
    pre: Floats
    post: Floats
    weight: Floats
    place: Codes

    @property
    def n(self) -> int:
        """Return the number of rows."""
        return len(self.person)

    def kept(self, where: NDArray[np.bool_]) -> "Shifts":
        """Return the rows for which `where` is true, everything numbered anew."""
        return replace(
            self,
            person=_codes(self.person[where]),
            site=_codes(self.site[where]),
            day=_codes(self.day[where]),
            shift=_codes(self.shift[where]),
            slot=_codes(self.slot[where]),
            pre=self.pre[where],
            post=self.post[where],
            weight=self.weight[where],
            place=self.place[where],
        )


def shifts(
    who: Texts,
    where: tuple[Texts, Texts, Texts],
    pre: Floats,
    post: Floats,
    weight: Floats | None = None,
    place: Codes | None = None,
) -> Shifts:
    """Return rows in order; those without person, site, day or shift (None) are left out.

    `where` is (site, day, shift). A shift belongs to its site and day, so that "late" of Monday is
    another one than "late" of Tuesday. Raises `ModelError` when no row is left or a weight is not
    positive.

    >>> word = lambda *x: np.array(x, object)
    >>> found = shifts(word("a", "b", "c"), (word("s", "s", "s"), word(1, 1, 1),
    ...                word("late", "early", "late")), np.array([1.0, 2, 3]), np.zeros(3))
    >>> found.shift.tolist(), found.pre.tolist()
    ([0, 1, 1], [2.0, 1.0, 3.0])
    """
    site, day, shift = where
    there = np.array([_all(*row) for row in zip(who, site, day, shift, strict=True)], dtype=bool)
    if not there.any():
        raise ModelError("No row names a person, a day and a shift; choose other columns.")
    w = np.ones(len(there)) if weight is None else weight
    if not np.all(w[there] > 0):
        raise ModelError("Weights of colleagues must be above zero and known in every row.")
    sites, days, slots = (_codes(x[there].astype(str)) for x in (site, day, shift))
    site_day = _codes(sites * (days.max() + 1) + days)
    of_day = _codes(site_day * (slots.max() + 1) + slots)
    order = np.argsort(of_day, kind="stable")
    at = np.arange(len(there)) if place is None else place
    return Shifts(
        _codes(who[there].astype(str))[order], sites[order], site_day[order], of_day[order],
        slots[order], pre[there][order], post[there][order], w[there][order],
        np.asarray(at[there][order], np.int64),
    )  # fmt: skip


def doubled(rows: Shifts) -> tuple[int, int] | None:
    """Return the places of two rows that put one person twice on one day of a site, or None."""
    order = np.lexsort((rows.place, rows.day, rows.person))
    person, day, place = rows.person[order], rows.day[order], rows.place[order]
    same = np.flatnonzero((np.diff(person) == 0) & (np.diff(day) == 0))
    if not same.size:
        return None
    first = min(same, key=lambda i: int(place[i + 1]))
    return int(place[first]), int(place[first + 1])


def parted(rows: Shifts) -> Shifts:
    """Return the rows of site-days with at least two shifts; the others can say nothing."""
    slots = np.bincount(rows.day[first_of(rows.shift)])
    return rows.kept(slots[rows.day] >= 2)


def first_of(codes: Codes) -> Codes:
    """Return where each run of equal sorted codes begins.

    >>> first_of(np.array([0, 0, 1, 2, 2])).tolist()
    [0, 2, 3]
    """
    return np.flatnonzero(np.r_[True, np.diff(codes) != 0])


def _codes(values: NDArray[np.generic]) -> Codes:
    return np.asarray(np.unique(values, return_inverse=True)[1].reshape(-1), dtype=np.int64)


def _all(*values: object) -> bool:
    return all(v is not None and v == v and v != "" for v in values)
