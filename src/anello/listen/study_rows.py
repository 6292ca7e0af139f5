"""The rows of a study: one source as it stands, person by person, with the place of each row."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import ibis
from ibis.backends.duckdb import Backend as DuckDB

from ..model.chain import Chain, Grain, Source
from ..model.notes import Note
from ..model.study import Study
from . import sources
from .sources.base import AT, Rows, unreadable, useless
from .sources.rows.checks import check
from .sources.rows.funnel import kept
from .sources.rows.needs import Needs, check_names
from .sources.rows.stack import Stack
from .sources.rows.types import key

ROLE = "role_"
"""Before the name of a role in the table of a study."""

Roles = tuple[tuple[str, str], ...]
PERSON = ("{n} row without a person was left out.", "{n} rows without a person were left out.")


@dataclass(frozen=True)
class StudyRows:
    """The rows of one study, living where its data lie.

    `rows.table` has `role_<role>` as text for every role that the study names, the numbers and
    texts asked for under their own names (float64 or string, NULL for missing), and `__at` unless a
    database is read: the place of a row, which `place` turns into (file, row as a person sees it).
    `customers` are the rows of the study's second source, by site, day and shift.
    """

    rows: Rows
    stack: Stack
    customers: "StudyRows | None" = None

    @property
    def sources(self) -> tuple[Rows, ...]:
        """Return the rows of every source that was read."""
        return (self.rows, *(self.customers.sources if self.customers is not None else ()))

    def place(self, at: int) -> tuple[str, int]:
        """Return the file and the row (the header is row 1; 0 in a database) of one record."""
        return self.stack.name({AT: at}), self.stack.row({AT: at})


@dataclass(frozen=True)
class Asked:
    """What is read of a source: `first` is the column without which a row says nothing.

    `lost` is the note (one, many) on such rows, `name` that of the table that is made.
    """

    source: Source
    first: str
    roles: Roles
    numbers: tuple[str, ...]
    texts: tuple[str, ...]
    name: str
    lost: tuple[str, str]


def read(
    study: Study,
    chain: Chain,
    folder: Path,
    db: DuckDB,
    numbers: Sequence[str],
    texts: Sequence[str] = (),
) -> StudyRows:
    """Read the columns that a study needs of its source, or raise one clear `SourceError`.

    Rows without a person are left out and noted, missing codes become NULL, `where` counts.
    Nothing is scored or grouped: what a row is (a prompt, a shift) is the study's own business.
    """
    person = study.column("person") or study.roles[0][1]
    source, name = chain.source(study.source), f"study {study.key}"
    wanted = (tuple(numbers), tuple(texts), name, PERSON)
    return asked(Asked(source, person, study.roles, *wanted), folder, db)


def asked(wanted: Asked, folder: Path, db: DuckDB) -> StudyRows:
    """Return the rows of one source as they stand; raises one clear `SourceError`."""
    try:
        return _read(wanted, folder, db)
    except sources.ENGINE_ERRORS as error:
        raise unreadable(Path(wanted.source.path).name, error) from None


def _read(asked: Asked, folder: Path, db: DuckDB) -> StudyRows:
    source = asked.source
    wanted = _needs(asked)
    with tempfile.TemporaryDirectory(prefix="anello-") as scratch:
        found, files = sources.stacked(source, folder, db, wanted, Path(scratch))
        table, notes = kept(found, wanted)
        check(table, found, (), replace(source, grain=Grain.PERSON))
        table = _chosen(table, asked)
        if not found.sheets[0].stays:
            table = db.create_table(asked.name, table, overwrite=True)
            db.drop_table(f"found {source.key}")
    rows = int(table.count().to_pyarrow().as_py())
    if not rows:
        raise useless(found.sheets[0].name)
    notes = tuple(_said(note, asked.lost) for note in notes)
    said: list[Note] = [note for sheet in found.sheets for note in sheet.notes]
    whole, origin = sources.known(source, folder, found, files, table)
    kept_rows = Rows(source, table, rows, whole, (*dict.fromkeys(said), *notes), origin=origin)
    return StudyRows(kept_rows, found)


def _chosen(table: ibis.Table, asked: Asked) -> ibis.Table:
    """Return roles, numbers and texts, and where each row stands."""
    first = asked.first
    roles = {
        ROLE + role: table.unit if column == first else key(table[column])
        for role, column in asked.roles
    }
    columns = {n: table.unit if n == first else table[n] for n in (*asked.numbers, *asked.texts)}
    at = {AT: table[AT]} if AT in table.columns else {}
    return table.select(**roles, **columns, **at)


def _needs(asked: Asked) -> Needs:
    """Return the columns to read; the first takes the place of unit and wave."""
    first = asked.first
    others = (*(column for _, column in asked.roles), *asked.texts)
    numbers = asked.numbers
    kept_texts = tuple(dict.fromkeys(c for c in others if c != first and c not in numbers))
    plain = tuple(n for n in dict.fromkeys(numbers) if n != first)
    found = Needs(
        unit=first,
        wave=first,
        numbers=plain,
        texts=kept_texts,
        where=asked.source.where,
        missing=asked.source.missing,
        strict=True,
    )
    check_names(found)
    return found


def _said(note: Note, lost: tuple[str, str]) -> Note:
    """Say person (or shift) where the rows of other sources have a unit."""
    if not note.sentence.startswith("{n} row without a unit"):
        return note
    return Note(*lost, n=note.values["n"])
