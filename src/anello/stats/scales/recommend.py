"""The recommend score with its interval.

Letters: p promoters (9-10), d detractors (0-6), n answers. Everything in points from -100 to 100.
"""

from dataclasses import dataclass
from math import sqrt

from scipy.stats import norm


@dataclass(frozen=True, slots=True)
class RecommendScore:
    """Share of promoters minus share of detractors, in points, with two intervals.

    `wald` is the textbook interval, too narrow in small samples and of no width when all agree.
    `adjusted` adds 3/4 of a promoter, 3/4 of a detractor and 3/2 of a passive; it is centred on
    `centre`, not on `score`. Print `score` with `adjusted`.
    """

    n: int
    score: float
    se: float
    wald: tuple[float, float]
    centre: float
    adjusted: tuple[float, float]


def recommend_score(
    promoters: int, passives: int, detractors: int, level: float = 0.95
) -> RecommendScore:
    """Return the recommend score of counts: var = [p + d - (p - d)^2] / n (Rocks 2016).

    Raises `ValueError` without answers. Two scores differ when the interval of their *difference*
    leaves 0, which asks for both `se`, not for intervals that do not touch.

    >>> r = recommend_score(11, 6, 3)
    >>> r.score, [round(x, 1) for x in (*r.wald, r.centre, *r.adjusted)]
    (40.0, [7.8, 72.2, 34.8, 4.4, 65.2])
    """
    n = promoters + passives + detractors
    if n <= 0 or min(promoters, passives, detractors) < 0:
        raise ValueError("a recommend score needs at least one answer and no negative count")
    z = float(norm.ppf((1 + level) / 2))
    score, se = _moments(promoters, detractors, n)
    centre, wide = _moments(promoters + 0.75, detractors + 0.75, n + 3)
    return RecommendScore(
        n, score, se, _interval(score, z * se), centre, _interval(centre, z * wide)
    )


def _moments(promoters: float, detractors: float, n: float) -> tuple[float, float]:
    p, d = promoters / n, detractors / n
    return 100 * (p - d), 100 * sqrt((p + d - (p - d) ** 2) / n)


def _interval(centre: float, half: float) -> tuple[float, float]:
    return max(centre - half, -100.0), min(centre + half, 100.0)
