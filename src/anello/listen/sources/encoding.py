"""Text files in any of the encodings that offices produce, turned into UTF-8, in one pass."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from anello.model.errors import SourceError
from anello.model.notes import Note
from anello.store.delimited import LONGEST_LINE

CHUNK = 1 << 20
BOMS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
READ_AS_WINDOWS = (
    "{file} is not in UTF-8; it was read as Windows-1252. Look whether accented letters are right."
)


@dataclass(frozen=True)
class Plain:
    """A file in UTF-8: the file itself, or a copy in the scratch folder."""

    path: Path
    blank_lines: bool
    notes: tuple[Note, ...] = ()


def plain(path: Path, scratch: Path) -> Plain:
    """Return `path` as UTF-8; raises `SourceError` when it is not text or mixes encodings.

    Memory stays below a few chunks whatever the size. Text that is not UTF-8 but could be
    Windows-1252 is read as such, with a note; a file that holds both is refused with the line
    where the second one begins.
    """
    with path.open("rb") as file:
        head = file.read(2)
    for bom, encoding in BOMS:
        if head == bom:
            return Plain(_copy(path, encoding, scratch), True)
    blank, utf8 = _scan(path)
    if utf8:
        return Plain(path, blank)
    _check_windows(path)
    copy = _copy(path, "cp1252", scratch)
    return Plain(copy, blank, (Note(READ_AS_WINDOWS, file=path.name),))


def _scan(path: Path) -> tuple[bool, bool]:
    """Return whether there are blank lines, and whether all of it is UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    blank, utf8, run, tail = False, True, 0, b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            run = _check_line(path, chunk, run)
            if b"\0" in chunk:
                raise _not_text(path)
            blank = blank or bool(re.search(rb"\n\r?\n|\r\r", tail + chunk))
            tail = chunk[-2:]
            utf8 = utf8 and _decodes(decoder, chunk)
    return blank, utf8 and _decodes(decoder, b"", final=True)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _check_line(path: Path, chunk: bytes, run: int) -> int:
    """Return the bytes since the last line end; raise when a line is longer than any table's."""
    first = re.search(rb"[\r\n]", chunk)
    if run + (first.start() if first else len(chunk)) > LONGEST_LINE:
        raise SourceError(
            "{file} has a line of more than {limit} MB, so it is not a table with one row a line. "
            "Export it again as CSV.",
            file=path.name,
            limit=LONGEST_LINE // 1_000_000,
        )
    if not first:
        return run + len(chunk)
    return len(chunk) - 1 - max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))


def _check_windows(path: Path) -> None:
    """Raise when a file that is not UTF-8 is not Windows-1252 either, or is partly UTF-8."""
    utf8: int | None = None
    other: int | None = None
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.isascii():
                continue
            text = line.decode("utf-8", errors="surrogateescape")
            strange = [c for c in text if "\udc80" <= c <= "\udcff"]
            if any(ord(c) - 0xDC00 in (0x81, 0x8D, 0x8F, 0x90, 0x9D) for c in strange):
                raise _not_text(path)
            other = other or (number if strange else None)
            utf8 = utf8 or (number if any(c > "\x7f" and c not in strange for c in text) else None)
            if utf8 and other:
                raise SourceError(
                    "{file}, row {row}: the text mixes two encodings (UTF-8 and another one). "
                    "Save the whole file as UTF-8.",
                    file=path.name,
                    row=max(utf8, other),
                )


def _copy(path: Path, encoding: str, scratch: Path) -> Path:
    copy = scratch / f"{len(list(scratch.iterdir()))}.txt"
    try:
        with (
            path.open(encoding=encoding, newline="") as old,
            copy.open("w", encoding="utf-8", newline="") as new,
        ):
            run = 0
            while chunk := old.read(CHUNK):
                run = _check_line(path, chunk.encode("utf-8"), run)
                if "\0" in chunk:
                    raise _not_text(path)
                new.write(chunk)
    except UnicodeError:
        raise _not_text(path) from None
    return copy


def _not_text(path: Path) -> SourceError:
    return SourceError(
        "{file} is not a text file. If it is a spreadsheet, give it its own ending (.xlsx); "
        "otherwise export it as CSV in UTF-8.",
        file=path.name,
    )
