"""The public ledger: one line per release or refusal, each carrying the hash of the line before.

A line is on the disk before its number leaves. A crash can leave at most a torn last line without
its end; such a line was never answered for, so it is dropped and said. A changed line is never
dropped: it breaks the chain, and a broken ledger lets nothing leave.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field, fields, replace
from functools import lru_cache
from pathlib import Path

from anello.model.errors import RefusedError

MOST_KEPT = 20_000
FIRST = "0" * 64
NAME = "ledger.jsonl"
LONGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """One line: when, which wave, what, whether it left, why not, and the hashes of the chain.

    `people` names the answers, `columns` those of each column by a keyed digest, `digest` the
    candidate, `private` the record of its weights, `seal` the promise. `day` is never earlier than
    that of the line before, whatever the clock says.
    """

    seq: int
    day: str
    wave: str
    kind: str
    what: str
    allowed: bool
    reason: str
    values: dict[str, str | int | float] = field(default_factory=dict)
    people: str = ""
    digest: str = ""
    private: str = ""
    seal: str = ""
    k: int = 5
    columns: dict[str, str] = field(default_factory=dict)
    before: str = FIRST
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """The lines that hold, how many bytes they fill, and how many torn bytes follow."""

    rows: tuple[Row, ...]
    size: int
    torn: int

    @property
    def head(self) -> str:
        """Return the hash of the last line; who keeps it sees when lines are cut off later."""
        return self.rows[-1].hash if self.rows else FIRST


def hashed(row: Row) -> Row:
    """Return a line with its hash: SHA-256 of its canonical JSON without the hash."""
    told = asdict(row)
    del told["hash"]
    return replace(row, hash=hashlib.sha256(_json(told).encode()).hexdigest())


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def line(row: Row) -> bytes:
    """Return a line as it stands in the file."""
    return _json(asdict(row)).encode() + b"\n"


def read(folder: Path) -> Chain:
    """Return the public ledger of a folder; refuse one whose chain is broken.

    What follows the last end of line is torn and only counted.
    """
    path = folder / NAME
    try:
        data = _bytes(path) if path.exists() else b""
    except OSError as error:
        raise RefusedError(
            "the ledger {file} cannot be read ({reason}); without it no number leaves.",
            file=path,
            reason=error.strerror or error,
        ) from None
    size = data.rfind(b"\n") + 1
    rows: list[Row] = []
    for number, text in enumerate(data[:size].split(b"\n")[:-1], start=1):
        row = _row(text)
        if row is None or row.seq != number or row.before != _head(rows):
            raise RefusedError(
                "line {n} of the ledger {file} was changed; nothing leaves until it is restored "
                "from a copy.",
                n=number,
                file=path,
            )
        rows.append(row)
    return Chain(tuple(rows), size, len(data) - size)


def _bytes(path: Path) -> bytes:
    """Return the file, up to a line that is longer than any ledger's: it is no row, nor torn."""
    lines = list[bytes]()
    with path.open("rb") as file:
        while text := file.readline(LONGEST):
            lines.append(text if len(text) < LONGEST else text + b"\n")
            if len(text) == LONGEST:
                break
    return b"".join(lines)


def _head(rows: list[Row]) -> str:
    return rows[-1].hash if rows else FIRST


@lru_cache(maxsize=MOST_KEPT)
def _row(text: bytes) -> Row | None:
    """Return a line whose own hash holds, else None; the same bytes are looked at once."""
    try:
        told = json.loads(text)
        if set(told) != {f.name for f in fields(Row)}:
            return None
        row = Row(**told)
        return row if hashed(row) == row else None
    except (ValueError, TypeError, RecursionError):
        return None


def append(folder: Path, chain: Chain, row: Row) -> Chain:
    """Write one more line, durably, over any torn bytes, and return the longer chain."""
    day = max(row.day, chain.rows[-1].day) if chain.rows else row.day
    row = hashed(replace(row, seq=len(chain.rows) + 1, day=day, before=chain.head))
    written = line(row)
    write_at(folder / NAME, chain.size, written)
    return Chain((*chain.rows, row), chain.size + len(written), 0)


def write_at(path: Path, size: int, data: bytes) -> None:
    """Cut a file to `size` bytes, write `data` after them, and wait until the disk has it."""
    new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if os.fstat(handle).st_size > size:
            os.ftruncate(handle, size)
        os.lseek(handle, size, os.SEEK_SET)
        left = memoryview(data)
        while left:
            left = left[os.write(handle, left) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    if new:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the disk knows the names in a folder, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
