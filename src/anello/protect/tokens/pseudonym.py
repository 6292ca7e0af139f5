"""A panel without identity: a secret that the person keeps, a name that only the secret makes.

The recovery phrase is the secret written as a code of 28 signs (see `codes`): the same in both
languages, with a check that finds any two wrong signs, and nothing to translate or misspell.
"""

import hashlib
import hmac

from . import codes

_DOMAIN = b"anello panel 1"


def new_phrase() -> str:
    """Return a fresh secret as its recovery phrase; shown to the person, stored nowhere."""
    return codes.written(codes.new_secret())


def pseudonym(phrase: str, organisation: str, series: str) -> str:
    """Return a person's name in one series of diaries: HMAC-SHA256, 32 hexadecimal signs.

    The same person has unrelated names in two series or two organisations, so a new series each
    year cuts the thread. Raises `SourceError` for a mistyped phrase.

    >>> one = pseudonym("0000-0000-0000-0000-0000-0000-0000", "acme", "2026")
    >>> one == pseudonym("oooo oooo oooo oooo oooo oooo oooo", "acme", "2026")
    True
    """
    parts = (_DOMAIN, organisation.encode(), series.encode())
    told = b"".join(len(p).to_bytes(4) + p for p in parts)
    return hmac.new(codes.read(phrase), told, hashlib.sha256).hexdigest()[:32]
