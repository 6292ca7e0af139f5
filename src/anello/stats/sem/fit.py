"""A structural equation model fitted to a sample: estimates, errors, fit, and what is wrong."""

from dataclasses import dataclass, replace

import numpy as np

from anello.model.errors import ModelError

from . import indices
from .faults import faults
from .inference import identified, observed, vcov
from .matrices import Floats, Implied, Ints, Structure, structure
from .optimise import Best, Objective, minimise
from .references import Reference, given_values, independent, reference, saturated
from .robust import meat, sandwich, trace
from .rules import constraints, inequalities, labels
from .sample import Sample
from .starts import starts
from .table import Table

ESTIMATORS = ("ML", "MLM", "MLR")
AGAIN = 100


@dataclass(frozen=True, eq=False)
class Fitted:
    """A fitted model.

    `theta` (k) are the free parameters, `vcov` (k x k) their covariance matrix (None where there
    is none), `implied` the moments by block. `faults` are codes of what is wrong with the
    solution: `variance` (with the row's name) and `covariance` (with the level) are improper,
    `marker` (with the loading's name) gives its latent no scale to speak of, and `given` (with a
    variable's name) is explained on one level and taken as given on the other.
    """

    table: Table
    structure: Structure
    sample: Sample
    theta: Floats
    vcov: Floats | None
    implied: tuple[Implied, ...]
    fit: indices.Fit
    unrestricted: Reference
    converged: bool
    faults: tuple[tuple[str, str], ...]
    gradient: float
    information: Floats
    estimator: str = "ML"

    @property
    def estimates(self) -> list[float]:
        """Return the value of every row of the table."""
        return [float(self.theta[r.index]) if r.free else r.value for r in self.table.rows]

    @property
    def errors(self) -> list[float]:
        """Return the standard error of every row: 0 if it is fixed, NaN if there is none."""
        if self.vcov is None:
            return [np.nan if r.free else 0.0 for r in self.table.rows]
        se = np.sqrt(np.maximum(np.diag(self.vcov), 0.0))
        return [float(se[r.index]) if r.free else 0.0 for r in self.table.rows]


def fit(table: Table, sample: Sample, estimator: str = "ML") -> Fitted:
    """Fit a model by maximum likelihood; `MLM` and `MLR` need a sample with units.

    Raises `ModelError` if the model asks more than the data can tell. A search that does not come
    to rest is returned with `converged` false and no errors or fit: those figures would be lies.
    """
    if estimator not in ESTIMATORS:
        raise ModelError("The estimator {name!r} is not known; use ML, MLR or MLM.", name=estimator)
    unrestricted = reference(saturated(table), sample)
    table = given_values(table, unrestricted)
    rules = constraints(table)
    shape = structure(table)
    objective = Objective(shape, sample.cells, rules)
    bound = 0 if rules is None else int(np.linalg.matrix_rank(rules(starts(table, sample))[1]))
    npar = shape.k - bound
    df = unrestricted.free - sum(row.given for row in table.rows) - npar
    if df < 0:
        raise ModelError(
            "The model is not identified: it has {npar} free parameters and the data only "
            "{moments} moments. Fix some of them, or ask for less.",
            npar=npar,
            moments=npar + df,
        )
    best = _search(table, sample, objective)
    expected = objective.expected(best.theta) if np.isfinite(best.value) else np.zeros((0, 0))
    if len(expected):
        identified(table, objective, best.theta, expected)
    _inside(table, best.theta)
    return _judged(table, sample, objective, best, expected, unrestricted, npar, df, estimator)


def _search(table: Table, sample: Sample, objective: Objective) -> Best:
    """Return the best end of a few searches; the first that comes to rest is taken."""
    found: Best | None = None
    for share in (1.0, 0.5, 1.5):
        start = starts(table, sample, share)
        if not np.isfinite(objective.value(start)):
            continue
        best = minimise(objective, start, None if found is None else AGAIN)
        if best.converged:
            return best
        found = best if found is None or best.value < found.value else found
    if found is None:
        raise ModelError(
            "The model's covariance matrix is not positive definite at the starting values; give "
            "other ones with start()."
        )
    return found


def _inside(table: Table, theta: Floats) -> None:
    values = labels(table).values(theta)
    for left, sign, right in inequalities(table):
        gap = (left.value(dict(values)) - right.value(dict(values))).real
        if (gap if sign == ">" else -gap) < 0:
            raise ModelError(
                "The estimates break {left} {sign} {right}; estimates on the edge of such a "
                "constraint are not offered. Take it out, or fix the parameter.",
                left=left.text,
                sign=sign,
                right=right.text,
            )


def _judged(
    table: Table,
    sample: Sample,
    objective: Objective,
    best: Best,
    expected: Floats,
    unrestricted: Reference,
    npar: int,
    df: int,
    estimator: str,
) -> Fitted:
    implied = tuple(objective.structure.implied(best.theta))
    sharp = not (sample.exact and estimator in ("ML", "MLM"))
    information = expected / 2
    if sharp and best.converged and len(best.theta):
        information = observed(objective, best.theta, expected)
    bread = vcov(information, objective, best.theta) if best.converged else None
    errors = bread
    if bread is not None and estimator != "ML":
        filling = meat(sample, objective.structure, best.theta, centred=estimator == "MLM")
        errors = sandwich(bread, filling)
    converged = best.converged and bread is not None
    found = Fitted(
        table,
        objective.structure,
        sample,
        best.theta,
        errors,
        implied,
        _measured(table, sample, best, unrestricted, implied, npar, df, converged),
        unrestricted,
        converged,
        faults(table, objective.structure, implied, best.theta),
        float(np.abs(best.gradient).max()) if len(best.gradient) else 0.0,
        information,
        estimator,
    )
    if estimator != "ML" and converged:
        assert bread is not None
        return replace(found, fit=_scaled(found, bread, filling))
    return found


def _measured(
    table: Table,
    sample: Sample,
    best: Best,
    unrestricted: Reference,
    implied: tuple[Implied, ...],
    npar: int,
    df: int,
    converged: bool,
) -> indices.Fit:
    nan = float("nan")
    if not converged:
        return indices.Fit(npar, nan, df, *(nan,) * 12)
    wide = unrestricted.deviance
    wide = unrestricted.wider if best.value < wide - 1e-6 else wide
    chisq = max(best.value - wide, 0.0) if df else 0.0
    chisq = chisq if unrestricted.converged else nan
    base = reference(independent(table), sample)
    base_chisq = base.deviance - unrestricted.deviance if base.converged else nan
    base_df = unrestricted.free - base.free
    left = indices.residuals(table, unrestricted, list(implied), sample.sizes)
    deviance = best.value + sample.constant - sample.given_constant
    return indices.Fit(
        npar,
        chisq,
        df,
        indices.tail(chisq, df),
        indices.cfi(chisq, df, base_chisq, base_df),
        indices.tli(chisq, df, base_chisq, base_df),
        *indices.rmsea(chisq, df, sample.n, table.groups),
        *left,
        loglik=-deviance / 2,
        aic=deviance + 2 * npar,
        bic=deviance + npar * float(np.log(sample.n)),
        baseline_chisq=base_chisq,
        baseline_df=base_df,
    )


def _scaled(found: Fitted, bread: Floats, filling: Floats) -> indices.Fit:
    """Return the fit with the robust test beside the normal one."""
    fit, sample = found.fit, found.sample
    if not fit.df:
        return fit
    wide = structure(found.unrestricted.table)
    theta = _at_model(found, wide) if found.estimator == "MLM" else found.unrestricted.theta
    whole = Objective(wide, sample.cells)
    curved = whole.expected(theta)
    information = curved / 2
    if not sample.exact:
        information = observed(whole, theta, curved)
    all_filling = meat(sample, wide, theta, centred=found.estimator == "MLM")
    if found.estimator == "MLR":
        open_ = _not_given(found)
        information, all_filling = information[open_], all_filling[open_]
    all_bread = np.asarray(np.linalg.pinv(information, rcond=1e-12, hermitian=True))
    more = trace(all_bread, all_filling) - trace(bread, filling)
    scaling = more / fit.df
    chisq = fit.chisq / scaling
    return replace(
        fit, chisq_scaled=chisq, pvalue_scaled=indices.tail(chisq, fit.df), scaling=scaling
    )


def _not_given(found: Fitted) -> tuple[Ints, ...]:
    """Return the index of unrestricted parameters that are not moments of given variables."""
    given = {(r.group, r.level, r.lhs, r.op, r.rhs) for r in found.table.rows if r.given}
    given |= {(g, v, rhs, op, lhs) for g, v, lhs, op, rhs in given}
    rows = [r for r in found.unrestricted.table.rows if r.free]
    keep = [r.index for r in rows if (r.group, r.level, r.lhs, r.op, r.rhs) not in given]
    return np.ix_(np.array(keep, dtype=np.intp), np.array(keep, dtype=np.intp))


def _at_model(found: Fitted, wide: Structure) -> Floats:
    """Return the unrestricted parameters that say what the model implies."""
    table = found.unrestricted.table
    theta = np.zeros(len(table.free))
    for row in table.rows:
        if row.free:
            number = (row.group - 1) * table.levels + row.level - 1
            names = wide.blocks[number].names
            at, i = found.implied[number], names.index(row.lhs)
            theta[row.index] = at.mu[i] if row.op == "~1" else at.sigma[i, names.index(row.rhs)]
    return theta
