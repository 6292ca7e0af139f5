"""An index from printed percentages, which need not add up to 100."""

from math import fsum

from numpy import asarray
from numpy.typing import ArrayLike


def index_from_percents(percents: ArrayLike, weights: ArrayLike, *, normalise: bool) -> float:
    """Return the weighted index of a distribution printed in percent.

    Rounded percentages often add up to 99 or 102. `normalise=False` takes them as printed, as the
    Civil Service technical guide (Cabinet Office 2022) does, and the index can then leave the
    range of the weights; `normalise=True` divides by their sum. The two readings differ by more
    than a year's change, so the caller has to choose.

    >>> b = (22, 28, 34, 12, 6)
    >>> index_from_percents(b, (100, 75, 50, 25, 0), normalise=False)
    63.0
    >>> round(index_from_percents(b, (100, 75, 50, 25, 0), normalise=True), 1)
    61.8
    """
    p, w = asarray(percents, dtype=float), asarray(weights, dtype=float)
    if p.shape != w.shape or p.size == 0 or (p < 0).any():
        raise ValueError("there must be one weight for each percentage, and none below 0")
    whole = fsum(p) if normalise else 100.0
    return fsum(p * w) / whole
