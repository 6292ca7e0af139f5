"""The answers of a diary in order: person by person, each in time order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from anello.model.errors import ModelError

from ..moments import Floats

Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Diary:
    """Rows sorted by person and time: `person` are codes 0 to J - 1, `time` counts in steps.

    `values` hold one number a row (NaN missing), `texts` one text a row (None missing). `place` is
    where a row stands in its source. `persons` counts those with any row, J.
    """

    person: Codes
    time: Floats
    values: Mapping[str, Floats]
    texts: Mapping[str, NDArray[np.object_]]
    place: Codes

    @property
    def n(self) -> int:
        """Return the number of rows."""
        return len(self.person)

    @property
    def persons(self) -> int:
        """Return the number of people with at least one row."""
        return int(np.unique(self.person).size)

    def kept(self, where: NDArray[np.bool_]) -> "Diary":
        """Return the rows for which `where` is true, people renumbered."""
        _, person = np.unique(self.person[where], return_inverse=True)
        return replace(
            self,
            person=person.astype(np.int64),
            time=self.time[where],
            values={name: v[where] for name, v in self.values.items()},
            texts={name: v[where] for name, v in self.texts.items()},
            place=self.place[where],
        )


def diary(
    person: NDArray[np.object_],
    time: Floats,
    values: Mapping[str, Floats],
    texts: Mapping[str, NDArray[np.object_]] | None = None,
    place: Codes | None = None,
) -> Diary:
    """Return rows in the order of a diary; rows without a person are left out.

    >>> found = diary(np.array(["b", "a", "a"], object), np.array([1.0, 2.0, 1.0]),
    ...               {"x": np.array([3.0, 5.0, 4.0])})
    >>> found.person.tolist(), found.values["x"].tolist()
    ([0, 0, 1], [4.0, 5.0, 3.0])
    """
    there = np.array([p is not None and p == p for p in person], dtype=bool)
    if not there.any():
        raise ModelError("No row names a person; choose another column for the person.")
    _, codes = np.unique(person[there].astype(str), return_inverse=True)
    order = np.lexsort((time[there], codes))
    at = np.arange(len(person)) if place is None else place

    return Diary(
        codes[order].astype(np.int64),
        time[there][order],
        {name: np.asarray(v[there][order], np.float64) for name, v in values.items()},
        {name: np.asarray(v[there][order], object) for name, v in (texts or {}).items()},
        np.asarray(at[there][order], np.int64),
    )


def doubled(rows: Diary) -> tuple[int, int] | None:
    """Return the places of the first two rows of one person at one time, or None."""
    same = (np.diff(rows.person) == 0) & (np.diff(rows.time) == 0)
    if not same.any():
        return None
    pairs = np.flatnonzero(same)
    first = min(pairs, key=lambda i: max(rows.place[i], rows.place[i + 1]))
    one, other = sorted((int(rows.place[first]), int(rows.place[first + 1])))
    return one, other


def lagged(rows: Diary, values: Floats, lag: float) -> Floats:
    """Return each row's value exactly `lag` steps before, NaN where the person has no such row.

    >>> made = diary(np.array(["a"] * 3, object), np.array([1.0, 2.0, 4.0]), {})
    >>> lagged(made, np.array([7.0, 8.0, 9.0]), 1).tolist()
    [nan, 7.0, nan]
    """
    step = 2 * (np.ptp(rows.time) + abs(lag) + 1) if rows.n else 1.0
    at = rows.person * step + (rows.time - (rows.time.min() if rows.n else 0.0))
    wanted = at - lag
    i = np.clip(np.searchsorted(at, wanted - 1e-6), 0, max(len(at) - 1, 0))
    found = np.abs(at[i] - wanted) < 1e-6 if rows.n else np.zeros(0, dtype=bool)
    return np.where(found, values[i], np.nan)


def means(person: Codes, values: Floats) -> Floats:
    """Return each person's mean (J, or J x m) of complete values (n, or n x m)."""
    sizes = np.bincount(person).astype(np.float64)
    if values.ndim == 1:
        return np.asarray(np.bincount(person, weights=values) / sizes)
    columns = [np.bincount(person, weights=v) / sizes for v in values.T]
    return np.stack(columns, axis=1) if columns else np.zeros((len(sizes), 0))


def sums(person: Codes, left: Floats, right: Floats) -> Floats:
    """Return each person's sums of products: left (n x a), right (n x b) -> a x b x J."""
    found = np.empty((left.shape[1], right.shape[1], int(person.max()) + 1))
    for i, one in enumerate(left.T):
        for k, other in enumerate(right.T):
            found[i, k] = np.bincount(person, weights=one * other)
    return found
