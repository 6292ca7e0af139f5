"""How many digits of a sum mean something."""

from math import floor, isfinite, log10


def place(low: float, mid: float, high: float) -> int:
    """Return the power of ten to which a sum may be read: two digits of half its interval.

    An exact sum is read to three digits of its own.

    >>> place(310.0, 1234.0, 2140.0), place(-5.2, 0.3, 6.1), place(1000.0, 1000.0, 1000.0)
    (1, -1, 1)
    """
    half, size = (high - low) / 2, max(abs(low), abs(mid), abs(high))
    if not (isfinite(half) and isfinite(size)) or size == 0:
        return 0
    if half <= 1e-9 * size:
        return floor(log10(size)) - 2
    return floor(log10(half)) - 1


def read(value: float, power: int) -> float:
    """Return a value rounded to a power of ten, never to a negative zero.

    >>> read(1234.0, 1), read(-0.04, -1)
    (1230.0, 0.0)
    """
    return round(value, -power) + 0.0
