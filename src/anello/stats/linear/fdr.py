"""The false discovery rate over every claim that was tried."""

from collections.abc import Sequence

import numpy as np


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """Return the adjusted q of each p, in the given order.

    q is the smallest rate of false discoveries at which this claim would be called found; it
    keeps its promise for independent and for positively dependent claims (Benjamini & Hochberg
    1995; Benjamini & Yekutieli 2001). Every p that was looked at has to be handed in, not only
    those that turned out well. Raises ValueError on a p outside 0 to 1 or NaN.

    >>> [round(q, 4) for q in benjamini_hochberg([0.01, 0.04, 0.03, 0.20])]
    [0.04, 0.0533, 0.0533, 0.2]
    """
    values = np.asarray(p, dtype=float)
    if not np.all((values >= 0) & (values <= 1)):
        raise ValueError("every p lies between 0 and 1")
    m = len(values)
    order = np.argsort(values)[::-1]
    raised = values[order] * m / np.arange(m, 0, -1)
    q = np.empty(m)
    q[order] = np.minimum.accumulate(raised)
    return [float(x) for x in np.minimum(q, 1.0)]
