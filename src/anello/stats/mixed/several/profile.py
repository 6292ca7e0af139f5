"""Profile intervals: values at which the deviance, everything else refitted, rises by chi2(1).

As lme4's `confint(method = "profile")`, by maximum likelihood whatever the fit was, standard
deviations and correlations on their own scale. Where lme4 interpolates a profile by splines, the
end points here are roots of the profile itself. A lower end of a standard deviation is 0 when even
0 does not raise the deviance enough; that of a correlation may so be -1, or the upper end 1.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import chdtri

from ...moments import Floats
from .fit import Fitted, in_order
from .likelihood import Here, Likelihood
from .optimise import optimise
from .problem import problem

NEARLY_ONE = 1 - 1e-7
TINY = 1e-4
FAR = 1e30
CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Interval:
    """The interval of one parameter.

    `group` is None for a fixed effect (`var1` its term); for the residual it is "Residual" without
    `var1`; with `var2` it is the interval of a correlation, else of a standard deviation.
    """

    group: str | None
    var1: str | None
    var2: str | None
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class _Spreads:
    """The deviance, sigma not profiled, as a function of x = (L, log s): sigma = s `unit`, and
    Lambda = L / s. `unit` is the estimate of sigma, so that x is of the order of one.
    """

    likelihood: Likelihood
    lowest: float
    unit: float

    def value(self, x: Floats) -> tuple[float, Floats]:
        """Return deviance and gradient."""
        s, n = np.exp(np.clip(x[-1], -300, 300)), self.likelihood.problem.n
        theta, sigma = x[:-1] / s, s * self.unit
        try:
            point = self.likelihood.at(theta).point
        except np.linalg.LinAlgError:
            return FAR, np.zeros(len(x))
        d_logdet = point.gradient - n / point.rss * point.d_rss
        logdet = point.deviance - n * (1 + np.log(2 * np.pi * point.rss / n))
        deviance = logdet + n * np.log(2 * np.pi * sigma**2) + point.rss / sigma**2
        by_theta = d_logdet + point.d_rss / sigma**2
        by_sigma: float = 2 * n - 2 * point.rss / sigma**2 - by_theta @ theta
        return float(deviance), np.append(by_theta / s, by_sigma)


Measured = Callable[[Floats], tuple[float, Floats]]


def profile(fitted: Fitted, level: float = 0.95) -> tuple[Interval, ...]:
    """Return the intervals of variance components in lme4's order, sigma, and fixed effects."""
    ml = problem(fitted.gathered, fitted.layout, reml=False, centred=False)
    likelihood = Likelihood(ml)
    best = optimise(likelihood).here
    cut = float(chdtri(1, 1 - level))
    found = _components(fitted, likelihood, best, cut)
    names = [column.name for column in fitted.layout.design.fixed]
    fixed = (_fixed(likelihood, best, i, cut) for i in range(len(names)))
    rows = zip(names, fixed, strict=True)
    return (*found, *(Interval(None, name, None, low, high) for name, (low, high) in rows))


def _components(
    fitted: Fitted, likelihood: Likelihood, best: Here, cut: float
) -> tuple[Interval, ...]:
    ml = likelihood.problem
    sigma = np.sqrt(best.point.rss / ml.n)
    x = np.append(best.point.theta, 0.0)
    spreads = _Spreads(likelihood, best.point.deviance, float(sigma))
    rows = _rows(fitted, likelihood)
    where = {name: i for i, name in in_order(fitted)}
    found = []
    for name, i in where.items():
        columns = [c.name for c in fitted.layout.terms[i].columns]
        for a in range(len(columns)):
            entries, scale = rows[i, a]
            low, high = _ends(spreads, x, _length(entries), cut, (0.0, np.inf))
            unit = spreads.unit / scale
            found.append(Interval(name, columns[a], None, low * unit, high * unit))
        for a in range(len(columns)):
            for b in range(a + 1, len(columns)):
                measured = _cosine(rows[i, a][0], rows[i, b][0])
                low, high = _ends(spreads, x, measured, cut, (-NEARLY_ONE, NEARLY_ONE))
                found.append(Interval(name, columns[a], columns[b], low, high))
    low, high = _ends(spreads, x, _sigma, cut, (0.0, np.inf))
    back = spreads.unit / float(np.sqrt(fitted.gathered.scale))
    return (*found, Interval("Residual", None, None, low * back, high * back))


def _rows(
    fitted: Fitted, likelihood: Likelihood
) -> dict[tuple[int, int], tuple[dict[int, int], float]]:
    """Return, for effect a of term i, where its row of Lambda stands in theta, and its scale."""
    found = {}
    for k, block in enumerate(likelihood.problem.blocks):
        start = 0
        for i in fitted.layout.terms_of(block.factor):
            for a in range(len(fitted.layout.terms[i].columns)):
                mine = {
                    j: c
                    for c, (b, row, j) in enumerate(likelihood.problem.places)
                    if b == k and row == start + a
                }
                found[i, a] = (mine, 1 / float(block.back[start + a, start + a]))
            start += len(fitted.layout.terms[i].columns)
    return found


def _length(entries: dict[int, int]) -> Measured:
    """Return a standard deviation: the length of a row of sigma Lambda."""
    at = list(entries.values())

    def measured(x: Floats) -> tuple[float, Floats]:
        length = float(np.sqrt((x[at] ** 2).sum()))
        slope = np.zeros(len(x))
        slope[at] = x[at] / max(length, 1e-12)
        return length, slope

    return measured


def _cosine(one: dict[int, int], other: dict[int, int]) -> Measured:
    """Return a correlation: the cosine between two rows of sigma Lambda."""
    shared = [(one[j], other[j]) for j in one if j in other]
    a, b = list(one.values()), list(other.values())

    def measured(x: Floats) -> tuple[float, Floats]:
        long_a, long_b = (max(float(np.sqrt((x[v] ** 2).sum())), 1e-12) for v in (a, b))
        inner = float(sum(x[i] * x[j] for i, j in shared))
        slope = np.zeros(len(x))
        for i, j in shared:
            slope[i] += x[j] / (long_a * long_b)
            slope[j] += x[i] / (long_a * long_b)
        value = inner / (long_a * long_b)
        slope[a] -= value * x[a] / long_a**2
        slope[b] -= value * x[b] / long_b**2
        return value, slope

    return measured


def _sigma(x: Floats) -> tuple[float, Floats]:
    slope = np.zeros(len(x))
    slope[-1] = sigma = float(np.exp(x[-1]))
    return sigma, slope


def _ends(
    spreads: _Spreads, best: Floats, measured: Measured, cut: float, limits: tuple[float, float]
) -> tuple[float, float]:
    """Return both ends; each search starts at the best point and goes on from where it was."""
    centre = measured(best)[0]

    def rising() -> Callable[[float], float]:
        state, last = best, centre

        def rise(value: float) -> float:
            nonlocal state, last
            state, lowest = _lowest(spreads, measured, (last, value), (state, best), cut)
            last = value
            return _root_of(lowest - spreads.lowest, cut)

        return rise

    return _end(rising(), centre, -1, limits[0]), _end(rising(), centre, 1, limits[1])


def _lowest(
    spreads: _Spreads,
    measured: Measured,
    path: tuple[float, float],
    starts: tuple[Floats, Floats],
    cut: float,
) -> tuple[Floats, float]:
    """Return the best of what is reached from the last point, from the best one and by degrees.

    What is low enough at once is not looked for again.
    """
    found = _constrained(spreads, measured, path[1], starts[0])
    if found[1] - spreads.lowest < 2 * cut:
        return found
    other = _constrained(spreads, measured, path[1], starts[1])
    slow = starts[0], np.inf
    for share in (0.25, 0.5, 0.75, 1.0):
        slow = _constrained(spreads, measured, path[0] + share * (path[1] - path[0]), slow[0])
    return min(found, other, slow, key=lambda one: one[1])


def _constrained(
    spreads: _Spreads, measured: Measured, value: float, start: Floats
) -> tuple[Floats, float]:
    """Return where the deviance is lowest while the measured parameter has this value."""
    reach = 10 * (1 + float(np.abs(start[:-1]).max()))
    found = minimize(
        spreads.value,
        start,
        bounds=[(-reach, reach)] * (len(start) - 1) + [(-3.0, 5.0)],
        jac=True,
        method="SLSQP",
        constraints={
            "type": "eq",
            "fun": lambda x: measured(x)[0] - value,
            "jac": lambda x: measured(x)[1],
        },
        options={"ftol": 1e-7, "maxiter": 200},
    )
    off = abs(measured(found.x)[0] - value) > 1e-6 * max(abs(value), TINY)
    return np.asarray(found.x), float(found.fun) if not off else FAR


def _root_of(rise: float, cut: float) -> float:
    """Return how far the root of a rise lies above that of the cut: nearly straight, from -1."""
    return float(np.sqrt(max(rise, 0.0) / cut) - 1)


def _end(rise: Callable[[float], float], centre: float, side: int, limit: float) -> float:
    """Return where the profile has risen by the cut on one side of its lowest point."""
    width = max(0.25 * abs(centre), TINY)
    inner, below = centre, -1.0
    for _ in range(60):
        outer = centre + side * width
        past = outer <= limit if side < 0 else outer >= limit
        outer = limit if past else outer
        height = rise(outer)
        if height > 0:
            return _crossing(rise, (inner, below), (outer, height), max(abs(centre), TINY))
        if past:
            return float(np.round(limit, 6))
        inner, below, width = outer, height, 1.6 * width
    return float(side * np.inf)


def _crossing(
    rise: Callable[[float], float],
    inner: tuple[float, float],
    outer: tuple[float, float],
    scale: float,
) -> float:
    """Return where a rise crosses zero between two points of which it is known (Illinois)."""
    (a, low), (b, high) = inner, outer
    side = 0
    for _ in range(60):
        middle = (a * high - b * low) / (high - low)
        height = rise(middle)
        if abs(height) < CLOSE or abs(b - a) < CLOSE * scale:
            return middle
        if height > 0:
            b, high = middle, height
            low = low / 2 if side == 1 else low
            side = 1
        else:
            a, low = middle, height
            high = high / 2 if side == -1 else high
            side = -1
    return (a + b) / 2


def _fixed(likelihood: Likelihood, best: Here, i: int, cut: float) -> tuple[float, float]:
    """Return the interval of one fixed effect; the constraint is solved inside the deviance."""
    ml = likelihood.problem
    state = best.point.theta

    def rise(value: float) -> float:
        nonlocal state
        found = minimize(
            lambda theta: _held(likelihood, theta, i, value),
            state,
            jac=True,
            method="BFGS",
            options={"gtol": 1e-5},
        )
        state = found.x
        return _root_of(found.fun - best.point.deviance, cut)

    inverse = ml.back @ np.linalg.inv(best.point.r @ best.point.r.T) @ ml.back.T
    se = float(np.sqrt(inverse[i, i] * best.point.rss / ml.n))
    centre = float((ml.back @ best.point.beta + ml.offset)[i])
    low = _walk(rise, centre, -se)
    state = best.point.theta
    return low, _walk(rise, centre, se)


def _walk(rise: Callable[[float], float], centre: float, step: float) -> float:
    inner, below, outer = centre, -1.0, centre + 1.9 * step
    for _ in range(60):
        height = rise(outer)
        if height > 0:
            return _crossing(rise, (inner, below), (outer, height), abs(step))
        inner, below, outer = outer, height, outer + 0.3 * step
    return float(np.copysign(np.inf, step))


def _held(likelihood: Likelihood, theta: Floats, i: int, value: float) -> tuple[float, Floats]:
    """Return the ML deviance and its gradient with fixed effect i held at `value`."""
    ml, here = likelihood.problem, likelihood.at(theta)
    point, row = here.point, ml.back[i]
    inverse = np.linalg.inv(point.r @ point.r.T)
    side = inverse @ row
    away = (value - ml.offset[i] - row @ point.beta) / (row @ side)
    rss = point.rss + away**2 * float(row @ side)
    at = np.append(-(point.beta + away * side), 1.0)
    d_rss = np.einsum("a,mab,b->m", at, here.d_left, at)
    d_logdet = point.gradient - ml.n / point.rss * point.d_rss
    deviance = point.deviance + ml.n * np.log(rss / point.rss)
    return float(deviance), d_logdet + ml.n / rss * d_rss
