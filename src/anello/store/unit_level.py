"""Columns said to be of the unit, not of its rows: each must say one thing inside a group."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from anello.model.errors import ModelError

from .files import File, check_known, quoted
from .scan import complete, run


def check_named(names: Iterable[str], file: File, columns: tuple[str, ...]) -> None:
    """Raise `ModelError` for a name that is no column, or stands nowhere in the formula."""
    for name in names:
        check_known(name, file, ModelError)
        if name not in columns:
            raise ModelError(
                "{column!r} does not stand in the formula, so there is nothing to check; name a "
                "column of the formula as unit-level.",
                column=name,
            )


def check_extremes(
    names: tuple[str, ...], group: str, groups: Any, found: Mapping[str, Any]
) -> None:
    """Raise `ModelError` when the largest value of a group is not its smallest.

    `found` holds `low0`, `high0`, ... of each group, from the scan that also summed. A NaN, which
    is the largest of all numbers there, is no value: a scan that met one is repeated without it.
    """
    for i, name in enumerate(names):
        low, high = (np.asarray(found[f"{end}{i}"]) for end in ("low", "high"))
        varying = low != high
        if high.dtype.kind == "f":
            varying &= ~np.isnan(high)
        if varying.any():
            at = min(np.flatnonzero(varying), key=lambda j: groups[j])
            raise _varies(name, group, groups[at], low[at], high[at], int(varying.sum()))


def check_inside(
    names: tuple[str, ...],
    factors: tuple[tuple[str, ...], ...],
    file: File,
    columns: tuple[str, ...],
) -> None:
    """Raise `ModelError` for a column that varies inside every one of several groupings.

    What a region has, each of its shops has too; so one grouping in which it stays is enough.
    """
    for name in names:
        refused = [_first(name, by, file, columns) for by in factors]
        if all(refused):
            raise next(error for error in refused if error)


def _first(
    name: str, by: tuple[str, ...], file: File, columns: tuple[str, ...]
) -> ModelError | None:
    keys, value = ", ".join(map(quoted, by)), quoted(name)
    row = run(
        file,
        f"select *, count(*) over () from (select {keys}, min({value}) as low, "
        f"max({value}) as high from {file.name} where {complete(file, columns)} group by {keys}) "
        f"where low <> high order by {keys} limit 1",
    ).fetchone()
    if row is None:
        return None
    *place, low, high, n = row
    return _varies(name, ":".join(by), ":".join(map(str, place)), low, high, n)


def _varies(name: str, group: str, place: object, low: object, high: object, n: int) -> ModelError:
    return ModelError(
        "{column!r} is said to be unit-level, but inside {group} {place} it runs from {low} to "
        "{high} (groups in which it varies: {n}). Correct the rows, or do not call it unit-level.",
        column=name,
        group=group,
        place=place,
        low=low,
        high=high,
        n=n,
    )
