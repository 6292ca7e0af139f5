"""The chance of each verdict for a true effect, from the error and degrees of freedom of a design.

An estimate is normal around the truth with error se; what the data say of that error, s, follows
chi-square with df degrees of freedom: s = se sqrt(chi2 / df). Both are taken as independent, as in
the t test. The average over s is a sum over its quantiles.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri, ndtr, stdtrit

NODES, WEIGHTS = np.polynomial.legendre.leggauss(200)
SURE, RATHER, ALPHA = 0.95, 0.90, 0.05


@dataclass(frozen=True, slots=True)
class Chances:
    """The chance to see an effect, to call it found, and to call it too small to act on.

    `seen`: the interval leaves zero out on the right side. `found`: seen, and the estimate is at
    least `worth` with P(effect > worth / 2) >= .90. `broken`: P(effect < worth) >= .95.
    """

    seen: float
    found: float
    broken: float

    @property
    def settled(self) -> float:
        """Return the chance that the question does not stay open."""
        return self.found + self.broken


def chances(effect: float, worth: float, se: float, df: float, alpha: float = ALPHA) -> Chances:
    """Return the chances for a true `effect`, turned so that + is the wished direction.

    With much data they are those of the normal curve, and at effect = worth no design passes one
    half for `found`: half of all estimates fall below the truth.

    >>> c = chances(effect=0.5, worth=0.2, se=0.5 / (1.959964 + 0.841621), df=1e9)
    >>> round(c.seen, 3), round(c.found, 3)
    (0.8, 0.8)
    >>> round(chances(0.2, 0.2, 0.001, 1e9).found, 2), round(chances(0.0, 0.2, 0.05, 30).broken, 2)
    (0.5, 0.99)
    """
    s = se * np.sqrt(chdtri(df, 1 - (NODES + 1) / 2) / df)
    t = {p: float(stdtrit(df, p)) for p in (1 - alpha / 2, RATHER, SURE)}
    to_see = t[1 - alpha / 2] * s
    to_find = np.maximum(np.maximum(worth, worth / 2 + t[RATHER] * s), to_see)
    return Chances(
        _mean(ndtr((effect - to_see) / se)),
        _mean(ndtr((effect - to_find) / se)),
        _mean(ndtr((worth - t[SURE] * s - effect) / se)),
    )


def _mean(values: NDArray[np.float64]) -> float:
    return float(WEIGHTS @ values / 2)
