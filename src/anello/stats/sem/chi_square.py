"""Tails of the chi-square, noncentral chi-square and normal distributions.

SciPy has them too, but loading its special functions would take a tenth of a fit from a file.
"""

from math import erfc, exp, inf, isnan, lgamma, log, nan, sqrt

import numpy as np

TINY = 1e-300
PRECISE = 1e-16


def normal_tails(z: float) -> float:
    """Return P(|Z| > |z|) of a standard normal Z; NaN for NaN.

    >>> round(normal_tails(1.959963984540054), 12)
    0.05
    """
    return erfc(abs(z) / sqrt(2))


def upper(chisq: float, df: float) -> float:
    """Return P(chi2 with df > chisq); NaN without degrees of freedom.

    >>> round(upper(3.841458820694124, 1), 12)
    0.05
    """
    if not df > 0 or isnan(chisq):
        return nan
    if chisq <= 0:
        return 1.0
    if chisq == inf:
        return 0.0
    a, x = df / 2, chisq / 2
    return _fraction(a, x) if x > a + 1 else 1 - _series(a, x)


def lower(chisq: float, df: float) -> float:
    """Return P(chi2 with df <= chisq), exact also where it is tiny."""
    if not df > 0 or isnan(chisq):
        return nan
    if chisq <= 0:
        return 0.0
    a, x = df / 2, chisq / 2
    return 1 - _fraction(a, x) if x > a + 1 else _series(a, x)


def noncentral(chisq: float, df: float, centre: float) -> float:
    """Return P(noncentral chi2 <= chisq), with noncentrality `centre`: a Poisson mixture.

    >>> round(noncentral(10.0, 4, 0.0), 6), round(noncentral(10.0, 4, 5.0), 6)
    (0.959572, 0.638229)
    """
    if not df > 0 or isnan(chisq) or isnan(centre):
        return nan
    if chisq <= 0:
        return 0.0
    if centre <= 0:
        return lower(chisq, df)
    a, x, half = df / 2, chisq / 2, centre / 2
    far = 10 * sqrt(half) + 40
    first, last = max(int(half - far), 0), int(half + far)
    j = np.arange(first, last + 1, dtype=float)
    steps = log(half) - np.log(np.maximum(j[1:], 1))
    mass = first * log(half) - half - lgamma(first + 1) + np.concatenate([[0.0], np.cumsum(steps)])
    # P(a, x) = P(a + 1, x) + x^a e^-x / Gamma(a + 1), from the last term down
    growth = log(x) - np.log(a + j[1:])
    start = (a + first) * log(x) - x - lgamma(a + first + 1)
    falls = np.exp(start + np.concatenate([[0.0], np.cumsum(growth)]))
    below = lower(2 * x, 2 * (a + last + 1)) + np.cumsum(falls[::-1])[::-1]
    return min(float(np.exp(mass) @ np.minimum(below, 1.0)), 1.0)


def _series(a: float, x: float) -> float:
    """Return the regularised lower incomplete gamma function by its series."""
    term = total = 1 / a
    n = a
    while abs(term) > abs(total) * PRECISE:
        n += 1
        term *= x / n
        total += term
    return total * exp(a * log(x) - x - lgamma(a))


def _fraction(a: float, x: float) -> float:
    """Return the regularised upper incomplete gamma function by Lentz's continued fraction."""
    b = x + 1 - a
    c, d = 1 / TINY, 1 / b
    h = d
    for i in range(1, 100_000):
        factor = -i * (i - a)
        b += 2
        d = 1 / (factor * d + b or TINY)
        c = b + factor / c or TINY
        h *= d * c
        if abs(d * c - 1) < PRECISE * 4:
            break
    return h * exp(a * log(x) - x - lgamma(a))
