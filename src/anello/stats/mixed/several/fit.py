"""A mixed model with any number of groups, fitted from sums by group and by pair of groups."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from anello.model.errors import ModelError

from ...linear.student import quantile, two_sided
from ...moments import Floats
from ..lmm import Effect, Spread
from ..satterthwaite import covariance, degrees
from .checks import check_columns, check_size
from .gathered import Gathered
from .kenward_roger import kenward_roger
from .layout import Layout
from .likelihood import Likelihood
from .optimise import Found, optimise
from .problem import Problem, problem
from .robust import cr2

DF = ("satterthwaite", "kr", "none")


@dataclass(frozen=True, eq=False)
class Fitted:
    """A fitted model: what was gathered, how it was laid out and scaled, and the optimum."""

    gathered: Gathered
    layout: Layout
    likelihood: Likelihood
    found: Found

    @property
    def problem(self) -> Problem:
        """Return the scaled problem."""
        return self.likelihood.problem

    @property
    def loglik(self) -> float:
        """Return the log-likelihood, restricted under REML, the weights' part included."""
        problem, deviance = self.problem, self.found.best.point.deviance
        deviance += problem.logdet if problem.reml else 0.0
        return float(-(deviance - self.gathered.log_weights) / 2)

    @property
    def npar(self) -> int:
        """Return the number of parameters: fixed effects, theta and sigma."""
        return self.problem.p + len(self.problem.places) + 1

    @property
    def sigma2(self) -> float:
        """Return the residual variance of a row of weight one."""
        point = self.found.best.point
        return point.rss / self.problem.freedom / self.gathered.scale

    @property
    def fine(self) -> float:
        """Return sigma^2 on the scale of the fit, where weights have a mean of one."""
        return self.found.best.point.rss / self.problem.freedom

    @property
    def beta(self) -> Floats:
        """Return the fixed effects."""
        return self.problem.back @ self.found.best.point.beta + self.problem.offset

    @property
    def vcov(self) -> Floats:
        """Return their covariance matrix, the variances taken as known."""
        inner, _ = covariance(self.problem, self.found.best)
        return np.asarray(self.problem.back @ inner @ self.problem.back.T)


def fit(gathered: Gathered, layout: Layout, ml: bool = False) -> Fitted:
    """Fit by REML, or by ML when `ml` is True; a `ModelError` when the data cannot carry it."""
    check_size(gathered, layout)
    scaled = problem(gathered, layout, reml=not ml)
    check_columns(scaled, gathered, layout)
    likelihood = Likelihood(scaled)
    try:
        found = optimise(likelihood)
    except np.linalg.LinAlgError:
        raise ModelError(
            "The terms repeat each other so closely that their effects cannot be told apart; "
            "take one of them out."
        ) from None
    return Fitted(gathered, layout, likelihood, found)


def effects(fitted: Fitted, df: str = "satterthwaite") -> tuple[tuple[Effect, ...], Floats]:
    """Return the fixed effects with df by Satterthwaite, Kenward-Roger (`kr`) or `none`.

    Kenward-Roger also adjusts the covariance matrix, returned beside (Kenward & Roger, 1997), and
    needs REML. Without df there are no p-values and no limits: NaN.
    """
    back = fitted.problem.back
    vcov, freedom = fitted.vcov, np.full(len(back), np.nan)
    if df == "kr":
        vcov, freedom = kenward_roger(fitted.likelihood, fitted.found, back)
    elif df == "satterthwaite" and len(back):
        freedom = degrees(fitted.problem, fitted.found.best, back)
    return _table(fitted, vcov, freedom), vcov


def robust_effects(fitted: Fitted) -> tuple[tuple[Effect, ...], Floats]:
    """Return the fixed effects with CR2 standard errors and their Satterthwaite df."""
    vcov, freedom = cr2(fitted.likelihood, fitted.found, fitted.gathered)
    return _table(fitted, vcov, freedom), vcov


def _table(fitted: Fitted, vcov: Floats, df: Floats) -> tuple[Effect, ...]:
    names = (column.name for column in fitted.layout.design.fixed)
    rows = zip(names, fitted.beta, np.sqrt(np.diag(vcov)), df, strict=True)
    return tuple(_effect(name, float(b), float(se), float(f)) for name, b, se, f in rows)


def _effect(term: str, estimate: float, se: float, df: float) -> Effect:
    if not df > 0:
        return Effect(term, estimate, se, df, np.nan, np.nan, np.nan)
    half = quantile(0.975, df) * se
    return Effect(
        term, estimate, se, df, two_sided(estimate / se, df), estimate - half, estimate + half
    )


def covariances(fitted: Fitted) -> tuple[Floats, ...]:
    """Return the covariance matrix of each term's effects, in the order of the formula."""
    found: list[Floats | None] = [None] * len(fitted.layout.terms)
    theta = fitted.found.best.point.theta
    for block, low in zip(fitted.problem.blocks, fitted.problem.factors(theta), strict=True):
        g = fitted.fine * block.back @ low @ low.T @ block.back.T
        start = 0
        for term in fitted.layout.terms_of(block.factor):
            stop = start + len(fitted.layout.terms[term].columns)
            found[term] = g[start:stop, start:stop]
            start = stop
    return tuple(g for g in found if g is not None)


def in_order(fitted: Fitted) -> tuple[tuple[int, str], ...]:
    """Return the terms in lme4's order with its names: the most levels first, `g.1` for a second g.

    lme4 keeps the formula's order unless a later term has more levels; it then sorts, and terms
    with equal numbers of levels come out backwards.
    """
    terms, by = fitted.layout.terms, fitted.layout.factors
    places = {frozenset(columns): k for k, columns in enumerate(by)}
    counts = [fitted.gathered.factors[places[frozenset(t.by)]].count for t in terms]
    order = list(range(len(terms)))
    if any(b > a for a, b in pairwise(counts)):
        order = sorted(order, key=lambda i: counts[i])[::-1]
    seen: dict[str, int] = {}
    found = []
    for i in order:
        label = terms[i].label
        times = seen.get(label, 0)
        found.append((i, f"{label}.{times}" if times else label))
        seen[label] = times + 1
    return tuple(found)


def groups(fitted: Fitted) -> dict[str, int]:
    """Return the number of levels of each group, by lme4's name."""
    places = {frozenset(columns): k for k, columns in enumerate(fitted.layout.factors)}
    terms = fitted.layout.terms
    return {
        terms[i].label: fitted.gathered.factors[places[frozenset(terms[i].by)]].count
        for i, _ in in_order(fitted)
    }


def spreads(fitted: Fitted) -> tuple[Spread, ...]:
    """Return the variance components as lme4's `as.data.frame(VarCorr())`."""
    matrices = covariances(fitted)
    found: list[Spread] = []
    for i, name in in_order(fitted):
        g, names = matrices[i], [c.name for c in fitted.layout.terms[i].columns]
        sd = np.sqrt(np.diag(g))
        found += [Spread(name, v, None, float(g[a, a]), float(sd[a])) for a, v in enumerate(names)]
        for a in range(len(names)):
            for b in range(a + 1, len(names)):
                both = sd[a] * sd[b]
                ratio = float(g[a, b] / both) if both > 0 else None
                found.append(Spread(name, names[a], names[b], float(g[a, b]), ratio))
    sigma2 = fitted.sigma2
    return (*found, Spread("Residual", None, None, sigma2, float(np.sqrt(sigma2))))
