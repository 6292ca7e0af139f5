"""Power of a comparison of two groups: the two-sample t test, the textbook case to check against.

n units in each group, delta the true difference, sd the spread inside a group (Cohen 1988).
"""

from math import isfinite, sqrt

from scipy.special import nctdtr, stdtrit

from .search import smallest_whole


def power(n: float, delta: float, sd: float = 1.0, alpha: float = 0.05) -> float:
    """Return the chance that the two-sided p falls to alpha or below, both directions counted.

    >>> round(power(20, 1.0), 6)
    0.868953
    """
    df = 2 * (n - 1)
    shift, t = abs(delta) / sd * sqrt(n / 2), float(stdtrit(df, 1 - alpha / 2))
    other = float(nctdtr(df, shift, -t))
    return 1 - float(nctdtr(df, shift, t)) + (other if isfinite(other) else 0.0)


def units(delta: float, sd: float = 1.0, target: float = 0.80, alpha: float = 0.05) -> int | None:
    """Return how many units each group takes; None above a million.

    >>> units(0.5)
    64
    """
    return smallest_whole(lambda n: power(n, delta, sd, alpha), target, 2, 1_000_000)
