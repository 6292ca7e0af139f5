"""A fitted mixed model as rows of plain numbers, ready for JSON; a number that is none is None."""

from collections.abc import Iterable
from dataclasses import asdict
from math import isfinite, log
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anello.stats.mixed.lmm import Effect, Spread


def fixed(effects: "Iterable[Effect]") -> list[dict[str, Any]]:
    """Return the fixed effects: term, estimate, se, df, t, p, low and high."""
    return [_fixed(effect) for effect in effects]


def _fixed(effect: "Effect") -> dict[str, Any]:
    row = asdict(effect)
    t = effect.estimate / effect.se if effect.se > 0 else None
    return finite(
        {key: t if key == "t" else row[key] for key in (*list(row)[:4], "t", *list(row)[4:])}
    )


def varcomp(spreads: "Iterable[Spread]") -> list[dict[str, Any]]:
    """Return the variance components; of a covariance, `sd` and `corr` are the correlation."""
    return [
        finite({**asdict(spread), "corr": spread.sd if spread.var2 else None}) for spread in spreads
    ]


def criteria(loglik: float, npar: int, n: int) -> dict[str, float]:
    """Return -2 log L, AIC and BIC as lme4 has them.

    Under REML all three rest on the restricted likelihood: never compare them between models with
    other fixed effects.

    >>> criteria(-10.0, npar=3, n=1)
    {'criterion': 20.0, 'aic': 26.0, 'bic': 20.0}
    """
    deviance = -2 * loglik
    return {"criterion": deviance, "aic": deviance + 2 * npar, "bic": deviance + npar * log(n)}


def finite(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with None for what is not a finite number."""
    return {k: None if isinstance(v, float) and not isfinite(v) else v for k, v in row.items()}
