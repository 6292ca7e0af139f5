"""The keeper of one organisation's ledger: its place, its promise, and the secret of its cuts."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from anello.model.errors import RefusedError
from anello.model.promise import Promise

from .candidate import Candidate, Ints, Ledger
from .gate import gate
from .held import recall
from .lock import locked
from .private import FOLDER, Key
from .public import Row, sync_folder
from .reading import Reading

SEED = "seed"
SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who asks the gate on behalf of a run: the ledger's folder, the promise, the day, the key."""

    folder: Path
    promise: Promise
    day: date
    key: Key | None = None
    reading: Reading | None = None
    at: Ints | None = None

    def of(self, reading: Reading, at: Ints | None) -> "Keeper":
        """Return the keeper of what was read so; row i of every candidate stands at place at[i]."""
        return replace(self, reading=reading, at=at)

    def admit(self, candidates: Sequence[Candidate]) -> tuple[Row, ...]:
        """Return the lines that allow the candidates, all of them, or raise `RefusedError`."""
        if self.reading is not None:
            candidates = [replace(c, reading=self.reading, at=self.at) for c in candidates]
        return gate(self.folder, candidates, self.promise, self.day, self.key)

    def recall(self, wave: str) -> Ledger:
        """Return everything released of a wave before."""
        return recall(self.folder, wave, self.key)

    def seed(self) -> bytes:
        """Return the secret by which people are cut, made once and kept beside the ledger.

        Whoever has it and the staff list knows who stands in which group, so only the owner of the
        folder may read it. A damaged secret closes the gate: another one would cut anew.
        """
        path = self.folder / FOLDER / SEED
        try:
            with locked(self.folder):
                found = path.read_bytes() if path.exists() else _made(path)
        except OSError as error:
            raise RefusedError(
                "the ledger cannot be kept ({reason}); without it no number leaves.",
                reason=error.strerror or error,
            ) from None
        if len(found) != SEED_BYTES:
            raise RefusedError(
                "the secret of the ledger {folder} is damaged; restore it from a copy, for another "
                "would cut the same answers anew.",
                folder=self.folder,
            )
        return found


def _made(path: Path) -> bytes:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    seed = secrets.token_bytes(SEED_BYTES)
    part = path.with_suffix(".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, seed)
        os.fsync(handle)
    finally:
        os.close(handle)
    os.replace(part, path)
    sync_folder(path.parent)
    return seed
