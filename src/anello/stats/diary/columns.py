"""From the terms of a formula to the columns of a model, complete rows only."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anello.model.errors import ModelError

from ..moments import Floats
from .rows import Codes, Diary, lagged
from .terms import Term

MOST_LEVELS = 50


@dataclass(frozen=True, eq=False)
class Complete:
    """Rows without a missing value: the `diary`, and a column for each term that was asked."""

    diary: Diary
    terms: tuple[Term, ...]
    columns: tuple[Floats, ...]
    dropped: int

    def __getitem__(self, term: Term) -> Floats:
        return self.columns[self.terms.index(term)]


def is_text(rows: Diary, term: Term) -> bool:
    """Return whether a term holds words, so that it enters by its levels."""
    return term.column in rows.texts


def complete(rows: Diary, terms: tuple[Term, ...]) -> Complete:
    """Return the rows that miss nothing of the terms; raises `ModelError` when none is left.

    Texts come as codes, their levels sorted; see `levels`. Lags are taken before rows are dropped.
    """
    found = [_column(rows, term) for term in terms]
    there = np.ones(rows.n, dtype=bool)
    for column in found:
        there &= np.isfinite(column)
    if not there.any():
        raise ModelError("No row is left to fit: every row misses a value.")
    kept = rows.kept(there)
    if not (np.diff(kept.person) == 0).any():
        raise ModelError(
            "Nobody has two complete rows, so nothing can be said of what happens inside a person; "
            "a diary needs at least two prompts of each person."
        )
    return Complete(kept, terms, tuple(c[there] for c in found), int((~there).sum()))


def _column(rows: Diary, term: Term) -> Floats:
    if is_text(rows, term):
        names = levels(rows, term)
        place = {name: float(i) for i, name in enumerate(names)}
        column = np.array([place.get(v, np.nan) for v in rows.texts[term.column]], dtype=np.float64)
    else:
        column = rows.values[term.column]
    return lagged(rows, column, term.lag) if term.lag else column


def levels(rows: Diary, term: Term) -> tuple[str, ...]:
    """Return the levels of a text in sorted order."""
    found = sorted({str(v) for v in rows.texts[term.column] if v is not None})
    if len(found) > MOST_LEVELS:
        raise ModelError(
            "{column!r} has {levels} different words, too many for effects of their own; leave it "
            "out.",
            column=term.column,
            levels=len(found),
        )
    return tuple(found)


def controls(
    found: Complete, rows: Diary, terms: tuple[Term, ...]
) -> tuple[Floats, tuple[str, ...]]:
    """Return controls as they stand; a text as one column for each level after the first."""
    columns: list[Floats] = []
    names: list[str] = []
    for term in terms:
        column = found[term]
        if not is_text(rows, term):
            columns.append(column)
            names.append(term.label)
            continue
        for i, level in enumerate(levels(rows, term)[1:], start=1):
            if (column == i).any() and not (column == i).all():
                columns.append((column == i).astype(np.float64))
                names.append(f"{term.label}{level}")
    n = found.diary.n
    return (np.column_stack(columns) if columns else np.zeros((n, 0))), tuple(names)


def by_day(rows: Diary, day: Floats) -> Diary:
    """Return one row for each person and day: the mean of what was answered, texts from the first.

    `day` belongs to the rows; it becomes their time.
    """
    order = np.lexsort((day, rows.person))
    person, when = rows.person[order], day[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(person) != 0) | (np.diff(when) != 0)
    cell = np.cumsum(new) - 1
    first = np.flatnonzero(new)
    values = {name: _cell_means(cell, column[order]) for name, column in rows.values.items()}
    texts = {name: _first_known(cell, column[order]) for name, column in rows.texts.items()}
    return Diary(person[first], when[first], values, texts, rows.place[order][first])


def _cell_means(cell: Codes, column: Floats) -> Floats:
    known = np.isfinite(column)
    count = np.bincount(cell, weights=known.astype(float))
    total = np.bincount(cell, weights=np.where(known, column, 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(count > 0, total / count, np.nan))


def _first_known(cell: Codes, column: NDArray[np.object_]) -> NDArray[np.object_]:
    found = np.full(int(cell[-1]) + 1, None, dtype=object)
    for i in range(len(column) - 1, -1, -1):
        if column[i] is not None:
            found[cell[i]] = column[i]
    return found
