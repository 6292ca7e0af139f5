"""How far a mean of n answers can be trusted, and what a link would be without that noise."""

from math import sqrt


def icc2(icc1: float, n: float) -> float:
    """Return the reliability of a unit mean of n answers, given the share of variance by unit.

    Spearman-Brown: n ICC(1) / (1 + (n - 1) ICC(1)) (Bliese 2000). It grows with the number of
    answers, so a big unit's mean is trusted more than a small one's.

    >>> round(icc2(0.10, 10), 4)
    0.5263
    """
    return n * icc1 / (1 + (n - 1) * icc1)


def disattenuate(r: float, rxx: float, ryy: float) -> float:
    """Return the correlation that perfectly reliable measures would show: r / sqrt(rxx ryy).

    Always shown beside the uncorrected r, never instead of it, and never with a corrected p. It
    may pass 1 when the reliabilities are guessed too low. Raises ValueError on a reliability
    that is not above 0.

    >>> round(disattenuate(0.20, 0.80, 0.60), 7)
    0.2886751
    """
    if rxx <= 0 or ryy <= 0:
        raise ValueError("a reliability is above 0")
    return r / sqrt(rxx * ryy)
