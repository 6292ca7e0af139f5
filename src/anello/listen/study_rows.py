"""The rows of a study: one source as it stands, person by person, with the place of each row."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ibis.backends.duckdb import Backend as DuckDB

from ..model.chain import Chain
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


@dataclass(frozen=True)
class StudyRows:
    """The rows of one study, living where its data lie.

    `rows.table` has `role_<role>` as text for every role that the study names, the numbers and
    texts asked for under their own names (float64 or string, NULL for missing), and `__at` unless a
    database is read: the place of a row, which `place` turns into (file, row as a person sees it).
    """

    rows: Rows
    stack: Stack

    def place(self, at: int) -> tuple[str, int]:
        """Return the file and the row (the header is row 1; 0 in a database) of one record."""
        return self.stack.name({AT: at}), self.stack.row({AT: at})


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
    source = chain.source(study.source)
    try:
        return _read(study, chain, folder, db, tuple(numbers), tuple(texts))
    except sources.ENGINE_ERRORS as error:
        raise unreadable(Path(source.path).name, error) from None


def _read(
    study: Study,
    chain: Chain,
    folder: Path,
    db: DuckDB,
    numbers: tuple[str, ...],
    texts: tuple[str, ...],
) -> StudyRows:
    source = chain.source(study.source)
    wanted = _needs(study, chain, numbers, texts)
    with tempfile.TemporaryDirectory(prefix="anello-") as scratch:
        found, files = sources.stacked(source, folder, db, wanted, Path(scratch))
        table, notes = kept(found, wanted)
        check(table, found, (), source)
        person = wanted.unit
        roles = {
            ROLE + role: table.unit if column == person else key(table[column])
            for role, column in study.roles
        }
        columns = {n: table.unit if n == person else table[n] for n in (*numbers, *texts)}
        at = {AT: table[AT]} if found.placed else {}
        table = table.select(**roles, **columns, **at)
        if not found.sheets[0].stays:
            table = db.create_table(f"study {study.key}", table, overwrite=True)
            db.drop_table(f"found {source.key}")
    rows = int(table.count().to_pyarrow().as_py())
    if not rows:
        raise useless(found.sheets[0].name)
    notes = tuple(map(_of_persons, notes))
    said: list[Note] = [note for sheet in found.sheets for note in sheet.notes]
    whole = sources.fingerprint(found, files, table)
    kept_rows = Rows(source, table, rows, whole, (*dict.fromkeys(said), *notes))
    return StudyRows(kept_rows, found)


def _needs(study: Study, chain: Chain, numbers: tuple[str, ...], texts: tuple[str, ...]) -> Needs:
    """Return the columns to read; the person takes the place of unit and wave."""
    source = chain.source(study.source)
    person = study.column("person") or study.roles[0][1]
    others = (*(column for _, column in study.roles), *texts)
    kept_texts = tuple(dict.fromkeys(c for c in others if c != person and c not in numbers))
    plain = tuple(n for n in dict.fromkeys(numbers) if n != person)
    found = Needs(
        unit=person,
        wave=person,
        numbers=plain,
        texts=kept_texts,
        where=source.where,
        missing=source.missing,
        strict=True,
    )
    check_names(found)
    return found


def _of_persons(note: Note) -> Note:
    """Say person where the rows of other sources have a unit."""
    if not note.sentence.startswith("{n} row without a unit"):
        return note
    return Note(
        "{n} row without a person was left out.",
        "{n} rows without a person were left out.",
        n=note.values["n"],
    )
