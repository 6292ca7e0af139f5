"""Agreement within groups: rWG, rWG(J), r*WG, a_WG and the average deviation.

Does a group's mean stand for its members? Everything here comes from sums, never from rows.
Letters: G groups, J items, A options, s2 variance of an item inside a group (divisor n - 1),
sEU2 the variance expected if nobody agreed. Bands are conventions, not tests: to .30 none, .50
weak, .70 moderate, .90 strong, above very strong (LeBreton & Senter 2008); show how the groups
spread, never ".70 passed" alone.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

SKEWED_5: dict[str, tuple[float, ...]] = {
    "slight": (0.05, 0.15, 0.20, 0.35, 0.25),
    "moderate": (0.00, 0.10, 0.15, 0.40, 0.35),
    "heavy": (0.00, 0.00, 0.10, 0.40, 0.50),
}
"""How answers to five options spread when nobody agrees but all are lenient (James et al. 1984)."""


def item_variances(n: ArrayLike, sums: ArrayLike, squares: ArrayLike) -> Array:
    """Return s2 of each group and item, shape (G, J), NaN in groups of fewer than two.

    `n` has shape (G,): people who answered every item. `sums` and `squares` have shape (G, J),
    both of answers from which the same constant may have been subtracted.

    >>> item_variances([4], [[17.0]], [[73.0]])
    array([[0.25]])
    """
    count = np.asarray(n, dtype=float)[:, None]
    total, square = np.asarray(sums, dtype=float), np.asarray(squares, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        s2 = (square - total**2 / count) / (count - 1)
    return np.where(count >= 2, np.maximum(s2, 0.0), np.nan)


def uniform_null(options: int) -> float:
    """Return sEU2 = (A^2 - 1) / 12: everybody ticks at random.

    The most generous null: whatever makes people lenient or shy of the ends looks like agreement.
    `options` counts the answers on offer, 5 on a scale of 1 to 5 and 11 on one of 0 to 10.

    >>> uniform_null(5)
    2.0
    """
    return (options**2 - 1) / 12


def skewed_null(proportions: ArrayLike) -> float:
    """Return the variance of options 1..A ticked in these proportions: a null of lenient people.

    >>> [round(skewed_null(p), 2) for p in SKEWED_5.values()]
    [1.34, 0.9, 0.44]
    """
    p = np.asarray(proportions, dtype=float)
    if np.any(p < 0) or not np.isclose(p.sum(), 1.0):
        raise ValueError("proportions are shares that add up to 1")
    values = np.arange(1, len(p) + 1)
    return float(p @ (values - p @ values) ** 2)


def rwg(variances: ArrayLike, null: float) -> Array:
    """Return rWG = 1 - s2 / sEU2 of single items, 0 where negative (James, Demaree & Wolf 1984).

    A negative value (people disagree more than by chance: two camps) is set to 0 by the authors'
    rule; `r_star` shows it.

    >>> rwg([1 / 3, 3.0], 2.0).round(4)
    array([0.8333, 0.    ])
    """
    return np.maximum(1 - np.asarray(variances, dtype=float) / null, 0.0)


def rwgj(variances: ArrayLike, null: float) -> Array:
    """Return rWG(J), shape (G,), from s2 of shape (G, J); 0 where negative.

    J (1 - s2bar / sEU2) / [J (1 - s2bar / sEU2) + s2bar / sEU2] (James, Demaree & Wolf 1984,
    eq. 2). It grows with J at the same disagreement: compare scales of the same length only. With
    one item it is rWG.

    >>> rwgj([[0.25, 0.25, 1 / 3], [4.0, 4.0, 4.0]], 2.0).round(4)
    array([0.949, 0.   ])
    """
    s2 = np.asarray(variances, dtype=float)
    items = s2.shape[-1]
    ratio = s2.mean(axis=-1) / null
    agreed = items * np.maximum(1 - ratio, 0.0)
    return np.asarray(agreed / (agreed + ratio))


def r_star(variances: ArrayLike, null: float) -> Array:
    """Return r*WG(J) = 1 - s2bar / sEU2, shape (G,); not cut at 0, does not grow with J.

    Lindell, Brandt & Whitney (1999).

    >>> r_star([[0.25, 0.25, 1 / 3], [4.0, 4.0, 4.0]], 2.0).round(4)
    array([ 0.8611, -1.    ])
    """
    return np.asarray(1 - np.asarray(variances, dtype=float).mean(axis=-1) / null)


def awg(means: ArrayLike, variances: ArrayLike, n: ArrayLike, low: float, high: float) -> Array:
    """Return a_WG(J), shape (G,): agreement against the largest variance this mean allows.

    1 - 2 s2 / {[(H + L) M - M^2 - H L] n / (n - 1)} for each item, then the mean over the items
    that can be told (Brown & Hauenstein 2005). A mean closer to an end than one dissenter among
    n leaves no room for disagreement: such an item is NaN, and so is a group without any other.
    Values range from -1 to 1.

    >>> awg([[3.0]], [[4.0]], [2], 1, 5), awg([[4.9]], [[0.1]], [10], 1, 5)
    (array([0.]), array([nan]))
    """
    m, s2 = np.asarray(means, dtype=float), np.asarray(variances, dtype=float)
    count = np.asarray(n, dtype=float)[:, None]
    least = (low * (count - 1) + high) / count
    most = (high * (count - 1) + low) / count
    with np.errstate(divide="ignore", invalid="ignore"):
        room = ((high + low) * m - m**2 - high * low) * count / (count - 1)
        a = np.where((m >= least) & (m <= most) & (count >= 2), 1 - 2 * s2 / room, np.nan)
    told = np.isfinite(a)
    some = told.sum(axis=1)
    total = np.where(told, a, 0.0).sum(axis=1)
    return np.where(some > 0, total / np.maximum(some, 1), np.nan)


def average_deviation(counts: ArrayLike, values: ArrayLike) -> Array:
    """Return AD_M(J), shape (G,): how far answers lie from their group's mean, over the items.

    `counts` has shape (G, J, A): how many ticked each of the A `values`. In units of the scale;
    to A / 6 counts as agreement (Burke & Dunlap 2002). Needs counts: sums do not hold it. NaN
    where an item has no answers.

    >>> average_deviation([[[0, 0, 0, 3, 1]]], [1, 2, 3, 4, 5])
    array([0.375])
    """
    c, x = np.asarray(counts, dtype=float), np.asarray(values, dtype=float)
    n = c.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = c @ x / n
        away = (c * np.abs(x - mean[..., None])).sum(axis=-1) / n
    return np.asarray(away.mean(axis=-1))
