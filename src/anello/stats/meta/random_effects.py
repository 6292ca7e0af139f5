"""Random-effects meta-analysis: one mean over studies that truly differ, and how much they do."""

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from .heterogeneity import q_profile
from .moderators import MetaRegression, Prediction, Test, predicted, regress
from .weighing import checked


@dataclass(frozen=True, slots=True)
class Pooled:
    """The mean of the true effects and their spread.

    `low` and `high` hold the mean; `new_low` and `new_high` the true effect in one new place,
    which is what somebody with a shop of their own should read. `tau2_low`, `tau2_high` are
    Q-profile limits. `i2` in per cent.
    """

    method: str
    knapp_hartung: bool
    k: int
    estimate: float
    se: float
    df: float
    p: float
    low: float
    high: float
    new_low: float
    new_high: float
    tau2: float
    se_tau2: float | None
    tau2_low: float
    tau2_high: float
    i2: float
    h2: float
    q: Test
    loglik: float

    @property
    def tau(self) -> float:
        """Return the SD of the true effects."""
        return float(self.tau2**0.5)


def pool(
    y: ArrayLike,
    v: ArrayLike,
    *,
    method: str = "REML",
    knapp_hartung: bool = False,
    level: float = 0.95,
) -> Pooled:
    """Pool effects y (k,) with sampling variances v (k,), both known per study.

    Methods: REML, PM (Paule-Mandel), DL (DerSimonian-Laird), ML, HE (Hedges), SJ (Sidik-Jonkman),
    HS (Hunter-Schmidt weights), FE (no heterogeneity: a mean of these studies alone). See
    `moderators.regress` for `knapp_hartung`. Raises `ModelError` for fewer than two studies.

    >>> found = pool([0.10, 0.30, 0.35, 0.65, 0.45], [0.03, 0.03, 0.05, 0.01, 0.05], method="DL")
    >>> round(found.estimate, 4), round(found.tau2, 4), round(found.i2, 1)
    (0.3922, 0.035, 55.7)
    """
    y_, v_, x_ = checked(y, v)
    fit = regress(y_, v_, x_, ["mean"], method=method, knapp_hartung=knapp_hartung, level=level)
    low, high = q_profile(y_, v_, x_, level)
    return _pooled(fit, low, high)


def _pooled(fit: MetaRegression, tau2_low: float, tau2_high: float) -> Pooled:
    mean, new = fit.coefficients[0], fit.predict(np.ones(1))
    return Pooled(
        method=fit.method,
        knapp_hartung=fit.knapp_hartung,
        k=fit.k,
        estimate=mean.estimate,
        se=mean.se,
        df=fit.df,
        p=mean.p,
        low=mean.low,
        high=mean.high,
        new_low=new.new_low,
        new_high=new.new_high,
        tau2=fit.tau2,
        se_tau2=fit.se_tau2,
        tau2_low=tau2_low,
        tau2_high=tau2_high,
        i2=fit.i2,
        h2=fit.h2,
        q=fit.q,
        loglik=fit.loglik,
    )


def prediction(found: Pooled, level: float = 0.95, *, cautious: bool = True) -> Prediction:
    """Return the prediction interval with t of k - 2 df, Higgins, Thompson & Spiegelhalter (2009).

    It allows for tau^2 being an estimate, which the normal one in `Pooled` does not. With
    `cautious` False it is the normal one.

    >>> found = pool([0.1, 0.3, 0.35, 0.65, 0.45], [0.03, 0.03, 0.05, 0.01, 0.05], method="DL")
    >>> prediction(found).new_low < found.new_low
    True
    """
    df = float(max(found.k - 2, 1)) if cautious else inf
    return predicted(found.estimate, found.se**2, found.tau2, df, level)
