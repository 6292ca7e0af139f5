"""How much studies truly differ: estimators of tau^2, the variance of true effects.

Every function takes effects y (k,), sampling variances v (k,) and moderators x (k, p), already
checked. Estimates below zero are cut to zero, as everybody does; the cut is why a mean of many
estimates is too high when studies hardly differ.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri

from anello.model.errors import ModelError

from .weighing import Weighed, weigh

Array = NDArray[np.float64]
GRID = 40


def tau_squared(y: Array, v: Array, x: Array, method: str) -> float:
    """Return tau^2 by one of `METHODS`; `ModelError` for another name."""
    if method not in METHODS:
        raise ModelError(
            "{method!r} is not a way to estimate heterogeneity here; known are {known}.",
            method=method,
            known=", ".join(METHODS),
        )
    return max(0.0, METHODS[method](y, v, x))


def log_likelihood(y: Array, v: Array, x: Array, tau2: float, *, restricted: bool) -> float:
    """Return the log-likelihood of a random-effects model, constants included.

    Restricted (REML) it is the likelihood of the error contrasts, Harville (1977), eq. 3.5 with
    |X'X| kept, so that it does not change when moderators are rescaled.
    """
    fit = weigh(y, x, v + tau2)
    k, p = x.shape
    free = k - p if restricted else k
    value = -(free * np.log(2 * np.pi) + np.log(v + tau2).sum() + fit.rss) / 2
    if restricted:
        value += (np.linalg.slogdet(x.T @ x)[1] - fit.logdet) / 2
    return float(value)


def _zero(y: Array, v: Array, x: Array) -> float:
    return 0.0


def _dersimonian_laird(y: Array, v: Array, x: Array) -> float:
    """(Q - (k - p)) / tr(P), DerSimonian & Laird (1986)."""
    fit = weigh(y, x, v)
    return float((fit.rss - (len(y) - x.shape[1])) / fit.trace)


def _hedges(y: Array, v: Array, x: Array) -> float:
    """Unweighted residual variance less the mean sampling variance, Hedges (1983)."""
    fit = weigh(y, x, np.ones(len(y)))
    leverage = np.einsum("ij,jk,ik->i", x, fit.cov, x)
    return float((fit.rss - v @ (1 - leverage)) / (len(y) - x.shape[1]))


def _hunter_schmidt(y: Array, v: Array, x: Array) -> float:
    """(Q - k) / sum(w): the weights' own version, beside `hunter_schmidt.bare_bones`."""
    fit = weigh(y, x, v)
    return float((fit.rss - len(y)) / fit.w.sum())


def _sidik_jonkman(y: Array, v: Array, x: Array) -> float:
    """Sidik & Jonkman (2005): never zero, from the crude variance of the effects."""
    crude = float(np.var(y))
    if crude == 0:
        return 0.0
    return float(crude * weigh(y, x, v + crude).rss / (len(y) - x.shape[1]))


def _paule_mandel(y: Array, v: Array, x: Array) -> float:
    """The tau^2 at which Q equals k - p, Paule & Mandel (1982)."""
    target = len(y) - x.shape[1]
    return q_inverse(y, v, x, float(target))


def q_inverse(y: Array, v: Array, x: Array, target: float) -> float:
    """Return the tau^2 >= 0 at which the generalised Q falls to `target`; 0 if it starts below."""

    def above(tau2: float) -> float:
        return weigh(y, x, v + tau2).rss - target

    if above(0.0) <= 0:
        return 0.0
    high = float(np.var(y) + v.max())
    while above(high) > 0:
        high *= 2
    return root(above, 0.0, high)


def q_profile(y: Array, v: Array, x: Array, level: float = 0.95) -> tuple[float, float]:
    """Return the limits of tau^2 by Q-profile, Viechtbauer (2007); exact if effects are normal."""
    df, tail = x.shape[0] - x.shape[1], (1 - level) / 2
    low, high = (q_inverse(y, v, x, float(chdtri(df, p))) for p in (tail, 1 - tail))
    return low, high


def _restricted(y: Array, v: Array, x: Array) -> float:
    """Restricted maximum likelihood, the highest point over tau^2 >= 0."""
    return _highest(y, v, x, restricted=True)


def _maximum(y: Array, v: Array, x: Array) -> float:
    """Maximum likelihood: too small when studies are few."""
    return _highest(y, v, x, restricted=False)


def slope(fit: Weighed, *, restricted: bool) -> float:
    """Return the derivative of the (restricted) log-likelihood in tau^2."""
    spent = fit.trace if restricted else float(fit.w.sum())
    return (float(fit.py @ fit.py) - spent) / 2


def _highest(y: Array, v: Array, x: Array, *, restricted: bool) -> float:
    """Look along a grid first, because the likelihood may have two tops; then find the top."""

    def climb(tau2: float) -> float:
        return slope(weigh(y, x, v + tau2), restricted=restricted)

    widest = 4 * float(np.var(y) + v.max()) * len(y) / (len(y) - x.shape[1])
    grid = np.concatenate([[0.0], np.geomspace(float(v.min()) * 1e-3, widest, GRID)])
    slopes = _slopes(y, v, x, grid, restricted=restricted)
    tops = np.flatnonzero((slopes[:-1] > 0) & (slopes[1:] <= 0))
    found = [root(climb, float(grid[i]), float(grid[i + 1])) for i in tops]
    found += [0.0] if slopes[0] <= 0 else []
    if len(found) == 1:
        return found[0]
    return max(found, key=lambda t: log_likelihood(y, v, x, t, restricted=restricted))


def _slopes(y: Array, v: Array, x: Array, grid: Array, *, restricted: bool) -> Array:
    """Return `slope` at many tau^2 at once; shape of `grid`."""
    q = np.linalg.qr(x)[0]
    w = 1 / (v + grid[:, None])
    k, p = q.shape
    squares = (q[:, :, None] * q[:, None, :]).reshape(k, p * p)
    inverse = np.linalg.inv((w @ squares).reshape(-1, p, p))
    b = np.einsum("mij,mj->mi", inverse, (w * y) @ q)
    spent = w.sum(axis=1)
    if restricted:
        spent = spent - np.einsum("mij,mji->m", inverse, (w**2 @ squares).reshape(-1, p, p))
    return np.asarray((((w * (y - b @ q.T)) ** 2).sum(axis=1) - spent) / 2)


def standard_error(y: Array, v: Array, x: Array, tau2: float, method: str) -> float | None:
    """Return the standard error of tau^2 from the expected information (REML, ML), else None.

    tau^2 is skewed and cannot be below zero: `q_profile` is the interval, not +-1.96 of these.
    """
    fit = weigh(y, x, v + tau2)
    if method == "REML":
        return float(np.sqrt(2 / fit.trace2))
    return float(np.sqrt(2 / (fit.w**2).sum())) if method == "ML" else None


def root(f: Callable[[float], float], low: float, high: float) -> float:
    """Return the root of a continuous f between `low` and `high`, where its sign changes.

    Regula falsi after Illinois, with a bisection whenever three steps did not halve the bracket.
    """
    f_low, f_high, width = f(low), f(high), high - low
    for step in range(200):
        if f_high == 0 or abs(high - low) <= 1e-15 * (abs(high) + abs(low)):
            break
        slow = step % 3 == 2 and abs(high - low) > width / 2
        width = abs(high - low) if step % 3 == 2 else width
        new = (low + high) / 2 if slow else high - f_high * (high - low) / (f_high - f_low)
        f_new = f(new)
        if f_new * f_high <= 0:
            low, f_low = high, f_high
        elif not slow:
            f_low /= 2
        high, f_high = new, f_new
        if f_low == 0:
            return low
    return high


METHODS: dict[str, Callable[[Array, Array, Array], float]] = {
    "REML": _restricted,
    "PM": _paule_mandel,
    "DL": _dersimonian_laird,
    "ML": _maximum,
    "HE": _hedges,
    "SJ": _sidik_jonkman,
    "HS": _hunter_schmidt,
    "FE": _zero,
}
