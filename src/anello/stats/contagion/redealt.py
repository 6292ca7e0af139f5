"""The permutation test: those present on a site's day are dealt anew over its shifts.

The statistic is a studentised score. With e_y and e_x the residuals of outcome and exposure on
all effects, x* the exposure of a deal and d the site-days,

    T(b) = sum_d s_d / sqrt(sum_d s_d^2),   s_d = sum_{i in d} x*_i (e_y,i - b e_x,i).

It needs five sums a deal, whatever b is, so the interval by inversion costs nothing more. Dividing
by the spread over site-days keeps the size when something shakes a whole shift (Chung & Romano
2013, Ann. Stat. 41(2), on studentised permutation tests).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ..moments import Floats
from .shifts import Codes

CELLS = 4_000_000
Exposed = Callable[[Codes], Floats]
"""Order of the dealt rows (n x K) -> exposure of each (m x K)."""


@dataclass(frozen=True, eq=False)
class Scored:
    """The five sums of each deal; the first deal is the one that happened."""

    a: Floats
    b: Floats
    aa: Floats
    ab: Floats
    bb: Floats

    def t(self, beta: float) -> Floats:
        """Return T(beta) of every deal."""
        spread = self.aa - 2 * beta * self.ab + beta**2 * self.bb
        sure = np.sqrt(np.maximum(spread, 0.0))
        total = self.a - beta * self.b
        return np.asarray(np.divide(total, sure, out=np.zeros_like(total), where=sure > 0))

    def p(self, beta: float = 0.0) -> float:
        """Return (1 + deals as extreme as what happened) / (1 + deals)."""
        t = np.abs(self.t(beta))
        return float(1 + np.sum(t[1:] >= t[0] * (1 - 1e-10))) / len(t)


def deals(day: Codes, times: int, seed: int) -> Iterator[Codes]:
    """Yield blocks of orders (n x K) that mix rows inside their site-day, for sorted `day`."""
    rng = np.random.default_rng(seed)
    step = max(1, CELLS // max(len(day), 1))
    for first in range(0, times, step):
        chance = rng.random((len(day), min(step, times - first)))
        yield np.argsort(chance + day[:, None], axis=0, kind="stable")


def scored(
    orders: Iterator[Codes],
    exposed: Exposed,
    residuals: Callable[[Codes], tuple[Floats, Floats, Floats]],
    firsts: Codes,
) -> Scored:
    """Return the sums of every deal.

    `residuals` gives e_y, e_x and the controls' basis Q (orthonormal, 3-d: rows x deals x q) in
    the places of a deal, `firsts` where each site-day begins.
    """
    parts = [_sums(exposed(o), *residuals(o), firsts) for o in orders]
    return Scored(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _sums(
    x: Floats, ey: Floats, ex: Floats, Q: Floats, firsts: Codes
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    for q in range(Q.shape[2]):
        x = x - Q[:, :, q] * np.sum(Q[:, :, q] * x, axis=0)
    A = np.add.reduceat(x * ey, firsts, axis=0)
    B = np.add.reduceat(x * ex, firsts, axis=0)
    return A.sum(0), B.sum(0), (A**2).sum(0), (A * B).sum(0), (B**2).sum(0)


def interval(
    found: Scored, centre: float, step: float, alpha: float
) -> tuple[float | None, float | None]:
    """Return the values of beta around `centre` that the test does not reject; None: no end."""
    return _end(found, centre, -step, alpha), _end(found, centre, step, alpha)


def _end(found: Scored, centre: float, step: float, alpha: float) -> float | None:
    inner, outer = centre, centre + step
    for _ in range(12):
        if found.p(outer) <= alpha:
            break
        inner, outer = outer, centre + 2 * (outer - centre)
    else:
        return None
    for _ in range(40):
        middle = (inner + outer) / 2
        inner, outer = (middle, outer) if found.p(middle) > alpha else (inner, middle)
    return (inner + outer) / 2
