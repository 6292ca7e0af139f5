"""What something that nobody asked about on the day could have done to an effect inside a person.

A busy day can spoil the mood and raise the mask at once. With R2_x the share of x's inside variance
that it explains and R2_y that of y's (x held), it moves the estimate by at most

    se sqrt(df) sqrt(R2_y R2_x / (1 - R2_x))

(Cinelli & Hazlett, 2020, J. R. Stat. Soc. B 82(1), eq. 7-8), df those inside persons. What never
changes inside a person (age, character, the route) is already out of an inside effect.
"""

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """An estimate as it would be at both ends, for a confounder of correlation `size` with both.

    `needed` is the correlation with x and y (inside persons) that brings the estimate to zero, and
    `needed_interval` the one that brings zero into the 95 % interval (0 when it is there already).
    """

    size: float
    low: float
    high: float
    needed: float
    needed_interval: float


def sensitivity(estimate: float, se: float, df: float, size: float, critical: float) -> Sensitivity:
    """Return how an effect would change with an unasked cause of correlation `size` with x and y.

    `critical` is the t of the 95 % interval.

    >>> found = sensitivity(0.4, 0.1, 100.0, 0.3, 1.984)
    >>> round(found.low, 3), round(found.high, 3), round(found.needed, 2)
    (0.306, 0.494, 0.57)
    """
    square = size**2
    bias = se * sqrt(df) * sqrt(square * square / (1 - square))
    f = abs(estimate) / se / sqrt(df)
    rest = max(f - critical / sqrt(df), 0.0)
    return Sensitivity(size, estimate - bias, estimate + bias, _needed(f), _needed(rest))


def _needed(f: float) -> float:
    """Return the root of the robustness value: correlation with both that takes f away.

    RV = (sqrt(f^4 + 4 f^2) - f^2) / 2 is an R2 shared by x and y (Cinelli & Hazlett, eq. 10).
    """
    return sqrt(max((sqrt(f**4 + 4 * f**2) - f**2) / 2, 0.0))
