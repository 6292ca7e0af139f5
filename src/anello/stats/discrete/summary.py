"""What a person reads of a fitted model: coefficients, spreads, shares of variance, modes."""

from collections.abc import Iterator
from math import erfc, sqrt
from typing import Any

import numpy as np

from ..linear.student import quantile, two_sided
from ..moments import Floats
from .glmm import Fitted

FEW = 30
Z_95 = 1.959963984540054


def coefficients(fitted: Fitted, rows: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of thresholds and of fixed effects.

    `z`, `p`, `low` and `high` are Wald's, as other software prints them. With one grouping factor
    `df`, `p_t`, `low_t` and `high_t` use Student's t with between-within degrees of freedom
    (Schluchter & Elashoff, 1990; for few groups Li & Redden, 2015, BMC Med. Res. Methodol. 15:38):
    groups minus columns that do not vary inside groups, or rows minus groups and the others.
    """
    tops = fitted.thresholds
    levels, names = fitted.table.levels, fitted.table.names
    se = np.sqrt(np.diag(fitted.vcov))
    between = [_wald(f"{levels[i]}|{levels[i + 1]}", fitted.phi[i], se[i]) for i in range(tops)]
    df = _degrees(fitted, rows)
    fixed = []
    for i, name in enumerate(names):
        row = _wald(name, fitted.phi[tops + i], se[tops + i])
        fixed.append(row | _student(row, float(df[i])))
    return between, fixed


def _wald(term: str, estimate: float, se: float) -> dict[str, Any]:
    z = float(estimate / se) if se > 0 else float("nan")
    return {
        "term": term,
        "estimate": float(estimate),
        "se": float(se),
        "z": z,
        "p": erfc(abs(z) / sqrt(2)),
        "low": float(estimate - Z_95 * se),
        "high": float(estimate + Z_95 * se),
    }


def _student(row: dict[str, Any], df: float) -> dict[str, Any]:
    if not df > 0 or not row["se"] > 0:
        return {"df": None, "p_t": None, "low_t": None, "high_t": None}
    half = quantile(0.975, df) * row["se"]
    low, high = row["estimate"] - half, row["estimate"] + half
    return {"df": df, "p_t": two_sided(row["z"], df), "low_t": low, "high_t": high}


def _degrees(fitted: Fitted, rows: int) -> Floats:
    """Return the between-within degrees of freedom of each column; NaN with several factors."""
    table = fitted.table
    if len(table.varying) > 1:
        return np.full(len(table.names), np.nan)
    index, groups = table.varying[0].index, len(table.varying[0].units)
    starts = np.searchsorted(index, np.arange(groups))
    spread = np.maximum.reduceat(table.x, starts) - np.minimum.reduceat(table.x, starts)
    same = (spread == 0).all(axis=0)
    fixed_levels = int(same.sum()) + (fitted.thresholds > 0)
    return np.where(same, groups - fixed_levels, rows - groups - int((~same).sum()))


def spreads(fitted: Fitted) -> Iterator[dict[str, Any]]:
    """Yield variances, then covariances, of each block of each grouping factor.

    `variance` holds the covariance where there are two names, as in lme4's VarCorr; `corr` is None
    where one of the two variances is zero. A second block of a group is called `group.1`.
    """
    for varying, root in zip(fitted.table.varying, fitted.lambdas, strict=True):
        g, start = root @ root.T, 0
        for count, size in enumerate(varying.blocks):
            group = varying.group if count == 0 else f"{varying.group}.{count}"
            names = varying.names[start : start + size]
            yield from _block(group, names, g[start : start + size, start : start + size])
            start += size


def _block(group: str, names: tuple[str, ...], g: Floats) -> Iterator[dict[str, Any]]:
    sd = np.sqrt(np.diag(g))
    for i, name in enumerate(names):
        yield _spread(group, name, None, float(g[i, i]), float(sd[i]), None)
    for i in range(len(names)):
        for j in range(i + 1, len(names)):
            scale = float(sd[i] * sd[j])
            corr = float(g[i, j]) / scale if scale > 0 else None
            yield _spread(group, names[i], names[j], float(g[i, j]), None, corr)


def _spread(
    group: str, one: str, two: str | None, value: float, sd: float | None, corr: float | None
) -> dict[str, Any]:
    return {
        "group": group,
        "name1": one,
        "name2": two,
        "variance": value,
        "covariance": value if two else None,
        "sd": sd,
        "corr": corr,
    }


def icc(fitted: Fitted) -> dict[str, float] | None:
    """Return each group's share of the variance behind an answer, at zero of all that varies.

    On the latent scale, with pi^2 / 3 (logit) or 1 (probit) for the single answer; None for counts
    of events, which have no such scale.
    """
    latent = fitted.family.latent
    if latent is None:
        return None
    found = {}
    for varying, root in zip(fitted.table.varying, fitted.lambdas, strict=True):
        if "(Intercept)" in varying.names:
            i = varying.names.index("(Intercept)")
            found[varying.group] = float((root[i] ** 2).sum())
    total = sum(found.values()) + latent
    return {group: value / total for group, value in found.items()}


def blups(fitted: Fitted) -> list[dict[str, Any]]:
    """Return the conditional mode of each group and effect, and its sd given the parameters."""
    sign = -1.0 if fitted.thresholds else 1.0
    found = []
    for k, varying in enumerate(fitted.table.varying):
        for j, unit in enumerate(varying.units):
            for q, name in enumerate(varying.names):
                mode, sd = sign * fitted.modes[k][j, q], fitted.mode_sds[k][j, q]
                found.append(
                    {
                        "group": varying.group,
                        "unit": unit,
                        "term": name,
                        "mode": float(mode),
                        "sd": float(sd),
                    }
                )
    return found
