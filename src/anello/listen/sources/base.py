"""What a kind of source must offer, and what reading one gives."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import ibis
from ibis.backends.duckdb import Backend as DuckDB

from anello.model.chain import Source
from anello.model.errors import SourceError
from anello.model.notes import Note

AT = "__at"
"""The hidden column with a record's place in its source, from 0."""

GIVEN = "unit as given"
"""The column with the unit of a person as the file has it, where units were merged since."""

UNIT_LABEL = "__unit_label"
"""The hidden column with the names of units, where a file keeps them beside their codes."""

NOT_A_NUMBER = (
    "{file}, row {row}, column {column!r}: {value!r} is not a number. "
    "Correct it or list it under `missing`."
)


@dataclass(frozen=True)
class Origin:
    """What was opened, so that the same rows are known again whatever a chain file calls them.

    `places` are the files by their resolved path, or the database; `parts` its sheets or tables,
    `contents` the digest of each file, without its name. In one `state` a row has one `AT`. `kind`
    is the kind of source that opened it.
    """

    places: tuple[str, ...] = ()
    parts: tuple[str, ...] = ("",)
    contents: tuple[str, ...] = ()
    state: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Rows:
    """One source, read and found sound, living where its data lie.

    `table` has `unit` and `wave` as strings, `unit_name` when the chain names that column, and
    every other column the chain uses under its own name: numbers as float64 with NULL for missing,
    the rest as strings; of persons in a file also `AT`. `rows` counts what was kept; `notes` say
    what was not. `comments` are the columns of comments that were turned into numbers, each after
    the measure that shows them.
    """

    source: Source
    table: ibis.Table
    rows: int
    fingerprint: str
    notes: tuple[str, ...] = ()
    comments: tuple[tuple[str, str], ...] = ()
    origin: Origin = Origin()


@dataclass(frozen=True)
class Drop:
    """Rows that are no answers: those whose `column` has one of `values` ("" also means empty)."""

    column: str
    values: frozenset[str]
    one: str
    many: str


@dataclass(frozen=True)
class Reading:
    """What a kind needs to know in order to read: the source, the columns wanted, where to.

    `wanted` None takes every column; `unit` is the column of the units, `numbers` are those
    needed as numbers, `labelled` those in which a value label says more than its code. `scratch`
    is a folder that is removed after reading.
    """

    source: Source
    db: DuckDB
    wanted: frozenset[str] | None
    scratch: Path
    unit: str = ""
    numbers: frozenset[str] = frozenset()
    labelled: frozenset[str] = frozenset()

    def takes(self, name: str) -> bool:
        """Return whether a column is wanted."""
        return bool(name) and (self.wanted is None or name in self.wanted)


@dataclass(frozen=True)
class Sheet:
    """One file or database table, opened: only the columns wanted, as they were found.

    `names` are all column names in it. `row` turns a record's place (from 0) into the row a person
    sees, and is None where rows have no number (a database). A sheet that `stays` is never copied:
    a Parquet file or a database table is queried in place, and a file then has the column `AT`.
    `part` is the sheet of a workbook or the table. `also` names files beside it that changed what
    was read.
    """

    name: str
    names: tuple[str, ...]
    table: ibis.Table
    row: Callable[[int], int] | None = lambda at: at + 2
    stays: bool = False
    also: tuple[Path, ...] = ()
    part: str = ""
    comma: bool = False
    drops: tuple[Drop, ...] = ()
    notes: tuple[Note, ...] = ()
    not_a_number: str = NOT_A_NUMBER
    explain: Callable[[str, Exception], SourceError] = field(
        default=lambda name, error: unreadable(name, error)
    )


class SourceKind(Protocol):
    """A kind of source: which paths are its own, and how one of them is opened."""

    ENDINGS: tuple[str, ...]

    def claims(self, path: str) -> bool:
        """Return whether a path or URL is certainly of this kind."""

    def sheet(self, path: str, reading: Reading) -> Sheet:
        """Open one file or table; raises `SourceError` when it cannot be read."""


def unreadable(name: str, error: Exception) -> SourceError:
    """Return the error for a file that is not what its name says.

    Raises `KeyboardInterrupt` for the error by which SQLite says that it was interrupted.

    >>> str(unreadable("a.sav", ValueError("bad magic")))
    'a.sav cannot be read: bad magic. Save it again from the program that made it.'
    """
    if isinstance(error, sqlite3.OperationalError) and str(error) == "interrupted":
        raise KeyboardInterrupt
    reason = str(error).strip().splitlines() or [type(error).__name__]
    return SourceError(
        "{file} cannot be read: {reason}. Save it again from the program that made it.",
        file=name,
        reason=reason[0][:160].rstrip("."),
    )


def empty(name: str) -> SourceError:
    """Return the error for a source without a single row."""
    return SourceError(
        "{file} is empty: there is no row below the header. Give a source with rows.", file=name
    )


def useless(name: str) -> SourceError:
    """Return the error for a source of which no row is left."""
    return SourceError(
        "{file} has no row that can be used: each one lacks a unit or a wave, is no answer, or is "
        "filtered away by `where`.",
        file=name,
    )


def twice(name: str, column: str) -> SourceError:
    """Return the error for a wanted column that stands twice in a header."""
    return SourceError(
        "{file}: the column {column!r} stands twice in the header. Rename or delete one of them.",
        file=name,
        column=column,
    )
