"""The indirect effect on one level, with Sobel's standard error."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sobel:
    """The product a x b of x -> m and m -> y given x, its standard error and their ratio."""

    indirect: float
    se: float
    z: float


def sobel(n: int, total: Array, cross: Array) -> Sobel:
    """Return the indirect effect from the sums (3) and cross-products (3 x 3) of x, m, y.

    First-order form: SE^2 = a^2 SE_b^2 + b^2 SE_a^2 (Sobel 1982). It takes rows for independent
    and the product for normal, so with groups or few rows it is too sure of itself; it is here
    to reproduce published figures.

    >>> cross = np.array([[10.0, 5.0, 3.0], [5.0, 10.0, 6.0], [3.0, 6.0, 10.0]])
    >>> found = sobel(50, np.zeros(3), cross)
    >>> round(found.indirect, 4), round(found.se, 4)
    (0.3, 0.1008)
    """
    S = cross - np.outer(total, total) / n
    a = S[0, 1] / S[0, 0]
    var_a = (S[1, 1] - a * S[0, 1]) / (n - 2) / S[0, 0]
    M = np.linalg.inv(S[:2, :2])
    b = M @ S[:2, 2]
    var_b = (S[2, 2] - b @ S[:2, 2]) / (n - 3) * M[1, 1]
    se = float(np.sqrt(a**2 * var_b + b[1] ** 2 * var_a))
    indirect = float(a * b[1])
    return Sobel(indirect, se, indirect / se)
