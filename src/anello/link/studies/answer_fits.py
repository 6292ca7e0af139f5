"""Formulas of single answers, fitted one after the other, with the design behind each number."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from anello.listen.sources.base import AT
from anello.listen.study_rows import ROLE, StudyRows
from anello.model.disclosure import Disclosure, study_floor
from anello.model.errors import FormulaError, ModelError
from anello.model.evidence import Check
from anello.model.study import Study, StudyEffect, StudyFindings
from anello.score.close.fits import Fits, RowFit
from anello.stats.mixed.moved import Ints, Varied
from anello.stats.moments import Floats
from anello.store.files import File
from anello.store.rows_file import file_of
from anello.store.used_rows import Used

from . import answer_doubts as doubted
from . import answer_words as words
from .base import refused

FEWEST_UNITS = 10
"""Of fewer units a study only describes: no interval, no p."""
FEW_UNITS = 30


@dataclass(frozen=True, eq=False)
class Held:
    """The rows of a study in memory; `person` and `unit` (n) are codes."""

    study: Study
    columns: tuple[str, ...]
    table: pa.Table
    person: Ints
    unit: Ints
    least: int

    def file(self) -> File:
        """Return the columns as a file that a fit reads; each fit has its own."""
        return file_of(self.table.select(self.columns), self.study.source)

    def persons(self, used: Used) -> int:
        """Return how many persons gave the rows that a fit uses."""
        return int(np.unique(self.person[used.rows]).size)

    def units(self, used: Used) -> int:
        """Return of how many units those rows are."""
        return int(np.unique(self.unit[used.rows]).size)

    def repeated(self, used: Used) -> bool:
        """Return whether persons with several rows are not told apart by the formula."""
        column = self.study.column("person")
        if column is None or any(column in v.by for v in used.varying):
            return False
        return self.persons(used) < len(used.rows)

    def of_units(self, used: Used) -> list[bool]:
        """Return which columns of the model never vary inside a unit."""
        _, unit = np.unique(self.unit[used.rows], return_inverse=True)
        first = np.unique(unit, return_index=True)[1]
        return [bool((column == column[first][unit]).all()) for column in used.x.T]


@dataclass(frozen=True, eq=False)
class Fitted:
    """What one formula adds to the findings; without a `fit` it has no number."""

    doubts: tuple[Check, ...]
    effects: tuple[StudyEffect, ...] = ()
    told: tuple[Check, ...] = ()
    fit: RowFit | None = None
    persons: int = 0
    units: int = 0


One = Callable[[str, Held], Fitted]


def findings(
    one: One, rows: StudyRows, study: Study, columns: Sequence[str], disclosure: Disclosure
) -> tuple[StudyFindings, Fits]:
    """Return what every formula found, and the designs by which the ledger audits it."""
    table = _in_order(rows.rows.table.to_pyarrow())
    unit = _codes(table[ROLE + "unit"])
    named = study.column("person") is not None
    person = _codes(table[ROLE + "person"]) if named else np.arange(table.num_rows)
    held = Held(study, tuple(columns), table, person, unit, study_floor(disclosure))
    few = refused(study, int(np.unique(person).size), disclosure)
    if few is not None:
        return few, Fits(table, held.columns, ())
    done = [_tried(one, text, held) for text in study.formulas]
    sound = [d for d in done if d.fit is not None]
    found = StudyFindings(
        study=study.key,
        kind=study.kind,
        persons=min((d.persons for d in sound), default=0),
        answers=min((len(d.fit.rows) for d in sound if d.fit is not None), default=0),
        units=min((d.units for d in sound), default=0),
        effects=tuple(e for d in sound for e in d.effects),
        told=(words.banner(), *(t for d in sound for t in d.told)) if sound else (),
        doubts=tuple(c for d in done for c in d.doubts),
    )
    if not sound:
        found = StudyFindings(study.key, study.kind, 0, 0, refused=done[0].doubts[0])
    return found, Fits(table, held.columns, tuple(d.fit for d in sound if d.fit is not None))


def _in_order(table: pa.Table) -> pa.Table:
    """Return the rows in the order of their file, or of what they hold: the same each time."""
    keys = [AT] if AT in table.column_names else sorted(table.column_names)
    return table.sort_by([(name, "ascending") for name in keys])


def _codes(column: pa.ChunkedArray) -> Ints:
    said = np.array([str(v) for v in column.to_pylist()])
    return np.unique(said, return_inverse=True)[1].astype(np.int64)


def _tried(one: One, text: str, held: Held) -> Fitted:
    try:
        return one(text, held)
    except (ModelError, FormulaError) as error:
        return Fitted((doubted.not_fitted(text, error, held.least),))


def spread(used: Used, found: Sequence[Mapping[str, Any]], names: tuple[str, str]) -> list[Varied]:
    """Return what varies with its covariances, from the rows of a fit's `varcomp`.

    A second block of a group is called `shop.1` there; entries of one group add up.
    """
    labels = {v.label for v in used.varying}
    held: dict[str, dict[tuple[str, str], float]] = {label: {} for label in labels}
    for row in found:
        group = str(row["group"])
        label = group if group in labels else group.rpartition(".")[0]
        if label in labels:
            one = str(row[names[0]])
            pair = (one, str(row[names[1]] or one))
            held[label][pair] = held[label].get(pair, 0.0) + float(row["variance"])
    return [v.spread(held[v.label]) for v in used.varying]


def beside(used: Used, outcome: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns that a formula reads beside its outcome; that one where there are none."""
    return tuple(c for c in used.cells if c not in outcome) or outcome


def left(used: Used, found: Sequence[Mapping[str, Any]]) -> Floats:
    """Return X b of the rows used."""
    b = {row["term"]: row["estimate"] for row in found}
    return np.asarray(used.x @ np.array([b[c.name] for c in used.fixed]), np.float64)


def deviations(x: Floats) -> Floats:
    """Return the deviations from the mean, by which a standard deviation is told."""
    return np.asarray(x - x.mean(), np.float64)
