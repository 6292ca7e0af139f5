"""The same people in two waves: only of many, and never as a list of who they are."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from anello.model.disclosure import band
from anello.model.errors import RefusedError
from anello.model.promise import LEAST, Promise

from .cells import Floats


@dataclass(frozen=True, slots=True)
class Matched:
    """The change of those who answered both times: its mean, standard error, and n as a band."""

    change: float
    se: float
    n: tuple[int, int | None]


def matched(before: Floats, after: Floats, promise: Promise) -> Matched:
    """Return the mean change of the people who answered in both waves.

    `before` and `after` (N,) are the answers of the same N people, NaN where one gave none. Raises
    `RefusedError` when those who answered both times are fewer than `promise.matched`, 30 at least;
    and when those left over in either wave are some but fewer than `promise.scores`: beside the
    means of both waves the change of the others would tell theirs. There is no view of single units
    or filters: the change of a place is the difference of two released means.
    """
    if before.shape != after.shape or before.ndim != 1:
        raise RefusedError("the same people before and after are two lists of the same length.")
    first, second = ~np.isnan(before), ~np.isnan(after)
    both = first & second
    n = int(both.sum())
    if n < max(promise.matched, LEAST["matched"]):
        raise RefusedError(
            "fewer than {least} people answered both times; the same people are not compared.",
            least=max(promise.matched, LEAST["matched"]),
        )
    for alone in (int((first & ~both).sum()), int((second & ~both).sum())):
        if 0 < alone < promise.scores:
            raise RefusedError(
                "so few answered only once that the change of the others would tell theirs; the "
                "same people are not compared."
            )
    change = after[both] - before[both]
    return Matched(float(change.mean()), float(np.std(change, ddof=1)) / sqrt(n), band(n))
