"""The shelf of sources: every way the world is turned into rows."""

import sqlite3
import tempfile
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa
from ibis.backends.duckdb import Backend as DuckDB

from anello.model.chain import Chain, Grain, Source
from anello.model.errors import SourceError
from anello.model.notes import Note

from . import csv, database, limesurvey, parquet, paths, qualtrics, sample, spss, tsv, xlsx
from .base import AT, Origin, Reading, Rows, Sheet, SourceKind, unreadable, useless
from .rows.checks import check
from .rows.funnel import kept
from .rows.needs import Needs, check_columns, measures_of, needs
from .rows.rollup import rolled
from .rows.stack import Stack, stack
from .rows.units import merged
from .rows.waves import cut
from .sample import Column

SOURCES: dict[str, SourceKind] = {
    "csv": csv,
    "tsv": tsv,
    "xlsx": xlsx,
    "parquet": parquet,
    "spss": spss,
    "qualtrics": qualtrics,
    "limesurvey": limesurvey,
    "database": database,
}

ENGINE_ERRORS = (duckdb.Error, sqlite3.Error, pa.ArrowException)
"""What an engine may still raise once a source is opened, such as a damaged page of a file."""

__all__ = [
    "ENGINE_ERRORS",
    "SOURCES",
    "Column",
    "Note",
    "Rows",
    "columns",
    "kind_of",
    "known",
    "read",
    "stacked",
]


def read(source: Source, chain: Chain, folder: Path, db: DuckDB) -> Rows:
    """Read one source of `chain` and return its rows, or raise one clear `SourceError`.

    Paths count from `folder`, where the chain file lies. Files become tables or views of `db`;
    a table of a database stays there and only aggregates are fetched. Only the columns that the
    chain uses are read. `Rows.rows` counts what is left after everything in `Rows.notes`.
    """
    try:
        return _read(source, chain, folder, db)
    except ENGINE_ERRORS as error:
        raise unreadable(Path(source.path).name, error) from None


def _read(source: Source, chain: Chain, folder: Path, db: DuckDB) -> Rows:
    wanted = needs(source, chain)
    with tempfile.TemporaryDirectory(prefix="anello-") as scratch:
        found, files = stacked(source, folder, db, wanted, Path(scratch))
        sheets = found.sheets
        table, notes = _refined(found, source, chain, wanted)
        if not sheets[0].stays:
            table = db.create_table(f"rows {source.key}", table, overwrite=True)
            db.drop_table(f"found {source.key}")
    rows = int(table.count().to_pyarrow().as_py())
    if not rows:
        raise useless(sheets[0].name)
    whole, origin = known(source, folder, found, files, table)
    sheet_notes = [note for sheet in sheets for note in sheet.notes]
    said = (*dict.fromkeys(sheet_notes), *notes)
    return Rows(source, table, rows, whole, said, origin=origin)


def stacked(
    source: Source, folder: Path, db: DuckDB, wanted: Needs, scratch: Path
) -> tuple[Stack, list[Path]]:
    """Return the typed rows of a source before any is left out, and the files they came from."""
    reading = _reading(source, db, wanted, scratch)
    sheets, files = _sheets(source, folder, reading)
    for sheet in sheets:
        check_columns(sheet.name, sheet.names, wanted)
    return stack(sheets, wanted, reading), files


def known(
    source: Source, folder: Path, found: Stack, files: list[Path], table: ibis.Table
) -> tuple[str, Origin]:
    """Return the SHA-256 of the files that were read, or of the rows of a database, and the origin.

    Another kind of source may count another row as the first, so it is another state.
    """
    kind = kind_of(source, folder)
    parts = tuple(dict.fromkeys(sheet.part for sheet in found.sheets))
    if not files:
        whole = database.fingerprint(table)
        return whole, Origin((database.place(source.path, folder),), parts, (), whole, kind)
    used = paths.digests([*files, *{path for sheet in found.sheets for path in sheet.also}])
    own = tuple(used[f] for f in files)
    state = "\n".join((kind, *parts, *own))
    places = tuple(str(f.resolve()) for f in files)
    return paths.fingerprint(used), Origin(places, parts, own, state, kind)


def _reading(source: Source, db: DuckDB, wanted: Needs, scratch: Path) -> Reading:
    return Reading(
        source,
        db,
        wanted.wanted,
        scratch,
        unit=wanted.unit,
        numbers=frozenset(wanted.numbers),
        labelled=wanted.labels,
    )


def _refined(
    found: Stack, source: Source, chain: Chain, wanted: Needs
) -> tuple[ibis.Table, tuple[Note, ...]]:
    """Return the sound rows under today's units and waves, and what was left out."""
    table, dropped = kept(found, wanted)
    table, outside = cut(table, found, chain.waves, wanted.wave)
    measures = measures_of(source, chain)
    check(table, found, measures, source, wanted.texts)
    table, made_one = rolled(table, source, measures, wanted)
    table, moved = merged(table, chain.units.merges, chain.waves, measures, wanted, source.grain)
    placed = source.grain is Grain.PERSON
    hidden = [c for c in table.columns if c.startswith("__") and not (placed and c == AT)]
    return table.drop(*hidden), (*dropped, *outside, *made_one, *moved)


def columns(source: Source, folder: Path) -> list[Column]:
    """Return name, guessed type (number, date, text, empty) and a sample value of each column."""
    db = ibis.duckdb.connect(autoinstall_known_extensions=False)
    with tempfile.TemporaryDirectory(prefix="anello-") as scratch:
        reading = Reading(source, db, None, Path(scratch))
        sheets, _ = _sheets(source, folder, reading, most=1)
        try:
            return sample.columns(sheets[0])
        except duckdb.Error as error:
            raise sheets[0].explain(sheets[0].name, error) from None


def there(source: Source, folder: Path) -> bool:
    """Return whether a source can be looked at: a file of its is there, or it is a database."""
    if source.kind == "database" or database.claims(source.path):
        return True
    endings = tuple({e for kind in SOURCES.values() for e in kind.ENDINGS})
    try:
        return bool(paths.files(source.path, folder, endings))
    except SourceError:
        return False


def kind_of(source: Source, folder: Path) -> str:
    """Return the key of the kind that reads `source`; `auto` asks the special kinds first."""
    if source.kind != "auto":
        if source.kind in SOURCES:
            return source.kind
        raise SourceError(
            "there is no kind of source called {kind!r}; known are: {kinds}.",
            kind=source.kind,
            kinds=", ".join(SOURCES),
        )
    if database.claims(source.path):
        return "database"
    endings = tuple({e for kind in SOURCES.values() for e in kind.ENDINGS})
    first = str(paths.files(source.path, folder, endings)[0])
    for key in reversed(SOURCES):
        if SOURCES[key].claims(first):
            return key
    raise SourceError(
        "{file} has an ending that no kind of source claims. Say what it is with `kind`: {kinds}.",
        file=Path(first).name,
        kinds=", ".join(SOURCES),
    )


def _sheets(
    source: Source, folder: Path, reading: Reading, most: int | None = None
) -> tuple[list[Sheet], list[Path]]:
    try:
        kind = SOURCES[kind_of(source, folder)]
        if not kind.ENDINGS:
            return [kind.sheet(database.located(source.path, folder), reading)], []
        files = paths.files(source.path, folder, kind.ENDINGS)
        return [kind.sheet(str(file), reading) for file in files[:most]], files
    except OSError as error:
        raise SourceError(
            "{file} cannot be opened: {reason}.",
            file=Path(str(error.filename or source.path)).name,
            reason=error.strerror or type(error).__name__,
        ) from None
