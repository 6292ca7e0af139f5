"""Three levels: effects inside studies (or studies inside countries), so that none counts twice.

y_ij = X_ij b + u_j + s_ij + e_ij, with u_j ~ N(0, sigma2_between) shared by the effects of cluster
j, s_ij ~ N(0, sigma2_within) and e_ij ~ N(0, v_ij), known (Konstantopoulos 2011). Treating effects
of one study as separate studies makes the interval too narrow.
"""

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anello.model.errors import ModelError

from .moderators import (
    Coefficient,
    Prediction,
    Test,
    coefficients,
    heterogeneity_test,
    moderator_test,
    predicted,
    typical_variance,
)
from .weighing import checked

Array = NDArray[np.float64]
STARTS = (0.0, 0.1, 1.0)
CLIMBS = 3
STEPS = 200


@dataclass(frozen=True, slots=True, eq=False)
class ThreeLevel:
    """A fitted three-level model; `i2_*` are per cent of the typical total variance.

    `converged` says that the likelihood is flat, or falls at the edge, where the search stopped.
    """

    method: str
    level: float
    k: int
    clusters: int
    coefficients: tuple[Coefficient, ...]
    covariance: Array
    df: float
    sigma2_between: float
    sigma2_within: float
    i2_between: float
    i2_within: float
    q: Test
    moderators: Test | None
    loglik: float
    converged: bool

    def predict(self, x: ArrayLike) -> Prediction:
        """Return the mean at one row of moderators, and where a new effect elsewhere falls."""
        row = np.asarray(x, dtype=float)
        estimate = float(row @ [c.estimate for c in self.coefficients])
        spread = self.sigma2_between + self.sigma2_within
        return predicted(estimate, float(row @ self.covariance @ row), spread, self.df, self.level)


@dataclass(frozen=True, slots=True, eq=False)
class _Data:
    y: Array
    v: Array
    x: Array
    cluster: NDArray[np.intp]
    clusters: int
    restricted: bool


@dataclass(frozen=True, slots=True, eq=False)
class _At:
    """The model at one pair of variances: b, its covariance, P y, and the log-likelihood."""

    beta: Array
    cov: Array
    py: Array
    loglik: float


def three_level(
    y: ArrayLike,
    v: ArrayLike,
    cluster: ArrayLike,
    x: ArrayLike | None = None,
    terms: tuple[str, ...] = ("mean",),
    *,
    method: str = "REML",
    t_test: bool = False,
    level: float = 0.95,
) -> ThreeLevel:
    """Fit effects y (k,), variances v (k,) in clusters (k,), with moderators x (k, p) or a mean.

    `method` is REML or ML. With `t_test` intervals take t with k - p df instead of the normal.
    Sampling errors inside a cluster are taken as independent: effects measured on the same people
    need their covariances, which papers seldom print. Raises `ModelError` as `pool` does, and when
    every cluster holds one effect: then the two variances cannot be told apart.
    """
    y_, v_, x_ = checked(y, v, x)
    if method not in ("REML", "ML"):
        raise ModelError("Three levels are fitted by REML or ML, not by {method!r}.", method=method)
    names, index = np.unique(np.asarray(cluster), return_inverse=True)
    if len(names) in (1, len(y_)):
        raise ModelError(
            "{clusters} clusters hold {k} effects; three levels need at least two clusters, and "
            "one of them with several effects.",
            clusters=len(names),
            k=len(y_),
        )
    data = _Data(y_, v_, x_, index, len(names), method == "REML")
    s, converged = _climb(data)
    at = _at(data, s)
    df = float(len(y_) - x_.shape[1]) if t_test else inf
    total = float(s.sum()) + typical_variance(v_, x_)
    return ThreeLevel(
        method=method,
        level=level,
        k=len(y_),
        clusters=len(names),
        coefficients=coefficients(terms, at.beta, at.cov, df, level),
        covariance=at.cov,
        df=df,
        sigma2_between=float(s[0]),
        sigma2_within=float(s[1]),
        i2_between=100 * float(s[0]) / total,
        i2_within=100 * float(s[1]) / total,
        q=heterogeneity_test(y_, v_, x_),
        moderators=moderator_test(x_, at.beta, at.cov, df),
        loglik=at.loglik,
        converged=converged,
    )


def _solve(data: _Data, s: Array, a: Array) -> Array:
    """Return V^-1 a for a of shape (k,) or (k, m): V is diagonal plus a constant per cluster."""
    d = 1 / (data.v + s[1])
    da = d[:, None] * a.reshape(len(d), -1)
    bent = _summed(data, da) * (s[0] / (1 + s[0] * _summed(data, d[:, None])))
    return np.asarray((da - d[:, None] * bent[data.cluster]).reshape(a.shape))


def _summed(data: _Data, a: Array) -> Array:
    """Return the column sums of a (k, m) per cluster, (clusters, m)."""
    columns = (np.bincount(data.cluster, weights=c, minlength=data.clusters) for c in a.T)
    return np.column_stack(list(columns))


def _at(data: _Data, s: Array) -> _At:
    vx = _solve(data, s, data.x)
    information = data.x.T @ vx
    cov = np.linalg.inv(information)
    beta = cov @ (vx.T @ data.y)
    py = _solve(data, s, data.y - data.x @ beta)
    inside = np.bincount(data.cluster, weights=1 / (data.v + s[1]), minlength=data.clusters)
    logdet = np.log(data.v + s[1]).sum() + np.log1p(s[0] * inside).sum()
    k, p = data.x.shape
    free = k - p if data.restricted else k
    loglik = -(free * np.log(2 * np.pi) + logdet + data.y @ py) / 2
    if data.restricted:
        inner = np.linalg.slogdet(data.x.T @ data.x)[1] - np.linalg.slogdet(information)[1]
        loglik += inner / 2
    return _At(np.asarray(beta), np.asarray(cov), py, float(loglik))


def _slopes(data: _Data, s: Array, at: _At) -> tuple[Array, Array]:
    """Return gradient (2,) and average information (2, 2), Gilmour, Thompson & Cullis (1995)."""
    both = np.column_stack([_summed(data, at.py[:, None])[data.cluster, 0], at.py])
    d = 1 / (data.v + s[1])
    sums = np.bincount(data.cluster, weights=d, minlength=data.clusters)
    squares = np.bincount(data.cluster, weights=d**2, minlength=data.clusters)
    shrunk = 1 + s[0] * sums
    traces = np.array([(sums / shrunk).sum(), d.sum() - s[0] * (squares / shrunk).sum()])
    vx = _solve(data, s, data.x)
    if data.restricted:
        seen = _summed(data, vx)
        traces -= [np.sum((seen @ at.cov) * seen), np.sum((vx @ at.cov) * vx)]
    quadratic = both.T @ at.py
    projected = _solve(data, s, both) - vx @ at.cov @ (vx.T @ both)
    return (quadratic - traces) / 2, both.T @ projected / 2


def _climb(data: _Data) -> tuple[Array, bool]:
    """Climb by average-information steps from the best starts, inside variances >= 0."""
    spread = float(np.var(data.y)) or float(data.v.mean())
    starts = [spread * np.array([a, b]) for a in STARTS for b in STARTS]
    starts.sort(key=lambda s: -_at(data, s).loglik)
    return max((_top(data, s) for s in starts[:CLIMBS]), key=lambda top: _at(data, top[0]).loglik)


def _top(data: _Data, s: Array) -> tuple[Array, bool]:
    at = _at(data, s)
    for _ in range(STEPS):
        gradient, information = _slopes(data, s, at)
        free = (s > 0) | (gradient > 0)
        size = np.sqrt(np.diag(information))
        if (
            not free.any()
            or (np.abs(gradient[free]) <= 1e-9 * np.maximum(size[free], 1e-300)).all()
        ):
            return s, True
        step = np.zeros(2)
        step[free] = _direction(gradient[free], information[np.ix_(free, free)], s[free])
        moved = _uphill(data, s, step, at.loglik)
        if moved is None:
            return _polished(data, s, free), bool(
                (np.abs(gradient[free]) <= 1e-4 * size[free]).all()
            )
        s, at = moved
    return s, False


def _polished(data: _Data, s: Array, free: NDArray[np.bool_]) -> Array:
    """Take last steps by the gradient alone, where the likelihood has no digits left to rise."""
    kept, best = s, np.inf
    for _ in range(20):
        gradient, information = _slopes(data, s, _at(data, s))
        size = float(np.abs(gradient[free]).max())
        if size >= best:
            return kept
        kept, best = s, size
        s = s.copy()
        s[free] = np.maximum(
            s[free] + _direction(gradient[free], information[np.ix_(free, free)], s[free]), 0
        )
    return kept


def _direction(gradient: Array, information: Array, s: Array) -> Array:
    """Return the step; down to zero or twice as far where the information says nothing."""
    with np.errstate(all="ignore"):
        try:
            step = np.asarray(np.linalg.solve(information, gradient))
        except np.linalg.LinAlgError:
            step = np.full(len(gradient), np.nan)
    return step if np.isfinite(step).all() else np.sign(gradient) * s


def _uphill(data: _Data, s: Array, step: Array, loglik: float) -> tuple[Array, _At] | None:
    for halving in range(40):
        new = np.maximum(s + step / 2**halving, 0.0)
        at = _at(data, new)
        if at.loglik > loglik:
            return new, at
    return None
