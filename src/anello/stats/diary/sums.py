"""A mixed model from each person's sums of products, with columns brought to one scale first."""

from dataclasses import dataclass

import numpy as np

from anello.model.errors import ModelError

from ..linear.student import quantile, two_sided
from ..mixed.lmm_likelihood import Sums
from ..mixed.lmm_optimise import Best, optimise
from ..mixed.satterthwaite import covariance, degrees
from ..moments import Floats

Places = tuple[tuple[int, ...], tuple[int, ...]]
DEPENDENT = 1e-10


@dataclass(frozen=True, slots=True)
class Effect:
    """One fixed effect with its standard error, Satterthwaite df, two-sided p and 95 % limits."""

    term: str
    estimate: float
    se: float
    df: float
    p: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Mixed:
    """A fitted model: `beta` (p) with `vcov`, `g` (q x q) of what varies, residual variance.

    `deviance` is -2 log L, restricted under REML; `best` and `sums` are the scaled problem, `back`
    (p x p) the way from its beta, `factor` the Cholesky factor of g / sigma2.
    """

    beta: Floats
    vcov: Floats
    df: Floats
    g: Floats
    sigma2: float
    deviance: float
    best: Best
    sums: Sums
    back: Floats
    factor: Floats

    def contrast(self, term: str, weights: Floats, plus: float = 0.0) -> "Effect":
        """Return weights'beta + plus as an effect, with its own Satterthwaite df."""
        se = float(np.sqrt(max(float(weights @ self.vcov @ weights), 0.0)))
        df = float(degrees(self.sums, self.best, (weights @ self.back)[None])[0])
        return effect(term, float(weights @ self.beta) + plus, se, df)


def effect(term: str, estimate: float, se: float, df: float) -> Effect:
    """Return an effect with its p and limits from Student's t."""
    if not se > 0:
        return Effect(term, estimate, se, df, float(estimate == 0), estimate, estimate)
    half = quantile(0.975, df) * se
    p = two_sided(estimate / se, df)
    return Effect(term, estimate, se, df, p, estimate - half, estimate + half)


def lower(q: int) -> Places:
    """Return where theta stands in the Cholesky factor of a full q x q covariance matrix.

    >>> lower(2)
    ((0, 1, 1), (0, 0, 1))
    """
    places = [(i, j) for j in range(q) for i in range(j, q)]
    return tuple(i for i, _ in places), tuple(j for _, j in places)


def fit(zz: Floats, zx: Floats, xx: Floats, n: int, places: Places, reml: bool) -> Mixed:
    """Fit the model whose sums are given, the outcome last in `zx` and `xx`.

    Every column is divided by its root mean square and the results are turned back, so columns of
    any unit do; raises `ModelError` when the fixed columns repeat each other.
    """
    p = len(xx) - 1
    x_scale, z_scale = _scales(np.diag(xx) / n), _scales(np.einsum("iij->i", zz) / n)
    xx = xx / np.outer(x_scale, x_scale)
    zx = zx / (z_scale[:, None, None] * x_scale[None, :, None])
    zz = zz / (z_scale[:, None, None] * z_scale[None, :, None])
    if np.linalg.matrix_rank(xx[:p, :p] / n, tol=DEPENDENT) < p:
        raise ModelError(
            "The terms repeat each other or do not vary where they should; take one of them out."
        )
    made = Sums(zz, zx, xx, n, *places, reml)
    best = optimise(made)
    inner, _ = covariance(made, best)
    back = np.diag(x_scale[p] / x_scale[:p])
    sigma2 = best.point.rss / made.freedom
    factor = (x_scale[p] / z_scale)[:, None] * made.factor(best.point.theta)
    restricted = 2 * float(np.log(x_scale[:p]).sum()) if reml else 0.0
    return Mixed(
        beta=back @ best.point.beta,
        vcov=back @ inner @ back.T,
        df=degrees(made, best, np.eye(p)),
        g=np.asarray(sigma2 * factor @ factor.T),
        sigma2=float(sigma2 * x_scale[p] ** 2),
        deviance=best.point.deviance + 2 * made.freedom * float(np.log(x_scale[p])) + restricted,
        best=best,
        sums=made,
        back=back,
        factor=np.asarray(made.factor(best.point.theta) / z_scale[:, None]),
    )


def _scales(squares: Floats) -> Floats:
    return np.where(squares > 0, np.sqrt(np.where(squares > 0, squares, 1.0)), 1.0)
