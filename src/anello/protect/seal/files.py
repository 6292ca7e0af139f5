"""Files that only their owner reads, and files that are gone when they are gone."""

import os
from contextlib import suppress
from pathlib import Path

from anello.model.errors import OutputError

_BLOCK = 1 << 16


def write_private(path: Path, content: bytes) -> None:
    """Write a new file with mode 600 and its folder entry to the disk; never over another."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            write_all(fd, content)
            os.fsync(fd)
        finally:
            os.close(fd)
        sync_folder(path.parent)
    except OSError as error:
        raise OutputError(
            "{file} cannot be written: {reason}.", file=path, reason=error.strerror
        ) from None


def replace_private(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: a crash leaves the old content or the new."""
    beside = path.with_name(path.name + ".new")
    with suppress(FileNotFoundError):
        beside.unlink()
    write_private(beside, content)
    os.replace(beside, path)
    sync_folder(path.parent)


def forget(path: Path) -> None:
    """Overwrite a file with zeros, remove it, and wait for the disk; a missing file is forgotten.

    A flash disk or a file system that copies on write may keep the old blocks, and a backup keeps
    its copy: keys therefore lie in a folder of their own that no backup takes.
    """
    try:
        fd = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return
    except OSError as error:
        raise OutputError(
            "{file} cannot be destroyed: {reason}.", file=path, reason=error.strerror
        ) from None
    try:
        left = os.fstat(fd).st_size
        while left > 0:
            left -= os.write(fd, bytes(min(left, _BLOCK)))
        os.fsync(fd)
    finally:
        os.close(fd)
    path.unlink()
    sync_folder(path.parent)


def write_all(fd: int, content: bytes) -> None:
    """Write every byte or raise; a full disk writes some."""
    view = memoryview(content)
    while view:
        view = view[os.write(fd, view) :]


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
