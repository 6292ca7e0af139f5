"""ICC(1) and ICC(2): how much of an answer lies between groups, how reliable their means are.

Letters: k groups of n_j people, N in all; MSB and MSW the mean squares between and within; tau
the variance between groups, sigma2 within. ANOVA and REML disagree when group sizes differ
(.127 and .147 for one and the same scale in Bliese & Halverson's 99 army companies), so whoever
prints an ICC says which one it is. `Quality` holds the ANOVA ones.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, stats

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Anova:
    """The one-way analysis of variance of a score on its groups; NaN where it cannot be told.

    `size` is the mean group size N / k, used in `icc1`. Estimates are not cut at 0: a negative
    `icc1` says that groups differ less than chance would make them.
    """

    groups: int
    n: int
    size: float
    msb: float
    msw: float
    f: float
    p: float
    icc1: float
    icc2: float


@dataclass(frozen=True, slots=True)
class Reml:
    """The random-intercept model without predictors by restricted maximum likelihood.

    `icc1` = tau / (tau + sigma2); `icc2` is the reliability of a mean of `size` = N / k people.
    `singular` when tau is 0: the groups do not differ more than chance.
    """

    groups: int
    n: int
    size: float
    tau: float
    sigma2: float
    mean: float
    icc1: float
    icc2: float
    singular: bool


def spearman_brown(reliability: float, times: float) -> float:
    """Return the reliability of a mean of `times` like measures: times r / (1 + (times - 1) r).

    With ICC(1) and a group's size it is that group's own ICC(2): ten answers at ICC(1) = .10 give
    .53, fifty .85 (Spearman 1910; Brown 1910).

    >>> [round(spearman_brown(0.10, n), 4) for n in (2, 10, 50)]
    [0.1818, 0.5263, 0.8475]
    """
    below = 1 + (times - 1) * reliability
    return times * reliability / below if below > 0 else float("nan")


def anova(n: ArrayLike, sums: ArrayLike, squares: ArrayLike) -> Anova:
    """Return the one-way ANOVA of a score from each group's n, sum and sum of squares, shape (k,).

    ICC(1) = (MSB - MSW) / (MSB + (N/k - 1) MSW), ICC(2) = (MSB - MSW) / MSB (Bliese 2000). Groups
    without answers are left out. The same constant may have been subtracted from all answers.

    >>> a = anova([4, 4, 4], [18, 10, 14], [82, 26, 50])
    >>> round(a.f, 4), round(a.p, 5), round(a.icc1, 4), round(a.icc2, 4)
    (12.0, 0.00289, 0.7333, 0.9167)
    """
    count, total, within = _parts(n, sums, squares)
    k, everyone = len(count), int(count.sum())
    size = everyone / k if k else float("nan")
    if k < 2 or everyone <= k:
        nan = float("nan")
        return Anova(k, everyone, size, nan, nan, nan, nan, nan, nan)
    grand = total.sum() / everyone
    msb = float(count @ (total / count - grand) ** 2) / (k - 1)
    msw = within / (everyone - k)
    f = _ratio(msb, msw)
    p = float(stats.f.sf(f, k - 1, everyone - k))
    icc1 = _ratio(msb - msw, msb + (size - 1) * msw)
    return Anova(k, everyone, size, msb, msw, f, p, icc1, _ratio(msb - msw, msb))


def reml(n: ArrayLike, sums: ArrayLike, squares: ArrayLike) -> Reml:
    """Return tau and sigma2 by REML from each group's n, sum and sum of squares, shape (k,).

    The likelihood is profiled to the one ratio theta = tau / sigma2 >= 0; its derivative is
    solved by bisection, so the answer is exact to rounding and needs no start value.

    >>> r = reml([4, 4, 4], [18, 10, 14], [82, 26, 50])
    >>> round(r.tau, 6), round(r.sigma2, 6), round(r.icc1, 6)
    (0.916667, 0.333333, 0.733333)
    """
    count, total, within = _parts(n, sums, squares)
    k, everyone = len(count), int(count.sum())
    size = everyone / k if k else float("nan")
    if k < 2 or everyone <= k or within <= 0:
        nan = float("nan")
        return Reml(k, everyone, size, nan, nan, nan, nan, nan, False)
    means = total / count
    theta = _best_ratio(count, means, within)
    w = count / (1 + count * theta)
    mu = float(w @ means / w.sum())
    sigma2 = float(within + w @ (means - mu) ** 2) / (everyone - 1)
    icc1 = theta / (1 + theta)
    icc2 = spearman_brown(icc1, size)
    return Reml(k, everyone, size, theta * sigma2, sigma2, mu, icc1, icc2, theta == 0)


def _parts(n: ArrayLike, sums: ArrayLike, squares: ArrayLike) -> tuple[Array, Array, float]:
    count = np.asarray(n, dtype=float)
    total, square = np.asarray(sums, dtype=float), np.asarray(squares, dtype=float)
    some = count > 0
    count, total, square = count[some], total[some], square[some]
    within = float((square - total**2 / count).sum())
    noise = 1e-12 * float(np.abs(square).sum())
    return count, total, within if within > noise else 0.0


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0 else float("nan")


def _best_ratio(n: Array, means: Array, within: float) -> float:
    """Return the theta >= 0 with the lowest deviance: the end points and every turn between."""
    grid = np.concatenate([[0.0], np.logspace(-8, 8, 65) / n.mean()])
    slopes = [_slope(t, n, means, within) for t in grid]
    turns = [0.0]
    for i in range(len(grid) - 1):
        if slopes[i] < 0 <= slopes[i + 1]:
            root = optimize.brentq(
                _slope, grid[i], grid[i + 1], args=(n, means, within), xtol=1e-15, rtol=1e-14
            )
            turns.append(float(root))
    return min(turns, key=lambda t: _deviance(t, n, means, within))


def _deviance(theta: float, n: Array, means: Array, within: float) -> float:
    w = n / (1 + n * theta)
    mu = w @ means / w.sum()
    rss = within + w @ (means - mu) ** 2
    spread = np.log1p(n * theta).sum() + np.log(w.sum())
    return float((n.sum() - 1) * np.log(rss) + spread)


def _slope(theta: float, n: Array, means: Array, within: float) -> float:
    """Return d deviance / d theta; the mean is at its best, so its own change adds nothing."""
    w = n / (1 + n * theta)
    d2 = (means - w @ means / w.sum()) ** 2
    rss = within + w @ d2
    return float(-(n.sum() - 1) * (w**2 @ d2) / rss + w.sum() - (w**2).sum() / w.sum())
