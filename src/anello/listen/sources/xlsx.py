"""Spreadsheets (.xlsx): one sheet, its first filled row names the columns."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import python_calamine as calamine

from anello.model.errors import SourceError

from . import memory
from .base import Reading, Sheet, empty, unreadable

ENDINGS: tuple[str, ...] = (".xlsx", ".xlsm")
MOST_BYTES = 512 << 20
MOST_CELLS = 20_000_000
LEAST_BOMB = 16 << 20
MOST_RATIO = 250
"""Sheets pack 5 to 60 times smaller; what packs a thousand times smaller is one byte repeated."""
PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,9})["']""")
TITLE_ROWS = 20
Row = Sequence[object]


def claims(path: str) -> bool:
    """Return whether a path ends as a spreadsheet does."""
    return path.lower().endswith(ENDINGS)


def sheet(path: str, reading: Reading) -> Sheet:
    """Open the sheet named in the source, or the first; cells keep their stored value.

    Spreadsheets that unpack to more than 512 MB, or claim more than 20 million cells, are refused
    before anything is built in memory.
    """
    name = Path(path).name
    _check_size(path, name)
    try:
        book = calamine.CalamineWorkbook.from_path(path)
        tab = _tab(book, reading.source.sheet, name)
        rows: list[Row] = list(book.get_sheet_by_name(tab).iter_rows())
    except SourceError:
        raise
    except Exception as error:
        raise unreadable(name, error) from None
    named = f"{name} ({tab})" if reading.source.sheet else name
    return replace(_sheet(named, rows, reading), part=tab)


def _sheet(name: str, rows: list[Row], reading: Reading) -> Sheet:
    filled = [(i, row) for i, row in enumerate(rows) if any(cell != "" for cell in row)]
    if len(filled) < 2:
        raise empty(name)
    names = _names(filled[0][1])
    _check_title(name, filled, names, reading)
    body = filled[1:]
    picked = memory.pick(name, names, reading)
    columns = {column: [row[i] for _, row in body] for column, i in picked.items()}
    places = [i + 1 for i, _ in body]
    table = memory.table(columns or {names[0]: [row[0] for _, row in body]})
    return Sheet(name, names, table, row=lambda at: places[at])


def _names(row: Row) -> tuple[str, ...]:
    return tuple((memory.text(cell) or "").strip() for cell in row)


def _check_title(
    name: str, filled: list[tuple[int, Row]], names: tuple[str, ...], reading: Reading
) -> None:
    """Raise when the columns stand below a title."""
    wanted = reading.wanted
    if wanted is None or wanted.intersection(names):
        return
    for i, row in filled[1:TITLE_ROWS]:
        if len(wanted.intersection(_names(row))) > 1:
            raise SourceError(
                "{file}: the column names stand in row {row}, below a title. "
                "Delete the rows above them.",
                file=name,
                row=i + 1,
            )


def _tab(book: calamine.CalamineWorkbook, wanted: str | None, name: str) -> str:
    if not book.sheet_names:
        raise empty(name)
    if wanted is None:
        return book.sheet_names[0]
    if wanted in book.sheet_names:
        return wanted
    raise SourceError(
        "{file} has no sheet {sheet!r}; its sheets are: {names}.",
        file=name,
        sheet=wanted,
        names=", ".join(book.sheet_names),
    )


def _check_size(path: str, name: str) -> None:
    """Raise when a spreadsheet would unpack to more than a machine should hold."""
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                cells = _Cells() if "worksheets/" in member.filename.lower() else None
                for size, chunk in _unpacked(archive, member):
                    if total + size > MOST_BYTES or _is_bomb(size, member.compress_size):
                        raise _too_big(name)
                    if cells and cells.more_than(chunk, MOST_CELLS):
                        raise _too_big(name)
                total += size
    except SourceError:
        raise
    except Exception as error:
        raise unreadable(name, error) from None


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[tuple[int, bytes]]:
    """Give a member piece by piece, each with the bytes unpacked so far; one piece at least."""
    size = 0
    with archive.open(member) as file:
        while chunk := file.read(1 << 20):
            size += len(chunk)
            yield size, chunk
    yield size, b""


def _is_bomb(size: int, packed: int) -> bool:
    """Return whether so much came out of so little that no spreadsheet program packed it."""
    return size > LEAST_BOMB and size > MOST_RATIO * packed


class _Cells:
    """What the XML of a sheet claims, piece by piece: its cells, and how far they reach."""

    def __init__(self) -> None:
        self._rows = self._columns = self._named = self._tags = 0
        self._tail = b""

    def more_than(self, xml: bytes, most: int) -> bool:
        """Return whether the cells, or the rectangle around them, are more than `most`."""
        found = PLACE.findall(self._tail + xml)
        self._tail = xml[-32:]
        self._tags += xml.count(b"<")
        self._named += len(found)
        if found:
            letters, digits = map(set, zip(*found, strict=True))
            self._rows = max(self._rows, *map(int, digits))
            self._columns = max(self._columns, *map(_column, letters))
        return max(self._rows * self._columns, self._named, self._tags // 4) > most


def _column(letters: bytes) -> int:
    """Return the number of a column.

    >>> _column(b"A"), _column(b"XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _too_big(name: str) -> SourceError:
    return SourceError(
        "{file} unpacks to more than a spreadsheet should hold. Save the sheet as CSV and name "
        "that file instead.",
        file=name,
    )
