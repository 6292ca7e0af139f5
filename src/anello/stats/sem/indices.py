"""How well a model fits: test, comparison with no model at all, and what is left unexplained."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .chi_square import noncentral, upper
from .language.table import Table
from .likelihood.matrices import Floats, Implied
from .likelihood.references import Reference
from .likelihood.sample import Rough


@dataclass(frozen=True, slots=True)
class Fit:
    """Fit indices; NaN where one does not exist.

    `rmsea_low` and `rmsea_high` bound its 90 % interval. `loglik` leaves given variables out, as
    lavaan does, so it must not be compared with one that includes them. `rmsea_pvalue` tests an
    RMSEA of at most .05. The `scaled` figures put the robust test in the place of the normal one,
    the `robust` ones estimate what normal data would have shown; the others are normal theory.
    """

    npar: int
    chisq: float
    df: int
    pvalue: float
    cfi: float
    tli: float
    rmsea: float
    rmsea_low: float
    rmsea_high: float
    srmr: float
    srmr_within: float
    srmr_between: float
    loglik: float
    aic: float
    bic: float
    chisq_scaled: float = np.nan
    pvalue_scaled: float = np.nan
    scaling: float = np.nan
    baseline_chisq: float = np.nan
    baseline_df: int = 0
    rmsea_pvalue: float = np.nan
    baseline_chisq_scaled: float = np.nan
    baseline_scaling: float = np.nan
    cfi_scaled: float = np.nan
    tli_scaled: float = np.nan
    rmsea_scaled: float = np.nan
    rmsea_low_scaled: float = np.nan
    rmsea_high_scaled: float = np.nan
    rmsea_pvalue_scaled: float = np.nan
    cfi_robust: float = np.nan
    tli_robust: float = np.nan
    rmsea_robust: float = np.nan
    rmsea_low_robust: float = np.nan
    rmsea_high_robust: float = np.nan


def _root(falling: Callable[[float], float], high: float) -> float:
    """Return where a falling function, positive at 0 and negative at `high`, is 0 (bisection)."""
    low = 0.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
        if high - low <= 1e-12 * max(high, 1.0):
            break
    return (low + high) / 2


def cfi(chisq: float, df: float, base: float, base_df: float) -> float:
    """Return the comparative fit index (Bentler, 1990)."""
    if np.isnan(chisq) or np.isnan(base) or np.isnan(base_df):
        return np.nan
    lost, all_lost = max(chisq - df, 0.0), max(chisq - df, base - base_df, 0.0)
    return 1.0 if all_lost == 0 else 1 - lost / all_lost


def tli(chisq: float, df: float, base: float, base_df: float) -> float:
    """Return the Tucker-Lewis index (1973); 1 for a model without degrees of freedom."""
    if df == 0 or base_df == 0:
        return 1.0
    low = base / base_df - 1
    return float((base / base_df - chisq / df) / low) if low else np.nan


def robust_tli(chisq: float, df: float, base: float, base_df: float, ratio: float) -> float:
    """Return the TLI whose tests expect `df` and `base_df`; `ratio` is that of the unscaled df."""
    low = (base - base_df) / ratio
    return float(1 - (chisq - df) / low) if low else np.nan


def rmsea(
    chisq: float, df: float, n: int, groups: int, scaling: float = 1.0
) -> tuple[float, float, float]:
    """Return the root mean square error of approximation with its 90 % interval (Steiger, 1990).

    With `scaling` the test is a scaled one and its noncentrality is scaled back.
    """
    if df == 0:
        return 0.0, 0.0, 0.0
    if np.isnan(chisq) or not df > 0:
        return np.nan, np.nan, np.nan

    def turned(centre: float) -> float:
        return float(np.sqrt(scaling * max(centre, 0.0) / (df * n)) * np.sqrt(groups))

    def bound(level: float) -> float:
        def above(x: float) -> float:
            return (noncentral(chisq, df, x) if x > 0 else 1 - upper(chisq, df)) - level

        if above(0.0) <= 0:
            return 0.0
        high = max(chisq, 1.0) * 2 + 100
        while above(high) > 0:
            high *= 2
        return _root(above, high)

    return turned(chisq - df), turned(bound(0.95)), turned(bound(0.05))


def close(chisq: float, df: float, n: int, groups: int, most: float = 0.05) -> float:
    """Return the p-value of an RMSEA of at most `most`, NaN without degrees of freedom."""
    if df == 0 or np.isnan(chisq):
        return np.nan
    return 1 - noncentral(chisq, df, n * df * most**2 / groups)


def srmr(rough: Rough, implied: Implied, means: bool) -> float:
    """Return the standardised root mean square residual of one block (Bentler's form)."""
    d = np.sqrt(np.maximum(np.diag(rough.cov), 1e-300))
    left = (rough.cov - implied.sigma) / np.outer(d, d)
    squares = (left[np.tril_indices(len(d))] ** 2).sum()
    count = len(d) * (len(d) + 1) / 2
    if means:
        squares += (((rough.mean - implied.mu) / d) ** 2).sum()
        count += len(d)
    return float(np.sqrt(squares / count))


def srmr_of_level(rough: Rough, implied: Implied) -> float:
    """Return the same of one level, between correlations (Bollen's form), as lavaan does there."""
    left = _correlations(rough.cov) - _correlations(implied.sigma)
    count = len(left) * (len(left) + 1) / 2
    return float(np.sqrt((left[np.tril_indices(len(left))] ** 2).sum() / count))


def _correlations(cov: Floats) -> Floats:
    d = np.sqrt(np.where(np.diag(cov) > 0, np.diag(cov), np.nan))
    return np.asarray(cov / np.outer(d, d))


def residuals(
    table: Table, unrestricted: Reference, implied: list[Implied], sizes: tuple[int, ...]
) -> tuple[float, float, float]:
    """Return the SRMR of the model and of its levels (NaN on one level), groups by their size."""
    shares = np.array(sizes) / sum(sizes)
    if table.levels == 1:
        each = [
            srmr(rough, block, table.means)
            for rough, block in zip(unrestricted.moments, implied, strict=True)
        ]
        return float(shares @ each), np.nan, np.nan
    by_level = []
    for level in (0, 1):
        each = [
            srmr_of_level(unrestricted.moments[i], implied[i])
            for i in range(level, len(implied), 2)
        ]
        by_level.append(float(shares @ each))
    return by_level[0] + by_level[1], by_level[0], by_level[1]
