"""Drawing what is not known exactly: an estimate with its t, a sum that somebody gave limits of."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Z95 = 1.959963984540054
SHARES = (0.025, 0.5, 0.975)


def estimate(value: float, se: float, df: float, n: int, rng: np.random.Generator) -> Array:
    """Return n draws from the confidence distribution of an estimate: t with its own df.

    With few units the tails are long, and so is every sum of money that follows.
    """
    return value + se * rng.standard_t(df, n)


def amount(low: float, mid: float, high: float, n: int, rng: np.random.Generator) -> Array:
    """Return n draws of an amount whose median is mid and whose 95 % limits are low and high.

    Two half normals meet at mid. Equal limits give the same number each time. Raises ValueError
    when the three do not rise.

    >>> a = amount(900.0, 1000.0, 1300.0, 200_000, np.random.default_rng(1))
    >>> [int(round(q, -1)) for q in np.quantile(a, SHARES)]
    [900, 1000, 1300]
    """
    if not low <= mid <= high:
        raise ValueError("an amount rises from low over mid to high")
    z = rng.standard_normal(n) / Z95
    return mid + np.where(z < 0, z * (mid - low), z * (high - mid))


def interval(draws: Array) -> tuple[float, float, float]:
    """Return the 95 % limits and the median: (low, median, high)."""
    low, mid, high = np.quantile(draws, SHARES)
    return float(low), float(mid), float(high)
