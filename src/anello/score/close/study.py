"""A study of persons before the ledger: how much its coefficients tell of each of them."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from anello.listen.sources.base import AT
from anello.listen.study_rows import ROLE, StudyRows
from anello.model.chain import Chain
from anello.model.errors import AuditError, RefusedError
from anello.model.evidence import BLOCK, WARN, Check
from anello.model.study import Study, StudyFindings
from anello.model.words import Words
from anello.protect.ledger import MODEL, Candidate, Keeper, Reading, Row
from anello.stats.moments import Floats

from .fits import Fits, stands
from .fits import candidate as of_fits
from .persons import Ints
from .reading import STUDY, reading


def heard(
    found: StudyFindings,
    study: Study,
    rows: StudyRows,
    columns: Sequence[str],
    keeper: Keeper | None,
    chain: Chain,
    fits: Fits | None = None,
) -> tuple[StudyFindings, tuple[str, ...]]:
    """Return findings that passed the ledger with the hashes of their lines, or why they did not.

    A coefficient inside persons moves with the answers as the deviations of its columns from each
    person's mean do, one between persons as the deviations of those means: these are the weights,
    and all rows of one person are counted together. Models of single rows hand in their `fits`,
    whose weights are known exactly and whose columns of words count too.
    """
    if found.refused is not None or keeper is None:
        return found, ()
    read = reading(rows.rows, chain, STUDY, keeper)
    try:
        if fits is None:
            asked = candidate(study, rows, columns, keeper.seed())
            lines = keeper.of(read, asked.at).admit([asked])
        else:
            found, lines = _fitted(found, study, fits, keeper, read)
    except RefusedError as error:
        if error.sentence.startswith("the ledger cannot be kept"):
            raise
        why = _refused(error) if fits is not None else REFUSED
        return StudyFindings(found.study, found.kind, 0, 0, refused=why), ()
    return found, tuple(row.hash for row in lines)


def _fitted(
    found: StudyFindings, study: Study, fits: Fits, keeper: Keeper, read: Reading
) -> tuple[StudyFindings, tuple[Row, ...]]:
    """Ask for everything a study found; where that is too much, for all but standard deviations.

    The spread of a column over the rows that were used, beside that over all, tells of the few who
    were not; sizes in standard deviations then stay inside.
    """
    by, seed = order(study, fits), keeper.seed()
    asked = of_fits(study, fits, by, seed)
    keeper = keeper.of(read, asked.at)
    try:
        return found, keeper.admit([asked])
    except AuditError:
        if not any(fit.sizes for fit in fits.fits):
            raise
    lines = keeper.admit([of_fits(study, fits.bare, by, seed)])
    bare = tuple(replace(e, standardised=None, std_low=None, std_high=None) for e in found.effects)
    return replace(found, effects=bare, doubts=(*found.doubts, UNSIZED)), lines


UNSIZED = Check(
    "ledger",
    WARN,
    "Sizes in standard deviations are left out: beside what was released of the same rows, they "
    "would tell of the few whose answers are not complete.",
)

REFUSED = Check(
    "ledger",
    BLOCK,
    "The ledger did not let this study leave: with what was released before, it would tell "
    "too much of single persons, or it speaks of other answers than those.",
)


def _refused(error: RefusedError) -> Check:
    """Return the ledger's own reason, in both languages."""
    return Check(
        "ledger",
        BLOCK,
        "The ledger did not let this study leave, so no number of it is shown: {reason}",
        (("reason", Words(error.text("en"), error.text("it"))),),
    )


def order(study: Study, fits: Fits) -> np.ndarray:
    """Return the order of the rows in the ledger: by person, or else by unit, then by place."""
    table, columns = fits.table, fits.columns
    role = "person" if study.column("person") else "unit"
    names = np.array([str(v) for v in table[ROLE + role].to_pylist()])
    values = {c: _sortable(table[c]) for c in columns}
    return np.lexsort([*_place(table, values), names])


def _sortable(column: pa.ChunkedArray) -> Floats:
    """Return a column as numbers that stand in the same order; words by the alphabet."""
    if pa.types.is_floating(column.type):
        return np.asarray(column.to_numpy(zero_copy_only=False), np.float64)
    said = np.array([str(v) for v in column.to_pylist()])
    return np.unique(said, return_inverse=True)[1].astype(np.float64)


def candidate(study: Study, rows: StudyRows, columns: Sequence[str], seed: bytes) -> Candidate:
    """Return the candidate of everything that a study tells of its columns of answers."""
    table = rows.rows.table.to_pyarrow()
    role = "person" if study.column("person") else study.roles[0][0]
    names = np.array([str(v) for v in table[ROLE + role].to_pylist()])
    values = {c: table[c].to_numpy(zero_copy_only=False).astype(np.float64) for c in columns}
    by = np.lexsort([*_place(table, values), names])
    who, person = np.unique(names[by], return_inverse=True)
    told = {c: v[by] for c, v in values.items()}
    found = {c: _deviations(c, v, person, len(who)) for c, v in told.items()}
    weights = {name: row for rows in found.values() for name, row in rows.items()}
    about = tuple(c for c, rows in found.items() for _ in rows)
    people = hmac.new(
        seed, repr((who.tolist(), np.bincount(person).tolist())).encode(), hashlib.sha256
    )
    return Candidate(
        f"{study.source}/study of {dict(study.roles)[role]}",
        MODEL,
        study.key,
        people.hexdigest(),
        tuple(weights),
        ("coefficient",) * len(weights),
        np.array(list(weights.values())),
        (len(who),) * len(weights),
        columns=tuple((c, "study", _digest(v, person, seed)) for c, v in told.items()),
        person=person.astype(np.int64),
        at=stands(table, by),
        about=about,
        silent=np.array([np.isnan(told[c]) for c in about]),
    )


def _place(table: pa.Table, values: dict[str, Floats]) -> list[np.ndarray]:
    if AT in table.column_names:
        return [np.array(table[AT].to_pylist())]
    return [values[c] for c in sorted(values, reverse=True)]


def _deviations(name: str, x: Floats, person: Ints, count: int) -> dict[str, Floats]:
    """Return the deviations inside and between persons, where there are any."""
    there = np.isfinite(x)
    n = np.bincount(person[there], minlength=count)
    means = np.bincount(person[there], x[there], count) / np.maximum(n, 1)
    inside, between = np.zeros(len(x)), np.zeros(len(x))
    inside[there] = x[there] - means[person[there]]
    whole = means[n > 0].mean() if (n > 0).any() else 0.0
    between[there] = ((means - whole) / np.maximum(n, 1))[person[there]]
    rows = {f"{name}, inside persons": inside, f"{name}, between persons": between}
    return {k: v for k, v in rows.items() if np.abs(v).max(initial=0.0) > 1e-12}


def _digest(x: Floats, person: Ints, seed: bytes) -> str:
    by = np.lexsort((x, person))
    told = (np.nan_to_num(x[by], nan=-9e99) + 0.0).astype("<f8").tobytes()
    return hmac.new(seed, person[by].astype("<i8").tobytes() + told, hashlib.sha256).hexdigest()
