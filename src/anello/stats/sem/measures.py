"""The figures of fit of a model: those of normal theory, and beside them the robust ones."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from . import indices
from .chi_square import upper
from .incomplete import open_moments
from .inference import observed
from .language.table import Table
from .likelihood.matrices import Floats, Implied, Structure, structure
from .likelihood.optimise import Best, Objective
from .likelihood.references import Reference
from .likelihood.sample import Sample
from .robust import meat, trace


class Point(NamedTuple):
    """A structure at its estimates, and what it implies there by block."""

    shape: Structure
    theta: Floats
    implied: tuple[Implied, ...]


@dataclass(frozen=True, eq=False)
class Test:
    """What a robust test needs beside the model: data, unrestricted model, estimator."""

    table: Table
    sample: Sample
    unrestricted: Reference
    estimator: str


def measured(
    table: Table,
    sample: Sample,
    best: Best,
    unrestricted: Reference,
    base: Reference | None,
    implied: tuple[Implied, ...],
    npar: int,
    df: int,
) -> indices.Fit:
    """Return the figures of normal theory; all NaN without a baseline: there is no solution."""
    nan = float("nan")
    if base is None:
        return indices.Fit(npar, nan, df, *(nan,) * 12)
    wide = unrestricted.deviance
    wide = unrestricted.wider if best.value < wide - 1e-6 else wide
    chisq = max(best.value - wide, 0.0) if df else 0.0
    chisq = chisq if unrestricted.converged else nan
    base_chisq = base.deviance - unrestricted.deviance if base.converged else nan
    base_df = unrestricted.free - base.free
    left = indices.residuals(table, unrestricted, list(implied), sample.sizes)
    deviance = best.value + sample.constant - sample.given_constant
    return indices.Fit(
        npar,
        chisq,
        df,
        upper(chisq, df),
        indices.cfi(chisq, df, base_chisq, base_df),
        indices.tli(chisq, df, base_chisq, base_df),
        *indices.rmsea(chisq, df, sample.n, table.groups),
        *left,
        loglik=-deviance / 2,
        aic=deviance + 2 * npar,
        bic=deviance + npar * float(np.log(sample.n)),
        baseline_chisq=base_chisq,
        baseline_df=base_df,
        rmsea_pvalue=indices.close(chisq, df, sample.n, table.groups),
    )


def scaled(
    test: Test, fit: indices.Fit, base: Reference | None, model: Point, told: float
) -> indices.Fit:
    """Return the fit with the robust test and the indices that follow from it.

    `told` is the trace of the model's bread times its meat. The robust CFI, TLI and RMSEA are those
    of Brosseau-Liard & Savalei (2014) and Brosseau-Liard, Savalei & Li (2012).
    """
    if not fit.df or base is None:
        return fit
    scaling = (_whole(test, model) - told) / fit.df
    base_scaling = _base_scaling(test, base, fit.baseline_df) if base.converged else np.nan
    chisq, base_chisq = fit.chisq / scaling, fit.baseline_chisq / base_scaling
    n, groups = test.sample.n, test.table.groups
    now = indices.rmsea(fit.chisq, scaling * fit.df, n, groups)
    robust = indices.rmsea(chisq, fit.df, n, groups, scaling)
    both = fit.chisq, fit.df * scaling, fit.baseline_chisq, fit.baseline_df * base_scaling
    return replace(
        fit,
        chisq_scaled=chisq,
        pvalue_scaled=upper(chisq, fit.df),
        scaling=scaling,
        baseline_chisq_scaled=base_chisq,
        baseline_scaling=base_scaling,
        cfi_scaled=indices.cfi(chisq, fit.df, base_chisq, fit.baseline_df),
        tli_scaled=indices.tli(chisq, fit.df, base_chisq, fit.baseline_df),
        rmsea_scaled=now[0],
        rmsea_low_scaled=now[1],
        rmsea_high_scaled=now[2],
        rmsea_pvalue_scaled=indices.close(fit.chisq, scaling * fit.df, n, groups),
        cfi_robust=indices.cfi(*both),
        tli_robust=indices.robust_tli(*both, fit.baseline_df / fit.df),
        rmsea_robust=robust[0],
        rmsea_low_robust=robust[1],
        rmsea_high_robust=robust[2],
    )


def _base_scaling(test: Test, base: Reference, df: int) -> float:
    if not df:
        return np.nan
    shape = structure(base.table)
    point = Point(shape, base.theta, tuple(shape.implied(base.theta)))
    return (_whole(test, point) - _told(test, base, point)) / df


def _told(test: Test, reference: Reference, at: Point) -> float:
    """Return the trace of bread times meat of a reference model at a point."""
    objective = Objective(at.shape, test.sample.cells)
    centred = test.estimator == "MLM"
    curved = objective.expected(at.theta)
    information = curved / 2
    if not (test.sample.exact and centred):
        information = observed(objective, at.theta, curved)
    filling = meat(test.sample, at.shape, at.theta, centred=centred)
    if not centred:
        keep = open_moments(test.table, reference)
        open_ = np.ix_(keep, keep)
        information, filling = information[open_], filling[open_]
    bread = np.asarray(np.linalg.pinv(information, rcond=1e-12, hermitian=True))
    return trace(bread, filling)


def _whole(test: Test, model: Point) -> float:
    """Return the same of the unrestricted model: with MLM at what the model implies."""
    wide = structure(test.unrestricted.table)
    theta = test.unrestricted.theta
    if test.estimator == "MLM":
        theta = _at_model(test, wide, model)
    return _told(test, test.unrestricted, Point(wide, theta, ()))


def _at_model(test: Test, wide: Structure, model: Point) -> Floats:
    """Return the unrestricted parameters that say what the model implies."""
    table = test.unrestricted.table
    theta = np.zeros(len(table.free))
    for row in table.rows:
        if row.free:
            number = (row.group - 1) * table.levels + row.level - 1
            names = wide.blocks[number].names
            at, i = model.implied[number], names.index(row.lhs)
            theta[row.index] = at.mu[i] if row.op == "~1" else at.sigma[i, names.index(row.rhs)]
    return theta
