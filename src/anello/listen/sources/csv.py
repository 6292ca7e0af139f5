"""CSV files: any of the usual encodings, `,` `;` tab or `|`, one header row."""

import csv
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis

from anello.model.errors import SourceError
from anello.store.delimited import DELIMITERS, LONGEST_LINE, check_width, sniff

from .base import Reading, Sheet, empty, twice, unreadable
from .encoding import Plain, plain

ENDINGS: tuple[str, ...] = (".csv",)


def claims(path: str) -> bool:
    """Return whether a path ends as a CSV file does."""
    return path.lower().endswith(ENDINGS)


def sheet(path: str, reading: Reading) -> Sheet:
    """Open a CSV file whose first row names the columns."""
    return table(head(Path(path), reading), reading)


@dataclass(frozen=True)
class Head:
    """The first records of a delimited file; `above` counts the blank lines above them."""

    name: str
    plain: Plain
    delimiter: str
    records: tuple[tuple[str, ...], ...]
    above: int = 0

    @property
    def header(self) -> tuple[str, ...]:
        """Return the column names, without the blanks around them."""
        return tuple(name.strip() for name in self.records[0])


def head(path: Path, reading: Reading, delimiters: Sequence[str] = DELIMITERS) -> Head:
    """Read the first records of a file; raises `SourceError` when there are none."""
    found = plain(_linked(path, reading.scratch), reading.scratch)
    with found.path.open(encoding="utf-8-sig", newline="") as file:
        whole = file.read(LONGEST_LINE)
    text = whole.lstrip("\r\n")
    above = len(whole[: len(whole) - len(text)].splitlines())
    try:
        delimiter, records = sniff(text, delimiters, reading.wanted or ())
    except csv.Error as error:
        raise unreadable(path.name, error) from None
    if not records or not any(c.strip() for c in records[0]):
        raise empty(path.name)
    check_width(path.name, records[0])
    return Head(path.name, found, delimiter, tuple(map(tuple, records)), above)


def _linked(path: Path, scratch: Path) -> Path:
    """Return the path, or a link to it when its name holds signs that DuckDB takes for a glob."""
    if not re.search(r"[*?\[\]{}]", str(path)):
        return path
    link = scratch / f"{len(list(scratch.iterdir()))}{path.suffix}"
    os.symlink(path.resolve(), link)
    return link


def table(head: Head, reading: Reading, headers: int = 1) -> Sheet:
    """Return the rows below the first `headers` records, only the columns wanted."""
    names = head.header
    picked = [(i, name) for i, name in enumerate(names) if reading.takes(name)]
    for name in {name for _, name in picked}:
        if names.count(name) > 1 and reading.wanted is not None:
            raise twice(head.name, name)
    return Sheet(
        head.name,
        names,
        _query(head, picked or [(0, names[0])], headers, reading),
        row=_row(head, headers),
        comma=head.delimiter == ";",
        notes=head.plain.notes,
        explain=_explain,
    )


def _query(head: Head, picked: list[tuple[int, str]], headers: int, reading: Reading) -> ibis.Table:
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(head.header)))
    taken = ", ".join(f"trim(c{i}) AS {_quoted(name)}" for i, name in _once(picked))
    delimiter = "\\t" if head.delimiter == "\t" else head.delimiter
    path = str(head.plain.path).replace("'", "''")
    try:
        return reading.db.sql(
            f"SELECT {taken} FROM read_csv('{path}', auto_detect = false, header = false, "
            f"skip = {headers + head.above}, delim = '{delimiter}', quote = '\"', escape = '\"', "
            f"strict_mode = true, columns = {{{columns}}})"
        )
    except Exception as error:
        raise _explain(head.name, error) from None


def _once(picked: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Leave out names that stand twice, in capital or small letters (when all are taken)."""
    return list({name.lower(): (i, name) for i, name in reversed(picked)}.values())[::-1]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _row(head: Head, headers: int) -> Callable[[int], int]:
    """Return how the place of a record becomes its row; blank lines count, as in any editor."""
    if not head.plain.blank_lines:
        return lambda at: at + head.above + headers + 1

    def counted(at: int) -> int:
        with head.plain.path.open(encoding="utf-8-sig", newline="") as file:
            full = 0
            for row, record in enumerate(csv.reader(file, delimiter=head.delimiter), start=1):
                full += bool(record)
                if full == at + headers + 1:
                    return row
        return at + headers + 1

    return counted


def _explain(name: str, error: Exception) -> SourceError:
    """Turn what DuckDB says of a malformed file into one sentence."""
    text = str(error)
    line = re.search(r"CSV Error on Line: (\d+)", text)
    counts = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text)
    if line and counts:
        return SourceError(
            "{file}, row {row}: {found} values stand under {names} column names. "
            "Look for a missing or superfluous delimiter.",
            file=name,
            row=int(line[1]),
            found=int(counts[2]),
            names=int(counts[1]),
        )
    if line and "unterminated quote" in text:
        return SourceError(
            "{file}, row {row}: a quotation mark is not closed. Write a quotation mark inside a "
            'text twice ("") and close each quoted text.',
            file=name,
            row=int(line[1]),
        )
    if "invalid state" in text:
        return SourceError(
            "{file} ends its lines in different ways. Open it in an editor and save it again "
            "with one kind of line end.",
            file=name,
        )
    return unreadable(name, error)
