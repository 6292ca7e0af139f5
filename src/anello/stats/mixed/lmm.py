"""Linear mixed models with one grouping factor, fitted from moments: the rows are never seen."""

from dataclasses import dataclass

import numpy as np

from anello.model.errors import ModelError

from ..linear.student import quantile, two_sided
from ..moments import Floats, Moments
from .design import Design
from .lmm_optimise import Best, optimise
from .lmm_scale import Scaled, scaled
from .satterthwaite import covariance, degrees


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


@dataclass(frozen=True, slots=True)
class Spread:
    """A row of lme4's `as.data.frame(VarCorr())`.

    A variance has one name and `sd` its root; a covariance has two and `sd` is the correlation
    (None if one of the two variances is zero); the residual has none.
    """

    group: str
    var1: str | None
    var2: str | None
    variance: float
    sd: float | None


@dataclass(frozen=True, eq=False)
class MixedModel:
    """A fitted mixed model.

    `vcov` (p x p) belongs to `effects`. `loglik` is the restricted log-likelihood under REML and
    may be compared only between models with the same fixed columns and rows. `gradient` is the
    largest absolute derivative of the deviance by theta on the fitted scale. `singular` means that
    a variance is estimated at zero or a correlation at one: simplify what varies.
    """

    formula: str
    method: str
    n: int
    groups: int
    loglik: float
    effects: tuple[Effect, ...]
    vcov: Floats
    spreads: tuple[Spread, ...]
    converged: bool
    singular: bool
    gradient: float
    moments: Moments

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the moments that were fitted."""
        return self.moments.fingerprint


def fit(moments: Moments, design: Design, ml: bool = False) -> MixedModel:
    """Fit the mixed model of `design` by REML, or by ML when `ml` is True.

    Raises `ModelError` when the data cannot carry the model: too few groups, a term that repeats
    others, an outcome that does not vary. Standard errors are lme4's, which take the variances as
    known; the degrees of freedom make up for it (Satterthwaite).

    The groups' observed means pull a between-group slope towards the within-group slope; a mixed
    model does not correct that (Luedtke et al., 2008).
    """
    if not np.isfinite(moments.total).all():
        raise ModelError("A value is infinite after the formula was applied; remove those rows.")
    problem = scaled(moments, design, reml=not ml)
    try:
        best = optimise(problem.sums)
    except np.linalg.LinAlgError:
        raise ModelError(
            "The terms repeat each other so closely that their effects cannot be told apart; "
            "take one of them out."
        ) from None
    vcov, effects = _effects(problem, best, design)
    deviance = best.point.deviance + (problem.logdet if not ml else 0.0)
    return MixedModel(
        formula=design.formula,
        method="ML" if ml else "REML",
        n=moments.n,
        groups=len(moments.groups),
        loglik=-deviance / 2,
        effects=effects,
        vcov=vcov,
        spreads=_spreads(problem, best, design),
        converged=best.converged,
        singular=best.singular,
        gradient=float(np.abs(best.point.gradient).max()),
        moments=moments,
    )


def _effects(problem: Scaled, best: Best, design: Design) -> tuple[Floats, tuple[Effect, ...]]:
    inner, _ = covariance(problem.sums, best)
    back = problem.back
    beta = back @ best.point.beta + problem.offset
    vcov = back @ inner @ back.T
    df = degrees(problem.sums, best, back) if len(back) else np.zeros(0)
    named = zip(design.fixed, beta, np.sqrt(np.diag(vcov)), df, strict=True)
    return vcov, tuple(_effect(c.name, float(b), float(s), float(d)) for c, b, s, d in named)


def _effect(term: str, estimate: float, se: float, df: float) -> Effect:
    half = quantile(0.975, df) * se
    return Effect(
        term, estimate, se, df, two_sided(estimate / se, df), estimate - half, estimate + half
    )


def _spreads(problem: Scaled, best: Best, design: Design) -> tuple[Spread, ...]:
    sums = problem.sums
    sigma2 = best.point.rss / sums.freedom
    factor = problem.back_z @ sums.factor(best.point.theta)
    g = sigma2 * factor @ factor.T
    found: list[Spread] = []
    start = 0
    for count, block in enumerate(design.blocks):
        group = design.group if count == 0 else f"{design.group}.{count}"
        names = [column.name for column in block]
        found += _block(group, names, g[start:, start:])
        start += len(block)
    return (*found, Spread("Residual", None, None, sigma2, float(np.sqrt(sigma2))))


def _block(group: str, names: list[str], g: Floats) -> list[Spread]:
    sd = np.sqrt(np.diag(g))
    variances = [
        Spread(group, name, None, float(g[i, i]), float(sd[i])) for i, name in enumerate(names)
    ]
    pairs = ((i, j) for i in range(len(names)) for j in range(i + 1, len(names)))
    covariances = [
        Spread(group, names[i], names[j], float(g[i, j]), _ratio(g[i, j], sd[i] * sd[j]))
        for i, j in pairs
    ]
    return variances + covariances


def _ratio(a: float, b: float) -> float | None:
    return float(a / b) if b > 0 else None
