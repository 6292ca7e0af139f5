"""Power of a correlation between units, by Fisher's z, and what unreliable means cost.

r is the true correlation, n the number of units, each counted once. Fisher (1921): atanh of a
sample correlation is about normal with variance 1 / (n - 3).
"""

from math import atanh, ceil, sqrt, tanh

from scipy.special import ndtr, ndtri


def power(r: float, n: int, alpha: float = 0.05) -> float:
    """Return the chance that the two-sided p of a true correlation r falls to alpha or below.

    >>> round(power(0.3, 85), 4), round(power(0.0, 50), 4)
    (0.8003, 0.05)
    """
    _check(r)
    if n <= 3:
        return 0.0
    shift, z = abs(atanh(r)) * sqrt(n - 3), float(ndtri(1 - alpha / 2))
    return float(ndtr(shift - z) + ndtr(-shift - z))


def units(r: float, target: float = 0.80, alpha: float = 0.05) -> int:
    """Return how many units a correlation r takes.

    >>> [units(r) for r in (0.1, 0.2, 0.3)]
    [783, 194, 85]
    """
    _check(r)
    if r == 0:
        raise ValueError("no number of units finds a correlation of 0")
    return ceil(((float(ndtri(1 - alpha / 2)) + float(ndtri(target))) / atanh(abs(r))) ** 2 + 3)


def detectable(n: int, target: float = 0.80, alpha: float = 0.05) -> float | None:
    """Return the smallest correlation that n units find; None with fewer than four.

    >>> round(detectable(85), 3), round(detectable(12), 2)
    (0.3, 0.73)
    """
    if n <= 3:
        return None
    return tanh((float(ndtri(1 - alpha / 2)) + float(ndtri(target))) / sqrt(n - 3))


def observed(r: float, source: float = 1.0, target: float = 1.0) -> float:
    """Return the correlation that measures of these reliabilities show: r sqrt(rxx ryy).

    >>> round(observed(0.3, 0.8, 0.6), 4)
    0.2078
    """
    if not (0 < source <= 1 and 0 < target <= 1):
        raise ValueError("a reliability lies above 0 and is at most 1")
    return r * sqrt(source * target)


def _check(r: float) -> None:
    if not -1 < r < 1:
        raise ValueError("a correlation lies between -1 and 1")
