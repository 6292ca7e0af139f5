"""The issuer's book: who may draw a token, and one batch of signatures for all of them.

The book knows persons and blinded messages and nothing else; answers know neither. Signing
everything at one moment, in the week before, takes away the time by which an issue and an answer
could be matched.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from anello.model.errors import RefusedError

from ..seal.files import forget
from ..seal.journal import Journal
from .blind_rsa import PrivateKey, PublicKey, blind_sign

FLOOR = 5
"""Fewer requests than this are not signed: a token among three is hardly hidden."""


class IssueBook:
    """One campaign's book, a crash-safe file; several processes may hold it."""

    def __init__(self, path: Path, key: PublicKey, eligible: Iterable[str]) -> None:
        self._key = key
        self._eligible = frozenset(map(_person, eligible))
        self._asked: dict[str, bytes] = {}
        self._signed: dict[str, bytes] = {}
        self._path, self._journal = path, Journal(path)

    def ask(self, person: str, blinded: bytes) -> None:
        """Write down one person's blinded message; until the batch a new one takes its place.

        Raises `RefusedError` for who is not invited, and after the batch: a second signature
        would be a second vote. A blinded message tells nothing of the code in it.
        """
        who = _person(person)
        if who not in self._eligible:
            raise RefusedError("Nobody of this name is invited to this survey.")
        if len(blinded) != self._key.size or not 0 < int.from_bytes(blinded) < self._key.n:
            raise RefusedError("This request was not made with this campaign's key.")
        with self._journal.turn() as news:
            self._learn(news)
            if self._signed:
                raise RefusedError(
                    "The tokens of this survey are already signed. Answer with a card instead."
                )
            self._journal.write(_line("ask", {who: blinded}))
            self._asked[who] = blinded

    def sign_batch(self, key: PrivateKey, floor: int = FLOOR) -> int:
        """Sign all requests at once, once; return how many. Run again, it returns the same.

        All signatures stand in one record: after a crash there are all or none.
        """
        with self._journal.turn() as news:
            self._learn(news)
            if self._signed:
                return len(self._signed)
            if key.public != self._key:
                raise RefusedError("This is not the key of this campaign's invitations.")
            if len(self._asked) < floor:
                raise RefusedError(
                    "Only {n} people asked for a token; below {floor} none is signed. "
                    "Hand out cards instead.",
                    n=len(self._asked),
                    floor=floor,
                )
            signed = {who: blind_sign(key, m) for who, m in sorted(self._asked.items())}
            self._journal.write(_line("signed", signed))
            self._signed = signed
            return len(signed)

    def collect(self, person: str) -> bytes | None:
        """Return a person's blind signature, as often as asked; None before the batch."""
        with self._journal.turn() as news:
            self._learn(news)
            return self._signed.get(_person(person))

    def destroy(self) -> None:
        """Destroy the book at close: who drew a token is nobody's matter any more."""
        self._journal.close()
        forget(self._path)

    def _learn(self, news: list[bytes]) -> None:
        for payload in news:
            kind, values = json.loads(payload)
            found = {who: bytes.fromhex(value) for who, value in values.items()}
            (self._asked if kind == "ask" else self._signed).update(found)


def _line(kind: str, values: dict[str, bytes]) -> bytes:
    return json.dumps([kind, {who: value.hex() for who, value in values.items()}]).encode()


def _person(name: str) -> str:
    return hashlib.sha256(b"anello person 1" + name.encode()).hexdigest()
