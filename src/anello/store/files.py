"""One file of rows, read by DuckDB: CSV, TSV or Parquet, without starting Ibis."""

import csv
import gzip
import os
import re
import zlib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import IO

import duckdb

from anello.model.errors import AnelloError, SourceError
from anello.stats.mixed.design import Kind

from .database import bare
from .delimited import LONGEST_LINE, check_width, sniff

MISSING = ("", "NA", "NaN")
# A group whose whole numbers span up to 2^16 is looked up by its number, not by a hash of it.
BY_NUMBER = 16
WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")


@dataclass(frozen=True, eq=False)
class File:
    """An open file: `name` is what it is called in SQL, `kinds` what its columns hold."""

    path: Path
    connection: duckdb.DuckDBPyConnection
    name: str
    kinds: dict[str, Kind]


def open_file(path: Path) -> File:
    """Open a CSV, TSV or Parquet file.

    In text files an empty field, `NA` and `NaN` are missing values, as in R. Raises `SourceError`
    for a file that is missing, empty or of another kind.
    """
    if not path.is_file():
        raise SourceError("There is no file {file}.", file=path)
    connection = bare(threads=threads(), perfect_ht_threshold=BY_NUMBER)
    name = _reader(path)
    try:
        rows = connection.execute(f"describe select * from {name}").fetchall()
    except duckdb.Error as error:
        raise unreadable(path, error) from None
    kinds = {row[0]: kind_of(row[1]) for row in rows}
    words = _words(connection, path, kinds)
    if words:
        name, kinds = _reader(path, words), kinds | dict.fromkeys(words, Kind.TEXT)
    return File(path, connection, name, kinds)


def opened(place: str | File) -> File:
    """Return a file that is open already as it is, else open the one of this path."""
    return place if isinstance(place, File) else open_file(Path(place))


def _words(
    connection: duckdb.DuckDBPyConnection, path: Path, kinds: dict[str, Kind]
) -> tuple[str, ...]:
    """Return the columns of a text file that say yes and no: words in R, true and false in DuckDB.

    Their effects are then named after the word, as in R.
    """
    guessed = tuple(name for name, kind in kinds.items() if kind is Kind.BOOLEAN)
    if not guessed or path.name.endswith(".parquet"):
        return ()
    raw = _reader(path, guessed)
    said = (f"count(*) filter (lower({quoted(n)}) in ('yes', 'no', 'y', 'n'))" for n in guessed)
    found = connection.execute(f"select {', '.join(said)} from {raw}").fetchone() or ()
    return tuple(name for name, n in zip(guessed, found, strict=True) if n)


def check_known(name: str, file: File, error: type[AnelloError]) -> None:
    """Raise `error`, with the nearest name, unless the file has this column."""
    if name in file.kinds:
        return
    near = get_close_matches(name, list(file.kinds), n=1, cutoff=0.5)
    if near:
        raise error(
            "There is no column {column!r} in the data; did you mean {near!r}?",
            column=name,
            near=near[0],
        )
    raise error(
        "There is no column {column!r} in the data; they have: {names}.",
        column=name,
        names=", ".join(file.kinds),
    )


def threads() -> int:
    """Return how many threads the scan may use."""
    return min(os.cpu_count() or 1, 8)


def loaded(file: File, columns: tuple[str, ...]) -> File:
    """Return the file with these columns of a text file held as a table, so it is parsed once."""
    if file.path.name.endswith(".parquet"):
        return file
    wanted = ", ".join(quoted(c) for c in columns)
    try:
        file.connection.execute(f"create temp table held as select {wanted} from {file.name}")
    except duckdb.Error as error:
        raise unreadable(file.path, error) from None
    return File(file.path, file.connection, "held", file.kinds)


def quoted(name: str) -> str:
    """Return a name as SQL writes it.

    >>> print(quoted("unit"))
    "unit"
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _reader(path: Path, words: tuple[str, ...] = ()) -> str:
    where = literal(str(path))
    kind = path.name.lower().removesuffix(".gz").rpartition(".")[2]
    if kind == "parquet":
        return f"read_parquet({where})"
    if kind not in ("csv", "tsv", "tab", "txt"):
        raise SourceError(
            "{file} is not a kind of file that can be read here; give a .csv, .tsv or .parquet "
            "file.",
            file=path,
        )
    missing = ", ".join(literal(m) for m in MISSING)
    types = ", ".join(f"{literal(word)}: 'VARCHAR'" for word in words)
    return (
        f"read_csv({where}, delim={literal(_delimiter(path))}, quote='\"', escape='\"', "
        f"header=true, nullstr=[{missing}]{f', types={{{types}}}' if words else ''})"
    )


def _delimiter(path: Path) -> str:
    """Return the sign that parts the columns; trying every dialect would take 0.3 s."""
    try:
        with _opened(path) as file:
            text = file.read(LONGEST_LINE).decode("utf-8-sig", errors="replace").lstrip("\r\n")
        if not text.split("\n", 1)[0].strip():
            raise SourceError("{file} is empty: there is no header row.", file=path)
        sign, records = sniff(text)
    except (OSError, EOFError, zlib.error, csv.Error) as error:
        raise SourceError("{file} cannot be read: {reason}", file=path, reason=error) from None
    check_width(path.name, records[0] if records else [])
    return sign


def _opened(path: Path) -> IO[bytes] | gzip.GzipFile:
    return gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb")


def kind_of(sql_type: str) -> Kind:
    """Return what a column of a type of DuckDB holds."""
    if sql_type in WHOLE:
        return Kind.INTEGER
    if sql_type in ("FLOAT", "DOUBLE", "HUGEINT", "UBIGINT") or sql_type.startswith("DECIMAL"):
        return Kind.NUMBER
    if sql_type == "BOOLEAN":
        return Kind.BOOLEAN
    return Kind.TEXT if sql_type == "VARCHAR" or sql_type.startswith("ENUM") else Kind.OTHER


def unreadable(path: Path, error: duckdb.Error) -> SourceError:
    """Return what a person should know of DuckDB's complaint about a file."""
    text = str(error)
    if "Maximum line size" in text:
        return SourceError(
            "{file} has a line of more than {limit} MB, so it is not a table with one row a line. "
            "Export it again as CSV.",
            file=path,
            limit=LONGEST_LINE // 1_000_000,
        )
    line = re.search(r"Line: (\d+)", text)
    column = re.search(r"[Cc]olumn (?:with name )?\"?([^\"\n]+?)\"?(?: at|\n|$|\.)", text)
    value = re.search(r"Could not convert string \"(.*?)\"", text)
    if line and value:
        return SourceError(
            "{file}, row {row}, column {column!r}: {value!r} is not a number, as it is in the rows "
            "before. Correct it or leave it empty.",
            file=path,
            row=int(line[1]),
            column=column[1] if column else "?",
            value=value[1],
        )
    if line:
        return SourceError(
            "{file}, row {row} cannot be read: it has other columns or another encoding than the "
            "rows before.",
            file=path,
            row=int(line[1]),
        )
    return SourceError("{file} cannot be read: {reason}", file=path, reason=text.split("\n")[0])
