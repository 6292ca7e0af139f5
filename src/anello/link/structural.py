"""A structural model at its maximum, with as much beside it as the units can bear.

The figures of fit need the unrestricted model, which few units cannot carry: then they are left
out, and the estimates stand alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anello.model.errors import ModelError
from anello.model.loop import FitIndices
from anello.stats.sem.faults import faults
from anello.stats.sem.indices import Fit
from anello.stats.sem.inference import observed, vcov
from anello.stats.sem.language.rules import constraints
from anello.stats.sem.language.table import Table
from anello.stats.sem.likelihood.matrices import Implied, structure
from anello.stats.sem.likelihood.optimise import Objective, minimise
from anello.stats.sem.likelihood.references import independent, reference, saturated
from anello.stats.sem.likelihood.sample import Sample
from anello.stats.sem.likelihood.starts import starts
from anello.stats.sem.measures import measured
from anello.stats.sem.robust import meat, sandwich

Array = NDArray[np.float64]

MOST_STEPS = 80


@dataclass(frozen=True)
class Solved:
    """The end of a search: estimates, their covariance (None: there is none), what is wrong."""

    theta: Array
    vcov: Array | None
    implied: tuple[Implied, ...]
    faults: tuple[tuple[str, str], ...]
    fit: Fit | None

    def of(self, found: Table, label: str) -> int:
        """Return which parameter bears a label."""
        return next(r.index for r in found.rows if r.free and r.label == label)


def solved(found: Table, sample: Sample, *, compare: bool, robust: bool = False) -> Solved:
    """Return the maximum; only if asked, the models that it is compared with are fitted too.

    `robust` takes the sandwich over the sample's units for the covariance of the estimates.
    Raises `ModelError` where no search can begin.
    """
    shape, rules = structure(found), constraints(found)
    objective = Objective(shape, sample.cells, rules)
    begin = next((s for s in _begins(found, sample) if np.isfinite(objective.value(s))), None)
    if begin is None:
        raise ModelError("No starting values were found for this model.")
    try:
        best = minimise(objective, begin, MOST_STEPS)
    except np.linalg.LinAlgError:
        return Solved(begin, None, tuple(shape.implied(begin)), (), None)
    implied = tuple(shape.implied(best.theta))
    wrong = faults(found, shape, implied, best.theta)
    errors = None
    if best.converged:
        sharp = observed(objective, best.theta, objective.expected(best.theta))
        errors = vcov(sharp, objective, best.theta)
    if robust and errors is not None:
        errors = sandwich(errors, meat(sample, shape, best.theta))
    if not compare or errors is None:
        return Solved(best.theta, errors, implied, wrong, None)
    wide, alone = (reference(model(found), sample) for model in (saturated, independent))
    df = wide.free - _free(objective, best.theta)
    measures = measured(found, sample, best, wide, alone, implied, wide.free - df, df)
    return Solved(best.theta, errors, implied, wrong, measures)


def _begins(found: Table, sample: Sample) -> Iterator[Array]:
    return (starts(found, sample, share) for share in (1.0, 0.5, 1.5))


def _free(objective: Objective, theta: Array) -> int:
    """Return the number of free parameters; equal ones count once."""
    return len(theta) - int(np.linalg.matrix_rank(objective.bound(theta)[1]))


def indices(fit: Fit) -> FitIndices:
    """Return the indices of a fit as the model's noun; what is NaN does not exist."""
    names = ["pvalue", "cfi", "tli", "rmsea", "rmsea_low", "rmsea_high", "srmr"]
    names += ["srmr_within", "srmr_between"]
    values = {name: _known(getattr(fit, name)) for name in names}
    return FitIndices(chisq=_known(fit.chisq), df=fit.df, **values)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
