"""A secret of 128 bits as a code that a person can copy by hand.

Thirty-two signs without I, L, O and U; 26 carry the secret and two check it. The check signs are
those of a Reed-Solomon code over GF(32): any two wrong signs are found, and so is any swap of
two; nothing is corrected silently, because a guess would be another person's code.
"""

import secrets
from functools import cache

from anello.model.errors import SourceError

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
READ_AS = str.maketrans("ILOilo", "110110")
DATA_SIGNS = 26
CODE_SIGNS = DATA_SIGNS + 2
SECRET_BYTES = 16
GROUP = 4
_POLYNOMIAL = 0b100101
"""x^5 + x^2 + 1, under which 2 (that is, x) runs through all 31 elements."""


def new_secret() -> bytes:
    """Return 128 bits from the system's generator."""
    return secrets.token_bytes(SECRET_BYTES)


def written(secret: bytes) -> str:
    """Return a secret as seven groups of four signs, the last two signs being the check.

    >>> written(bytes(16))
    '0000-0000-0000-0000-0000-0000-0000'
    >>> read(written(bytes(range(16)))) == bytes(range(16))
    True
    """
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"a secret has {SECRET_BYTES} bytes")
    number = int.from_bytes(secret)
    data = [number >> (5 * i) & 31 for i in reversed(range(DATA_SIGNS))]
    signs = "".join(SIGNS[i] for i in data + _checks(data))
    return "-".join(signs[i : i + GROUP] for i in range(0, CODE_SIGNS, GROUP))


def read(text: str) -> bytes:
    """Return the secret of a code; spaces, dashes, small letters, and O for 0, I or L for 1 pass.

    Raises `SourceError` when the length or a check sign is wrong.

    >>> read("oooo oooo oooo oooo oooo oooo oooo") == bytes(16)
    True
    """
    bare = "".join(c for c in text.translate(READ_AS).upper() if c not in " -\u00a0\t\r\n–—")
    if len(bare) != CODE_SIGNS or any(c not in SIGNS for c in bare):
        raise SourceError("A code has {n} letters and digits in groups of four.", n=CODE_SIGNS)
    values = [SIGNS.index(c) for c in bare]
    number = sum(v << (5 * i) for i, v in enumerate(reversed(values[:DATA_SIGNS])))
    if _checks(values[:DATA_SIGNS]) != values[DATA_SIGNS:] or number >> 128:
        raise SourceError(
            "A sign of this code is mistyped. Compare it with the card, sign by sign."
        )
    return number.to_bytes(SECRET_BYTES)


def _checks(data: list[int]) -> list[int]:
    """Return the two signs that make the sum, and the sum weighted by powers of x, zero.

    With the data at places 2 to 27, check signs c0 and c1 at places 0 and 1 solve
    c0 + c1 = a and c0 + x c1 = b, so c1 = (a + b) / (1 + x).
    """
    a = b = 0
    for place, value in enumerate(data, start=2):
        a ^= value
        b ^= _times(value, _powers()[place])
    c1 = _times(a ^ b, _inverse(3))
    return [a ^ c1, c1]


@cache
def _powers() -> tuple[int, ...]:
    found = [1]
    for _ in range(30):
        found.append(_times(found[-1], 2))
    return tuple(found)


@cache
def _inverse(value: int) -> int:
    return next(i for i in range(1, 32) if _times(i, value) == 1)


def _times(a: int, b: int) -> int:
    product = 0
    for i in range(5):
        if b >> i & 1:
            product ^= a << i
    for i in (8, 7, 6, 5):
        if product >> i & 1:
            product ^= _POLYNOMIAL << (i - 5)
    return product
