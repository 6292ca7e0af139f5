"""The rows of a study as shifts, and the formula `after ~ before` that is asked of them."""

import numpy as np

from anello.listen.sources.base import AT
from anello.listen.study_rows import ROLE, StudyRows
from anello.model.errors import ChainFileError, SourceError
from anello.model.study import Study
from anello.stats.contagion.shifts import Shifts, Texts, doubled, first_of, shifts
from anello.stats.moments import Floats

from .base import known_roles, known_settings

ROLES = {"person": True, "day": True, "shift": True, "site": False, "weight": False}
SETTINGS = {"permutations": ()}
DEALS = 999


def check(study: Study) -> None:
    """Raise `ChainFileError` when a role, setting or formula is none of shifts'."""
    known_roles(study, ROLES)
    known_settings(study, SETTINGS)
    permutations(study)
    for i, text in enumerate(study.formulas):
        if not all(part and "+" not in part for part in _parts(text)) or len(_parts(text)) != 2:
            raise ChainFileError(
                "{formula!r} is not a claim about shifts; write one column after and one column "
                "before, as in `mood_after ~ mood_before`.",
                path=("studies", study.key, "formulas", i),
                formula=text,
            )


def permutations(study: Study) -> int:
    """Return how often to deal anew; raises `ChainFileError` when it is no sensible number."""
    text = study.setting("permutations", str(DEALS))
    if not (text.isdigit() and 99 <= int(text) <= 100_000):
        raise ChainFileError(
            "`{name}` cannot be {value!r}; it is a number from {least:g} to {most:g}.",
            path=("studies", study.key, "settings", "permutations"),
            name="permutations",
            value=text,
            least=99,
            most=100_000,
        )
    return int(text)


def columns(study: Study) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns that the formulas read, all of them numbers."""
    found = [c for text in study.formulas for c in _parts(text)]
    weight = study.column("weight")
    return tuple(dict.fromkeys([*found, *([weight] if weight else [])])), ()


def ends(text: str) -> tuple[str, str]:
    """Return (before, after) of a formula.

    >>> ends("evening ~ morning")
    ('morning', 'evening')
    """
    after, before = _parts(text)
    return before, after


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split("~")]


def read(rows: StudyRows, study: Study, text: str) -> Shifts:
    """Return the rows as shifts; raises `SourceError` for a person on two shifts at once."""
    found = rows.rows.table.to_pyarrow()
    n = found.num_rows

    def texts(role: str) -> Texts:
        if study.column(role) is None:
            return np.full(n, "-", dtype=object)
        return np.array(found[ROLE + role].to_pylist(), dtype=object)

    def numbers(name: str) -> Floats:
        column = found[name].to_pylist()
        return np.array([np.nan if v is None else v for v in column], dtype=np.float64)

    before, after = ends(text)
    weight = study.column("weight")
    at = found[AT].to_pylist() if AT in found.column_names else range(n)
    made = shifts(
        texts("person"),
        (texts("site"), texts("day"), texts("shift")),
        numbers(before),
        numbers(after),
        None if weight is None else numbers(weight),
        np.array(at, dtype=np.int64),
    )
    _once(made, rows, study)
    return made


def of_shifts(rows: Shifts) -> Floats:
    """Return the mean of `post` over the rows of each shift, NaN where none is known."""
    known = np.isfinite(rows.post)
    firsts = first_of(rows.shift)
    count = np.add.reduceat(known.astype(float), firsts)
    total = np.add.reduceat(np.where(known, rows.post, 0.0), firsts)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _once(made: Shifts, rows: StudyRows, study: Study) -> None:
    pair = doubled(made)
    if pair is None:
        return
    (file, first), (_, second) = rows.place(pair[0]), rows.place(pair[1])
    raise SourceError(
        "{file}, row {row} and row {second}, column {column!r}: the same person stands on two "
        "shifts at once. Keep one of the two rows.",
        file=file,
        row=first,
        second=second,
        column=study.column("person"),
    )
