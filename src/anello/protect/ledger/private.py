"""The private ledger: the weights of what was released, one file per wave, destroyed at its end.

A record stands on the disk before its public line. After a crash a whole record without a line may
be left; it is counted as released, which errs on the side of the people. A torn record is dropped.
"""

import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from anello.model.errors import RefusedError

from .candidate import Candidate, Ints
from .public import sync_folder, write_at

FOLDER = "private"
HEAD = 8 + 32
PLACES = "places"


class Key(Protocol):
    """The key of the wave's answers: what it closes can only be opened until its end date."""

    def close(self, data: bytes) -> bytes:
        """Return the data unreadable."""

    def open(self, data: bytes) -> bytes:
        """Return what `close` was given."""


class NoKey:
    """The records stand in the open, for readers of the folder: file rights are all there is."""

    def close(self, data: bytes) -> bytes:
        """Return the data as they are."""
        return data

    def open(self, data: bytes) -> bytes:
        """Return the data as they are."""
        return data


@dataclass(frozen=True, slots=True)
class Vault:
    """The whole records of one wave, their hashes, and how many bytes they fill."""

    records: tuple[bytes, ...]
    hashes: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where the rows of a wave stand, `at` (N,), in one state of what was read."""

    state: str
    at: Ints

    def packed(self, key: Key) -> bytes:
        """Return it as a record, closed by the key."""
        store = io.BytesIO()
        np.savez_compressed(store, told=np.array([PLACES, self.state]), at=self.at)
        return key.close(store.getvalue())


def path_of(folder: Path, wave: str) -> Path:
    """Return the file of a wave; its name is a hash, so any wave can be named."""
    return folder / FOLDER / (hashlib.sha256(wave.encode()).hexdigest()[:32] + ".rows")


def read(folder: Path, wave: str) -> Vault:
    """Return the records of a wave, up to the first that is torn or changed."""
    path = path_of(folder, wave)
    data = path.read_bytes() if path.exists() else b""
    records, hashes, at = [], [], 0
    while len(data) - at >= HEAD:
        length = int.from_bytes(data[at : at + 8], "big")
        digest, body = data[at + 8 : at + HEAD], data[at + HEAD : at + HEAD + length]
        if len(body) != length or hashlib.sha256(body).digest() != digest:
            break
        records.append(body)
        hashes.append(digest.hex())
        at += HEAD + length
    return Vault(tuple(records), tuple(hashes), at)


def append(folder: Path, wave: str, vault: Vault, body: bytes) -> Vault:
    """Write one more record, durably, and return the longer vault."""
    path = path_of(folder, wave)
    if not path.parent.exists():
        path.parent.mkdir(mode=0o700)
        sync_folder(folder)
    digest = hashlib.sha256(body).digest()
    record = len(body).to_bytes(8, "big") + digest + body
    write_at(path, vault.size, record)
    return Vault((*vault.records, body), (*vault.hashes, digest.hex()), vault.size + len(record))


def packed(candidate: Candidate, key: Key) -> bytes:
    """Return what the audit needs of a candidate, closed by the key."""
    store = io.BytesIO()
    columns, ways = json.dumps(candidate.columns), json.dumps(candidate.ways)
    about = json.dumps(candidate.about)
    told = np.array([candidate.kind, candidate.people, candidate.atoms, columns, ways, about])
    atom = np.zeros(0, np.int64) if candidate.atom is None else candidate.atom
    person = np.zeros(0, np.int64) if candidate.person is None else candidate.person
    weights, silent = candidate.weights, candidate.silent
    np.savez_compressed(store, told=told, atom=atom, person=person, weights=weights, silent=silent)
    return key.close(store.getvalue())


def unpacked(wave: str, body: bytes, key: Key) -> Candidate | Places:
    """Return a released candidate of a wave, or the places of its rows, from its record."""
    try:
        with np.load(io.BytesIO(key.open(body)), allow_pickle=False) as found:
            if found["told"][0] == PLACES:
                return Places(str(found["told"][1]), found["at"].astype(np.int64))
            kind, people, atoms, said, led, of = (str(v) for v in found["told"])
            columns = tuple((str(n), str(form), str(d)) for n, form, d in json.loads(said))
            ways = tuple(tuple(str(name) for name in way) for way in json.loads(led))
            atom = found["atom"].astype(np.int64) if atoms else None
            person = found["person"].astype(np.int64) if len(found["person"]) else None
            weights = found["weights"].astype(np.float64)
            about, silent = tuple(str(c) for c in json.loads(of)), found["silent"].astype(bool)
    except Exception:  # whatever cannot be opened closes the gate
        raise RefusedError(
            "the private ledger of wave {wave} cannot be opened; nothing more of it leaves.",
            wave=wave,
        ) from None
    return Candidate(
        wave,
        kind,
        "",
        people,
        weights=weights,
        atoms=atoms,
        atom=atom,
        columns=columns,
        person=person,
        ways=ways,
        about=about,
        silent=silent,
    )
