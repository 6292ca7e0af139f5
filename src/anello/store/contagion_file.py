"""Shifts in a file: persons, days and shifts as texts, moods as numbers, rows with their place."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from anello.model.errors import ModelError, SourceError
from anello.stats.contagion.shifts import Shifts, Texts, doubled, shifts
from anello.stats.mixed.design import Kind
from anello.stats.moments import Floats

from .file_columns import fetched
from .files import File, check_known, open_file

NUMERIC = (Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN)
Where = tuple[str | None, str, str]
"""The columns of site (None: one site), day and shift."""


def staff(
    path: str, person: str, where: Where, moods: tuple[str, str | None, str | None]
) -> Shifts:
    """Return who was on which shift; `moods` are the columns of pre, post and weight.

    Raises `SourceError` for an unknown column, a mood that is no number and a person who stands
    on two shifts of one day, with the rows.
    """
    pre, post, weight = moods
    file = open_file(Path(path))
    place = [c for c in where if c is not None]
    texts = texts_of(file, [person, *place])
    numbers = numbers_of(file, [c for c in moods if c is not None])
    n = len(texts[person])
    blank = np.full(n, np.nan)
    found = shifts(
        texts[person],
        placed(texts, where, n),
        numbers[pre],
        blank if post is None else numbers[post],
        None if weight is None else numbers[weight],
    )
    pair = doubled(found)
    if pair is not None:
        raise SourceError(
            "{file}, row {row} and row {second}, column {column!r}: the same person stands on two "
            "shifts at once. Keep one of the two rows.",
            file=path,
            row=pair[0] + 2,
            second=pair[1] + 2,
            column=person,
        )
    return found


def customers(path: str, where: Where, score: str) -> dict[tuple[str, str, str], float]:
    """Return the mean of the customers' figures on each (site, day, shift).

    A file with a figure on each row of a shift gives that figure; one row a customer their mean.
    """
    file = open_file(Path(path))
    texts = texts_of(file, [c for c in where if c is not None])
    values = numbers_of(file, [score])[score]
    of: dict[tuple[str, str, str], list[float]] = {}
    columns = placed(texts, where, len(values))
    for s, d, h, value in zip(*columns, values, strict=True):
        if np.isfinite(value) and None not in (s, d, h):
            of.setdefault((str(s), str(d), str(h)), []).append(float(value))
    return {key: float(np.mean(all_of)) for key, all_of in of.items()}


def texts_of(file: File, names: Sequence[str]) -> dict[str, Texts]:
    """Return columns as texts, None where missing."""
    return _fetched(file, names, dict.fromkeys(names, "varchar"))


def placed(texts: dict[str, Texts], where: Where, n: int) -> tuple[Texts, Texts, Texts]:
    """Return site, day and shift of each row; without a site column all rows are of one."""
    site, day, shift = where
    one = np.full(n, "-", dtype=object)
    return (one if site is None else texts[site]), texts[day], texts[shift]


def numbers_of(file: File, names: Sequence[str]) -> dict[str, Floats]:
    """Return columns as numbers, NaN where missing; raises `SourceError` for other texts."""
    kinds = {n: "double" if file.kinds.get(n) in NUMERIC else "varchar" for n in names}
    found = _fetched(file, names, kinds)
    return {n: _floats(found[n], file, n) for n in found}


def _fetched(file: File, names: Sequence[str], types: dict[str, str]) -> dict[str, Texts]:
    for name in names:
        check_known(name, file, ModelError)
    return fetched(file, {name: types[name] for name in names})


def _floats(column: Texts, file: File, name: str) -> Floats:
    out = np.full(len(column), np.nan)
    for i, value in enumerate(column):
        if value is None:
            continue
        try:
            number = float(value)
        except ValueError:
            raise SourceError(
                "{file}, row {row}, column {column!r}: {value!r} is not a number. "
                "Correct it or leave it empty.",
                file=file.path,
                row=i + 2,
                column=name,
                value=value,
            ) from None
        out[i] = number if np.isfinite(number) else np.nan
    return out
