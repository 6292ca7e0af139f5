"""The rows of a study as shifts, and the formula `after ~ before` that is asked of them."""

import numpy as np
import pyarrow as pa

from anello.listen.sources.base import AT
from anello.listen.study_rows import ROLE, StudyRows
from anello.model.errors import ChainFileError, SourceError
from anello.model.study import Study
from anello.stats.contagion.shifts import Shifts, Texts, doubled, first_of, shifts
from anello.stats.moments import Floats

from .base import known_roles, known_settings
from .shift_customers import Served

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
    """Return the columns that the formulas read of the staff, all of them numbers."""
    served = study.customers is not None
    found = [c for text in study.formulas for c in _parts(text)[1 if served else 0 :]]
    weight = study.column("weight")
    return tuple(dict.fromkeys([*found, *([weight] if weight else [])])), ()


def customers(study: Study) -> tuple[str, ...]:
    """Return the columns that the formulas read of the customers' own source."""
    if study.customers is None:
        return ()
    return tuple(dict.fromkeys(_parts(text)[0] for text in study.formulas))


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

    def numbers(name: str) -> Floats:
        column = found[name].to_pylist()
        return np.array([np.nan if v is None else v for v in column], dtype=np.float64)

    before, after = ends(text)
    where = _place(found, study)
    joined = None if rows.customers is None else Served(rows.customers).of(where, after)
    weight = study.column("weight")
    at = found[AT].to_pylist() if AT in found.column_names else range(n)
    made = shifts(
        np.array(found[ROLE + "person"].to_pylist(), dtype=object),
        where,
        numbers(before),
        numbers(after) if joined is None else joined,
        None if weight is None else numbers(weight),
        np.array(at, dtype=np.int64),
    )
    _once(made, rows, study)
    return made


def answers_met(rows: StudyRows, study: Study, text: str) -> int | None:
    """Return how many customers answered on the staff's shifts; None where none are read apart."""
    if rows.customers is None:
        return None
    where = _place(rows.rows.table.to_pyarrow(), study)
    return Served(rows.customers).answers(where, ends(text)[1])


def _place(found: pa.Table, study: Study) -> tuple[Texts, Texts, Texts]:
    """Return site, day and shift of each row of the staff; without sites there is one."""

    def texts(role: str) -> Texts:
        if study.column(role) is None:
            return np.full(found.num_rows, "-", dtype=object)
        return np.array(found[ROLE + role].to_pylist(), dtype=object)

    return texts("site"), texts("day"), texts("shift")


def served(rows: Shifts) -> float:
    """Return the share of shifts with a figure of customers."""
    known = np.isfinite(of_shifts(rows))
    return float(known.mean()) if known.size else 0.0


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
