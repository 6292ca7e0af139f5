"""A structural equation model fitted to a sample: estimates, errors, fit, and what is wrong."""

from dataclasses import dataclass, replace

import numpy as np

from anello.model.errors import ModelError

from . import indices
from .faults import faults
from .incomplete import completed
from .inference import identified, observed, vcov
from .language.rules import constraints, inequalities, labels
from .language.table import Table
from .likelihood.matrices import Floats, Implied, Structure, structure
from .likelihood.optimise import Best, Objective, minimise
from .likelihood.references import Reference, given_values, independent, reference, saturated
from .likelihood.sample import Sample
from .likelihood.starts import starts
from .measures import Point, Test, measured, scaled
from .robust import meat, sandwich, trace

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
    base = reference(independent(table), sample) if converged else None
    found = Fitted(
        table,
        objective.structure,
        sample,
        best.theta,
        errors,
        implied,
        measured(table, sample, best, unrestricted, base, implied, npar, df),
        unrestricted,
        converged,
        faults(table, objective.structure, implied, best.theta),
        float(np.abs(best.gradient).max()) if len(best.gradient) else 0.0,
        information,
        estimator,
    )
    if estimator != "ML" and converged:
        assert bread is not None
        model = Point(objective.structure, best.theta, implied)
        test = Test(table, sample, unrestricted, estimator)
        found = replace(found, fit=scaled(test, found.fit, base, model, trace(bread, filling)))
    if base is not None and base.converged and table.levels == 1 and not sample.exact:
        more = completed(table, sample, unrestricted, base, best.theta, found.fit)
        found = replace(found, fit=more)
    return found
