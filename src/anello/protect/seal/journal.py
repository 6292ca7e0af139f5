"""An append-only file whose acknowledged records survive: kill, full disk, torn tail, two writers.

A frame is `ANJ1 | number | length | crc of the payload | crc of these four | payload`. A writer
holds the lock of the file, writes one frame, waits for the disk, and only then returns. So at most
one frame, the last, can be unfinished, and nobody was thanked for it: it is cut off by the next
writer. Damage anywhere else is not repaired but refused, in a sentence that names the place.
"""

import errno
import fcntl
import os
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anello.model.errors import OutputError, RefusedError

from .files import sync_folder, write_all

MAGIC = b"ANJ1"
LONGEST = 1 << 28
_HEAD = struct.Struct(">4sIII")
_CRC = struct.Struct(">I")
HEAD_BYTES = _HEAD.size + _CRC.size


class Journal:
    """One journal file, opened by a process; threads and other processes may hold it too.

    No clock is read and none is stored: a clock set back changes nothing.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.broken = False
        self._mutex = threading.RLock()
        self._end = 0
        self._count = 0
        try:
            new = not path.exists()
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            if new:
                sync_folder(path.parent)
        except OSError as error:
            raise _unwritable(path, error) from None

    @contextmanager
    def turn(self) -> Iterator[list[bytes]]:
        """Hold the file alone; give the payloads that others wrote since the last turn.

        `write` is called inside. Raises `RefusedError` for a damaged file.
        """
        with self._mutex:
            if self.broken:
                raise OutputError(
                    "{file} failed before and takes nothing until it is opened again.",
                    file=self.path,
                )
            fcntl.flock(self._fd, fcntl.LOCK_EX)
            try:
                yield self._news()
            finally:
                fcntl.flock(self._fd, fcntl.LOCK_UN)

    def write(self, payload: bytes) -> None:
        """Append one payload inside a turn; it is on the disk when this returns.

        Raises `OutputError` when the disk takes it not whole; nothing of it stays then.
        """
        if len(payload) > LONGEST:
            raise OutputError("A record of {n} bytes is too long to be kept.", n=len(payload))
        try:
            write_all(self._fd, frame(self._count + 1, payload))
        except OSError as error:
            self._undo()
            raise _unwritable(self.path, error) from None
        try:
            os.fdatasync(self._fd)
        except OSError as error:
            self.broken = True
            self._undo()
            raise _unwritable(self.path, error) from None
        self._end += HEAD_BYTES + len(payload)
        self._count += 1

    def close(self) -> None:
        """Close the file; a closed journal is not used again."""
        with self._mutex:
            if self._fd >= 0:
                os.close(self._fd)
            self._fd, self.broken = -1, True

    def _news(self) -> list[bytes]:
        size = os.fstat(self._fd).st_size
        if size < self._end:
            raise RefusedError("{file} became shorter; records are missing.", file=self.path)
        found, good = scan(self._fd, self._end, size, self._count, self.path)
        if good < size:
            self._cut(good)
        self._end, self._count = good, self._count + len(found)
        return found

    def _cut(self, end: int) -> None:
        try:
            os.ftruncate(self._fd, end)
            os.fdatasync(self._fd)
        except OSError as error:
            raise _unwritable(self.path, error) from None

    def _undo(self) -> None:
        """Take an unfinished frame back; if even that fails, the next opening does."""
        try:
            os.ftruncate(self._fd, self._end)
        except OSError:
            self.broken = True


def frame(number: int, payload: bytes) -> bytes:
    """Return a payload with its head."""
    head = _HEAD.pack(MAGIC, number, len(payload), zlib.crc32(payload))
    return head + _CRC.pack(zlib.crc32(head)) + payload


def read(path: Path) -> list[bytes]:
    """Return every whole payload of a journal without changing the file."""
    try:
        fd = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise OutputError(
            "{file} cannot be read: {reason}.", file=path, reason=error.strerror
        ) from None
    try:
        fcntl.flock(fd, fcntl.LOCK_SH)
        return scan(fd, 0, os.fstat(fd).st_size, 0, path)[0]
    finally:
        os.close(fd)


def scan(fd: int, at: int, size: int, count: int, path: Path) -> tuple[list[bytes], int]:
    """Return the payloads from `at` on and where the last whole frame ends.

    Raises `RefusedError` when something that is not the unfinished last frame is damaged.
    """
    found: list[bytes] = []
    while at < size:
        length = _length(os.pread(fd, HEAD_BYTES, at), count + 1)
        if length is None:
            if _goes_on(fd, at, size):
                raise _damaged(path, count + 1, at)
            break
        payload = os.pread(fd, length, at + HEAD_BYTES)
        end = at + HEAD_BYTES + length
        crc = _HEAD.unpack(os.pread(fd, _HEAD.size, at))[3]
        if len(payload) < length or zlib.crc32(payload) != crc:
            if end < size:
                raise _damaged(path, count + 1, at)
            break
        found.append(payload)
        at, count = end, count + 1
    return found, at


def _length(head: bytes, number: int) -> int | None:
    """Return the length that a sound head of this number names."""
    if len(head) < HEAD_BYTES or _CRC.unpack(head[_HEAD.size :])[0] != zlib.crc32(
        head[: _HEAD.size]
    ):
        return None
    magic, told, length, _ = _HEAD.unpack(head[: _HEAD.size])
    return int(length) if magic == MAGIC and told == number and length <= LONGEST else None


def _goes_on(fd: int, at: int, size: int) -> bool:
    """Return whether a sound head stands where none was expected: a frame in between is lost."""
    while at < size:
        block = os.pread(fd, 1 << 20, at)
        place = block.find(MAGIC)
        while place >= 0:
            head = os.pread(fd, HEAD_BYTES, at + place)
            body = head[: _HEAD.size]
            if len(head) == HEAD_BYTES and _CRC.unpack(head[_HEAD.size :])[0] == zlib.crc32(body):
                return True
            place = block.find(MAGIC, place + 1)
        at += max(len(block) - len(MAGIC) + 1, 1)
    return False


def _damaged(path: Path, number: int, at: int) -> RefusedError:
    return RefusedError(
        "{file} is damaged at record {number} (byte {at}). Nothing is read past it and nothing is "
        "written; restore the file from its copy.",
        file=path,
        number=number,
        at=at,
    )


def _unwritable(path: Path, error: OSError) -> OutputError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return OutputError(
            "The disk is full: {file} took nothing, and nobody was thanked for it.", file=path
        )
    return OutputError(
        "{file} cannot be written: {reason}.", file=path, reason=error.strerror or str(error)
    )
