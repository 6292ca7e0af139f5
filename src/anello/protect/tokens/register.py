"""The register of what may answer: digests of printed cards and of tokens handed in.

Only digests are stored. A card's codes are returned once, for the printer, and never again. A
whole token needs no entry: its signature speaks for it.
"""

import secrets
from pathlib import Path

from anello.model.errors import RefusedError

from ..seal.files import forget
from ..seal.journal import Journal
from . import codes
from .blind_rsa import PublicKey
from .token import digest, holds, is_whole, read

MOST_CARDS = 100_000


class Register:
    """One campaign's register, a crash-safe file; several processes may hold it.

    `key` is None for a campaign with cards alone.
    """

    def __init__(self, path: Path, campaign: str, key: PublicKey | None = None) -> None:
        self._campaign, self._key = campaign, key
        self._digests: set[bytes] = set()
        self._path, self._journal = path, Journal(path)

    def print_cards(self, number: int) -> tuple[str, ...]:
        """Return fresh codes for unnumbered cards, their digests being on the disk.

        The digests are stored in another order than the codes are printed in.
        """
        if not 0 < number <= MOST_CARDS:
            raise RefusedError("Between 1 and {most} cards are printed at once.", most=MOST_CARDS)
        drawn = [codes.new_secret() for _ in range(number)]
        self._add([digest(self._campaign, code) for code in drawn])
        return tuple(codes.written(code) for code in drawn)

    def hand_in(self, code_digest: bytes, prefix: bytes, signature: bytes) -> None:
        """Take the digest of a token's code, so that the short code alone answers later.

        Comes without a name and without the code; the signature speaks for it. Handing the same
        token in again is harmless.
        """
        if self._key is None or not holds(self._key, code_digest, prefix, signature):
            raise RefusedError(
                "This token belongs to another survey, or was not issued by this one."
            )
        self._add([code_digest])

    def admit(self, text: str) -> bytes:
        """Return the digest that an answer is stored under; raise for what may not answer.

        `text` is what stands in the form field: a card's code, a token's code or a whole token.
        The same text is admitted again until close, and its answer then replaces the first.
        """
        if is_whole(text):
            if self._key is None:
                raise RefusedError("This survey is answered with cards, not with tokens.")
            return digest(self._campaign, read(text, self._key, self._campaign).code)
        found = digest(self._campaign, codes.read(text))
        with self._journal.turn() as news:
            self._learn(news)
            if found not in self._digests:
                raise RefusedError(
                    "No card and no token of this survey has this code. Is it of another survey?"
                )
        return found

    def destroy(self) -> None:
        """Destroy the register at close: a card found later leads to nothing."""
        self._journal.close()
        forget(self._path)

    def _add(self, digests: list[bytes]) -> None:
        secrets.SystemRandom().shuffle(digests)
        with self._journal.turn() as news:
            self._learn(news)
            new = [d for d in digests if d not in self._digests]
            if new:
                self._journal.write(b"".join(new))
                self._digests.update(new)

    def _learn(self, news: list[bytes]) -> None:
        for payload in news:
            self._digests.update(payload[i : i + 32] for i in range(0, len(payload), 32))
