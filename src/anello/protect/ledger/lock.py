"""One process at a time before the ledger."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anello.model.errors import RefusedError

try:
    import fcntl
except ImportError:  # not on every system; then the gate stays shut
    fcntl = None  # type: ignore[assignment]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the ledger for one process; others wait."""
    if fcntl is None:
        raise RefusedError("this system cannot lock the ledger; without a lock no number leaves.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
