"""Themes that are nearly the same: which they are, so that they can be shared out as one."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
NEAR = 0.9


def near_copies(R: Array, near: float = NEAR) -> tuple[tuple[int, ...], ...]:
    """Return groups of predictors joined by |r| >= `near`, each in order, by first member.

    A chain joins: when a is near b and b near c, all three are one group, however far a is from c.
    Turned copies (r <= -near) count. Most groups have one member.

    >>> near_copies(np.array([[1.0, 0.2, 0.95], [0.2, 1.0, 0.1], [0.95, 0.1, 1.0]]))
    ((0, 2), (1,))
    """
    close = np.abs(R) >= near
    group = np.arange(len(R))
    for i in range(len(R)):
        for j in np.nonzero(close[i])[0]:
            group[group == group[j]] = group[i]
    found = dict.fromkeys(group.tolist())
    return tuple(tuple(np.nonzero(group == g)[0].tolist()) for g in found)
