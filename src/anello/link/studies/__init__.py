"""The shelf of studies: rows of persons over time, from which only coefficients leave."""

from pathlib import Path

from ibis.backends.duckdb import Backend as DuckDB

from anello.listen import study_customers, study_rows
from anello.listen.study_rows import StudyRows
from anello.model.chain import Chain
from anello.model.errors import ChainFileError
from anello.model.study import Study, StudyFindings

from . import contagion, counter, diary
from .base import StudyKind

STUDIES: dict[str, StudyKind] = {
    "diary": diary,
    "contagion": contagion,
    "counter": counter,
}

__all__ = ["STUDIES", "StudyKind", "check", "columns", "fit", "read"]


def check(chain: Chain) -> None:
    """Raise `ChainFileError` when a study of the chain asks what its kind does not know."""
    for one in chain.studies:
        _kind(one).check(one)


def read(study: Study, chain: Chain, folder: Path, db: DuckDB) -> StudyRows:
    """Read the columns that a study needs, of both its sources; raises `SourceError`."""
    kind = _kind(study)
    rows = study_rows.read(study, chain, folder, db, *kind.columns(study))
    return study_customers.beside(study, rows, chain, folder, db, kind.customers(study))


def fit(study: Study, rows: StudyRows, chain: Chain) -> StudyFindings:
    """Return what a study found, or why nothing may be fitted; raises `ModelError`."""
    return _kind(study).fit(rows, study, chain.disclosure, chain.seed)


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
