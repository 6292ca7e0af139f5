"""Predictions for new rows of a file: fixed effects plus the shrunken effects of known groups.

A level that the model has not met adds nothing, as lme4's `allow.new.levels = TRUE`.
"""

from pathlib import Path

import numpy as np

from anello.model.errors import ModelError
from anello.stats.mixed.design import Column, Kind
from anello.stats.mixed.several.blups import Blups, blups
from anello.stats.mixed.several.fit import Fitted
from anello.stats.mixed.terms import columns_of
from anello.stats.moments import Floats

from .files import File, loaded, open_file, quoted
from .scan import run, spoken


def predicted(fitted: Fitted, path: Path, kinds: dict[str, Kind]) -> list[float | None]:
    """Return one prediction for each row of a file, None where a value is missing.

    Raises `ModelError` for a column that the file does not have.
    """
    file = open_file(path)
    needed = _needed(fitted)
    missing = [name for name in needed if name not in file.kinds]
    if missing:
        raise ModelError(
            "{file} has no column {column!r}, which the prediction needs.",
            file=path,
            column=missing[0],
        )
    file = loaded(file, needed)
    design = fitted.layout.design
    columns = tuple(dict.fromkeys((*design.fixed, *design.varying)))
    values = _values(file, columns, design.integers)
    x = np.array([values[c.name] for c in design.fixed]).reshape(len(design.fixed), -1)
    found = fitted.beta @ x if len(x) else np.zeros(_rows(file))
    for term in blups(fitted):
        found = found + _varying(file, term, values)
    return [float(v) if np.isfinite(v) else None for v in found]


def _needed(fitted: Fitted) -> tuple[str, ...]:
    design = fitted.layout.design
    inside = [n for c in (*design.fixed, *design.varying) for n in columns_of(c.node)]
    return tuple(dict.fromkeys((*inside, *(n for by in fitted.layout.factors for n in by))))


def _rows(file: File) -> int:
    return int((run(file, f"select count(*) from {file.name}").fetchone() or (0,))[0])


def _values(file: File, columns: tuple[Column, ...], integers: frozenset[str]) -> dict[str, Floats]:
    """Return every column of the model for each row, NaN where a value is missing."""
    wanted = ", ".join(
        f"({spoken(c.node, integers)})::double as v{i}" for i, c in enumerate(columns)
    )
    found = run(file, f"select {wanted} from {file.name}").fetchnumpy()
    return {
        c.name: np.ma.filled(np.ma.asarray(found[f"v{i}"], dtype=np.float64), np.nan)
        for i, c in enumerate(columns)
    }


def _varying(file: File, term: Blups, values: dict[str, Floats]) -> Floats:
    """Return what one term adds to each row."""
    listed = ", ".join(quoted(name) for name in term.by)
    rows = run(file, f"select {listed} from {file.name}").fetchall()
    levels = zip(*(column.tolist() for column in term.levels), strict=True)
    place = {level: j for j, level in enumerate(levels)}
    at = np.array([place.get(row, -1) for row in rows], dtype=np.int64)
    unknown = np.array([None in row for row in rows], dtype=bool)
    z = np.array([values[name] for name in term.names])
    effects = np.where(at >= 0, term.values[at].T, 0.0)
    return np.where(unknown, np.nan, (z * effects).sum(axis=0))
