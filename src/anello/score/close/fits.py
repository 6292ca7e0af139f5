"""A model fitted to single rows before the ledger: the design behind each of its numbers."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from anello.listen.sources.base import AT
from anello.listen.study_rows import ROLE
from anello.model.study import Study
from anello.protect.ledger import BESIDE, MODEL, Candidate, of_fit
from anello.protect.ledger.audit import behind
from anello.stats.moments import Floats

from .persons import Ints


@dataclass(frozen=True, eq=False)
class RowFit:
    """One formula as it was fitted to the n rows at the places `rows` of a study's table.

    `x` (n x p) are the columns behind the coefficients `names`, `weighted` is V^-1 X, and `per` (n)
    says by how much a row's response moves with its answer (1 where they are one). `spreads` holds
    (n,) how each variance moves, and whatever else is told beside the coefficients. `outcome` are
    the columns of the response; `others` name those of a spread that is not the response's,
    and `sizes` the spreads that are needed for sizes in standard deviations only.
    """

    formula: str
    names: tuple[str, ...]
    x: Floats
    weighted: Floats
    per: Floats
    spreads: dict[str, Floats]
    rows: Ints
    outcome: tuple[str, ...] = ()
    others: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sizes: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Fits:
    """The fits of one study, on the rows of `table`; `columns` are all that their formulas read."""

    table: pa.Table
    columns: tuple[str, ...]
    fits: tuple[RowFit, ...]

    @property
    def bare(self) -> "Fits":
        """Return the fits without the spreads that only sizes in standard deviations need."""
        return replace(self, fits=tuple(_bare(fit) for fit in self.fits))


def _bare(fit: RowFit) -> RowFit:
    kept = {name: row for name, row in fit.spreads.items() if name not in fit.sizes}
    return replace(fit, spreads=kept, sizes=frozenset())


def candidate(study: Study, told: Fits, order: np.ndarray, seed: bytes) -> Candidate:
    """Return the candidate of everything that a study tells of its fits.

    `order` is that of the rows in the ledger. Where a person is named, all rows of one are counted
    together, and so are those who stand behind each side of a coefficient; else a row is a person,
    and rows keep their places.
    """
    table = told.table
    named = study.column("person") is not None
    role = "person" if named else "unit"
    held = np.array([str(v) for v in table[ROLE + role].to_pylist()])[order]
    who, group = np.unique(held, return_inverse=True)
    person = group.astype(np.int64) if named else np.arange(len(group), dtype=np.int64)
    people = hmac.new(
        seed, repr((who.tolist(), np.bincount(group).tolist())).encode(), hashlib.sha256
    ).hexdigest()
    wave = f"{study.source}/study of {study.column(role)}"
    parts = [_of(fit, wave, people, order, person) for fit in told.fits]
    about = [c for fit in told.fits for c in _about(fit)]
    silent = {c: _silent(table, c.split(BESIDE))[order] for c in {*about}}
    return Candidate(
        wave,
        MODEL,
        study.key,
        people,
        tuple(n for part in parts for n in part.names),
        tuple(s for part in parts for s in part.sorts),
        np.vstack([part.weights for part in parts]),
        tuple(m for part in parts for m in part.members),
        columns=tuple(
            (c, "study", _digest(table[c], order, person if named else None, seed))
            for c in told.columns
        ),
        person=person if named else None,
        at=stands(table, order),
        about=tuple(about),
        silent=np.array([silent[c] for c in about]),
    )


def _about(fit: RowFit) -> list[str]:
    """Return the columns that each number of a fit tells of."""
    told = [fit.others.get(name, fit.outcome) for name in fit.spreads]
    return [BESIDE.join(columns) for columns in [fit.outcome] * len(fit.names) + told]


def _silent(table: pa.Table, columns: Sequence[str]) -> np.ndarray:
    """Return which rows have no answer in any of the columns (N,)."""
    gone = [table[c].is_null(nan_is_null=True).to_numpy() for c in columns if c]
    return np.logical_and.reduce(gone) if gone else np.zeros(table.num_rows, bool)


def stands(table: pa.Table, by: np.ndarray) -> Ints | None:
    """Return the place of each row in its file, in the order of the ledger; None in a database."""
    if AT not in table.column_names:
        return None
    return np.asarray(table[AT].to_numpy()[by], np.int64)


def _of(fit: RowFit, wave: str, people: str, order: np.ndarray, person: Ints) -> Candidate:
    """Return the candidate of one fit, its rows in the order of the ledger."""
    count, place = len(order), np.argsort(order)
    rows = place[fit.rows]
    names = [f"{fit.formula}: {name}" for name in fit.names]
    made = of_fit(wave, people, fit.formula, fit.x, names, rows, count, fit.weighted)
    weights = made.weights.copy()
    weights[:, rows] *= fit.per
    members = [_members(fit.x[:, j], person[rows]) for j in range(fit.x.shape[1])]
    sorts, all_of = ["coefficient"] * len(names), np.unique(person[rows]).size
    for name, row in fit.spreads.items():
        full = np.zeros(count)
        full[rows] = row
        weights = np.vstack((weights, full))
        names.append(f"{fit.formula}: {name}")
        sorts.append("variance")
        members.append(all_of)
    few = [min(m, behind(_sides(w, person))) for m, w in zip(members, weights, strict=True)]
    return Candidate(
        wave, MODEL, fit.formula, people, tuple(names), tuple(sorts), weights, tuple(few)
    )


def _members(column: Floats, person: Ints) -> int:
    """Return the people on the smaller side of a column; of one with many values, those off it.

    >>> x = np.repeat([0.0, 1.0], [9, 6])
    >>> _members(x, np.arange(15)), _members(x, np.array([0, 1, 2] * 3 + [3, 4] * 3))
    (6, 2)
    """
    values, at, counts = np.unique(column, return_inverse=True, return_counts=True)
    if len(values) == 1 or len(values) > len(column) / 2:
        return int(np.unique(person).size)
    common = at == counts.argmax()
    off = int(np.unique(person[~common]).size)
    return min(off, int(np.unique(person[common]).size)) if len(values) == 2 else off


def _sides(weights: Floats, person: Ints) -> Floats:
    """Return what each person carries on the one side and, below zero, on the other."""
    sides = [
        np.sqrt(np.bincount(person, np.maximum(side, 0.0) ** 2)) for side in (weights, -weights)
    ]
    return np.concatenate((sides[0], -sides[1]))


def _digest(column: pa.ChunkedArray, order: np.ndarray, person: Ints | None, seed: bytes) -> str:
    """Return the keyed digest of a column: of numbers within each person, or of words by place."""
    if pa.types.is_floating(column.type):
        x = column.to_numpy(zero_copy_only=False).astype(np.float64)[order]
        by = np.arange(len(x)) if person is None else np.lexsort((x, person))
        told = (np.nan_to_num(x[by], nan=-9e99) + 0.0).astype("<f8").tobytes()
        held = by if person is None else person[by]
        return hmac.new(seed, held.astype("<i8").tobytes() + told, hashlib.sha256).hexdigest()
    words = [str(v) for v in np.array(column.to_pylist(), dtype=object)[order]]
    if person is not None:
        words = [w for _, w in sorted(zip(person.tolist(), words, strict=True))]
    return hmac.new(seed, repr(words).encode(), hashlib.sha256).hexdigest()
