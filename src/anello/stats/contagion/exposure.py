"""What a person is exposed to: the mood of the colleagues on the same shift, without the own."""

import numpy as np

from ..linear.demean import two_way
from ..moments import Floats
from .shifts import Codes, Shifts

LEAST_LEFT = 0.05
"""Below this share of its variance an exposure does not move once persons and days are out."""


def leave_one_out(values: Floats, weight: Floats, shift: Codes) -> Floats:
    """Return the weighted mean of the others on the shift; NaN for who has no known other.

    >>> leave_one_out(np.array([1.0, 2, 6, 5]), np.ones(4), np.array([0, 0, 0, 1])).tolist()
    [4.0, 3.5, 1.5, nan]
    """
    known = np.isfinite(values)
    w = np.where(known, weight, 0.0)
    wx = np.where(known, weight * np.nan_to_num(values), 0.0)
    others = np.bincount(shift, known)[shift] - known
    rest = np.bincount(shift, w)[shift] - w
    total = np.bincount(shift, wx)[shift] - wx
    return np.where(others > 0, total / np.where(others > 0, rest, 1.0), np.nan)


def left(x: Floats, person: Codes, day: Codes) -> float:
    """Return the share of the variance of x that persons and site-days leave over."""
    total = float(np.sum((x - x.mean()) ** 2))
    if total <= 1e-20 * max(1.0, float(x @ x)):
        return 0.0
    return float(np.sum(two_way(x[:, None], person, day) ** 2)) / total


def usual_colleagues(rows: Shifts) -> Floats:
    """Return what a person would be exposed to if every colleague came in the usual mood.

    The usual mood is a person's mean over all shifts. With teams that never change it is the same
    on every shift, and only who is absent moves it.
    """
    known = np.isfinite(rows.pre)
    total = np.bincount(rows.person, np.nan_to_num(rows.pre))
    mean = total / np.maximum(np.bincount(rows.person, known), 1)
    usual = np.where(known, mean[rows.person], np.nan)
    return leave_one_out(usual, rows.weight, rows.shift)


def naive(post: Floats, shift: Codes) -> float | None:
    """Return the slope of mood on the colleagues' mood at the same time, nothing taken out.

    This is the figure that most reports print and that is wrong (Manski 1993): whatever touches
    the whole shift moves both sides, and everybody stands on both sides.
    """
    x = leave_one_out(post, np.ones(len(post)), shift)
    both = np.isfinite(x) & np.isfinite(post)
    x, y = x[both], post[both]
    spread = float(np.sum((x - x.mean()) ** 2)) if len(x) else 0.0
    return float((x - x.mean()) @ (y - y.mean())) / spread if spread > 0 else None
