"""The shelf of studies: rows of persons over time, from which only coefficients leave."""

from pathlib import Path

from ibis.backends.duckdb import Backend as DuckDB

from anello.listen import study_customers, study_rows
from anello.listen.study_rows import StudyRows
from anello.model.chain import Chain
from anello.model.errors import ChainFileError, SourceError
from anello.model.study import Study, StudyFindings
from anello.score.close.fits import Fits

from . import contagion, counted, counter, diary, mixed
from .base import RowKind, StudyKind, pointed

STUDIES: dict[str, StudyKind] = {
    "diary": diary,
    "contagion": contagion,
    "counter": counter,
    "mixed": mixed,
    "counted": counted,
}
ROWS: dict[str, RowKind] = {"mixed": mixed, "counted": counted}
"""Kinds that hand the ledger the design of their fits, and let the data say what is a number."""

__all__ = ["ROWS", "STUDIES", "StudyKind", "check", "columns", "fit", "fitted", "read"]


def check(chain: Chain) -> None:
    """Raise `ChainFileError` when a study of the chain asks what its kind does not know."""
    for one in chain.studies:
        _kind(one).check(one)
    _one_person(chain)
    for one in chain.studies:
        _of_source(one, chain.source(one.source).person)


def _of_source(one: Study, person: str | None) -> None:
    """Raise `ChainFileError` unless a study knows people by the column that its source names."""
    if person is None or one.column("person") == person:
        return
    raise ChainFileError(
        "the source {source!r} says that {person!r} is whose row it is; name it as `person` under "
        "`roles`, so that people are counted, not rows.",
        path=("studies", one.key, "roles"),
        source=one.source,
        person=person,
    )


def _one_person(chain: Chain) -> None:
    """Raise `ChainFileError` when two studies know the people of the same rows by two columns.

    The ledger lays together what is told of the same people; it must know them for the same.
    """
    known: dict[str, Study] = {}
    for one in chain.studies:
        other = known.setdefault(one.source, one)
        told, before = (s.column("person") or s.column("unit") for s in (one, other))
        if told != before and {one.kind, other.kind} & ROWS.keys():
            raise ChainFileError(
                "the studies {one!r} and {other!r} read the same rows, but know people by "
                "{before!r} and {told!r}; name the same `person` in both, so that the ledger can "
                "lay together what is told of them.",
                path=("studies", one.key, "roles"),
                one=other.key,
                other=one.key,
                before=before,
                told=told,
            )


def read(study: Study, chain: Chain, folder: Path, db: DuckDB) -> StudyRows:
    """Read the columns that a study needs, of both its sources; raises `SourceError`.

    A column that a source does not have is a `ChainFileError` at the place that names it.
    """
    kind = _kind(study)
    numbers, texts = kind.columns(study)
    try:
        rows = study_rows.read(study, chain, folder, db, numbers, texts)
        if study.kind in ROWS:
            found = ROWS[study.kind].numbers(study, rows)
            words = tuple(t for t in texts if t not in found)
            rows = study_rows.read(study, chain, folder, db, found, words)
    except SourceError as error:
        raise pointed(error, study) from None
    return study_customers.beside(study, rows, chain, folder, db, kind.customers(study))


def fit(study: Study, rows: StudyRows, chain: Chain) -> StudyFindings:
    """Return what a study found, or why nothing may be fitted; raises `ModelError`."""
    return _kind(study).fit(rows, study, chain.disclosure, chain.seed)


def fitted(study: Study, rows: StudyRows, chain: Chain) -> tuple[StudyFindings, Fits | None]:
    """Return what a study found, with the designs of its fits where its kind knows them."""
    if study.kind in ROWS:
        return ROWS[study.kind].fitted(rows, study, chain.disclosure)
    return fit(study, rows, chain), None


def columns(study: Study) -> tuple[str, ...]:
    """Return the columns of numbers that a study reads."""
    return _kind(study).columns(study)[0]


def _kind(one: Study) -> StudyKind:
    if one.kind not in STUDIES:
        raise ChainFileError(
            "there is no kind of study called {kind!r}; known are: {kinds}.",
            path=("studies", one.key, "kind"),
            kind=one.kind,
            kinds=", ".join(STUDIES) or "-",
        )
    return STUDIES[one.kind]
