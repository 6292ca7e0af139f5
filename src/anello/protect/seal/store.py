"""Sealed answers by (token digest, version), append-only until the campaign closes.

The first answer of a token spends it; a later one replaces it; a lost thank-you page may be sent
again. Token and answer stand in one record, so no crash can spend the token and lose the answer.
Stored are: the digest, the version, the box. No time, no address, no browser.
"""

import os
import secrets
import struct
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from anello.model.errors import RefusedError

from .box import public_of, seal, unseal
from .files import forget, replace_private
from .journal import Journal, frame, read

DIGEST_BYTES = 32
LARGEST = 1 << 18
"""Bytes of one answer, comments included."""
_ENTRY = struct.Struct(">32sII")
_CLOSED = b"closed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """An answer is on the disk: only now may its author be thanked. It shows no content."""

    version: int

    @property
    def replaced(self) -> bool:
        """Return whether an earlier answer of the same token was replaced."""
        return self.version > 1


class SealedStore:
    """The open answers of one campaign: holds the public key and can read none of them.

    Every thread and process may hold one on the same file. Memory: some 150 bytes a token.
    """

    def __init__(self, path: Path, campaign: str, public: bytes) -> None:
        self.path, self.campaign, self._public = path, campaign, public
        self._versions: dict[bytes, int] = {}
        self._closed = False
        self._lock = threading.Lock()
        _refuse_closed(path)
        self._journal = Journal(path)

    def put(self, token: bytes, answer: bytes) -> Receipt:
        """Seal and keep one answer; it is on the disk when this returns."""
        return self.put_all([(token, answer)])[0]

    def put_all(self, answers: Sequence[tuple[bytes, bytes]]) -> tuple[Receipt, ...]:
        """Keep several people's answers with one wait for the disk: all of them or none."""
        for token, answer in answers:
            _check(token, answer)
        _refuse_closed(self.path)
        with self._lock, self._journal.turn() as news:
            self._learn(news)
            _refuse_closed(self.path)
            if self._closed:
                raise _too_late()
            entries, versions = self._sealed(answers)
            if entries:
                self._journal.write(b"".join(entries))
            self._versions.update(zip((t for t, _ in answers), versions, strict=True))
        return tuple(Receipt(v) for v in versions)

    def count(self) -> int:
        """Return how many tokens have answered; what a page shows of it is the promise's matter."""
        with self._lock, self._journal.turn() as news:
            self._learn(news)
            return len(self._versions)

    def close(self) -> None:
        """Take no further answer, in any process; calling it again changes nothing."""
        with self._lock, self._journal.turn() as news:
            self._learn(news)
            if not self._closed:
                self._journal.write(_CLOSED)
                self._closed = True

    def release_file(self) -> None:
        """Let go of the file; the store is not used again."""
        self._journal.close()

    def _sealed(self, answers: Sequence[tuple[bytes, bytes]]) -> tuple[list[bytes], list[int]]:
        entries, versions = list[bytes](), list[int]()
        now = dict[bytes, int]()
        for token, answer in answers:
            now[token] = now.get(token, self._versions.get(token, 0)) + 1
            box = seal(self._public, answer, self.campaign, token, now[token])
            entries.append(_ENTRY.pack(token, now[token], len(box)) + box)
            versions.append(now[token])
        return entries, versions

    def _learn(self, news: list[bytes]) -> None:
        for payload in news:
            if payload == _CLOSED:
                self._closed = True
            else:
                self._versions.update((token, version) for token, version, _ in _entries(payload))


def closed_path(path: Path) -> Path:
    """Return where the answers of a closed store lie."""
    return path.with_name(path.name + ".closed")


def settle(path: Path, campaign: str, private: bytes) -> int:
    """Close a store for good: keep each token's last answer without its token; return how many.

    The last versions are opened, sealed anew and shuffled, and the journal with the digests is
    destroyed: from then on nobody, the holder of a token included, can say which answer was
    whose. Runs in the worker, which alone holds the private key. Every answer must open before
    anything is destroyed; a crash at any point is made good by running it again.
    """
    if not path.exists() and closed_path(path).exists():
        return len(read(closed_path(path)))
    public = public_of(private)
    store = SealedStore(path, campaign, public) if not closed_path(path).exists() else None
    if store is not None:
        store.close()
        store.release_file()
        last = {
            token: (v, box) for p in read(path) if p != _CLOSED for token, v, box in _entries(p)
        }
        answers = [unseal(private, box, campaign, t, v) for t, (v, box) in last.items()]
        secrets.SystemRandom().shuffle(answers)
        frames = (frame(i, seal(public, a, campaign)) for i, a in enumerate(answers, start=1))
        replace_private(closed_path(path), b"".join(frames))
    forget(path)
    return len(read(closed_path(path)))


def opened(path: Path, campaign: str, private: bytes) -> Iterator[bytes]:
    """Give every answer of a settled store, in no order that means anything."""
    for box in read(closed_path(path)):
        yield unseal(private, box, campaign)


def _entries(payload: bytes) -> Iterator[tuple[bytes, int, bytes]]:
    at = 0
    while at < len(payload):
        token, version, length = _ENTRY.unpack_from(payload, at)
        at += _ENTRY.size
        yield token, version, payload[at : at + length]
        at += length


def _check(token: bytes, answer: bytes) -> None:
    if len(token) != DIGEST_BYTES:
        raise ValueError(f"a token's digest has {DIGEST_BYTES} bytes")
    if len(answer) > LARGEST:
        raise RefusedError("An answer of {n} bytes is too long to be kept.", n=len(answer))


def _refuse_closed(path: Path) -> None:
    if os.path.lexists(closed_path(path)):
        raise _too_late()


def _too_late() -> RefusedError:
    return RefusedError("The survey is closed; your answer was not kept.")
