"""Robust fit with missing values: what CFI, TLI and RMSEA would be had all rows been complete.

Zhang & Savalei (2023, Psychol. Methods 28(2)), FIML-C. With W the observed information about the
unrestricted moments, W_c what complete rows would have had, D the derivatives of the model's
moments and U = W - W D (D' W D)^-1 D' W, the test of the completed moments is divided by
tr(W_c W^-1 U W^-1) / df, or with robust errors by tr(U W^-1 W_c W^-1 U W^-1 J W^-1) / df, J being
the sum of s s' over rows.
"""

from dataclasses import dataclass, replace

import numpy as np

from . import indices
from .inference import observed
from .language.rules import constraints
from .language.table import Table
from .likelihood.cells import Cells, Part
from .likelihood.matrices import Floats, Ints, Structure, null_space, structure
from .likelihood.optimise import Objective
from .likelihood.references import Reference
from .likelihood.sample import Sample
from .robust import meat


@dataclass(frozen=True, eq=False)
class _Known:
    """What is known about the unrestricted moments that are not given: W, W_c and perhaps J."""

    places: Ints
    inverse: Floats
    whole: Floats
    complete: Floats
    filling: Floats | None


def completed(
    table: Table,
    sample: Sample,
    unrestricted: Reference,
    base: Reference,
    theta: Floats,
    fit: indices.Fit,
) -> indices.Fit:
    """Return the fit of a one-level model with missing values, with its robust indices."""
    cells = _complete(sample, unrestricted)
    known = _known(table, sample, unrestricted, cells)
    if known is None or not fit.df or not fit.baseline_df:
        return fit
    full = Objective(structure(unrestricted.table), cells).value(unrestricted.theta)
    chisq, scaling = _test(known, cells, structure(table), theta, table, fit.df)
    empty = structure(base.table)
    base_chisq, base_scaling = _test(known, cells, empty, base.theta, base.table, fit.baseline_df)
    chisq, base_chisq = max(chisq - full, 0.0), base_chisq - full
    both = chisq, fit.df * scaling, base_chisq, fit.baseline_df * base_scaling
    robust = indices.rmsea(chisq / scaling, fit.df, sample.n, table.groups, scaling)
    return replace(
        fit,
        cfi_robust=indices.cfi(*both),
        tli_robust=indices.robust_tli(*both, fit.baseline_df / fit.df),
        rmsea_robust=robust[0],
        rmsea_low_robust=robust[1],
        rmsea_high_robust=robust[2],
    )


def _complete(sample: Sample, unrestricted: Reference) -> tuple[Cells, ...]:
    """Return complete groups that have the unrestricted moments."""
    found = []
    for number, (size, rough) in enumerate(zip(sample.sizes, unrestricted.moments, strict=True)):
        part = Part(number, np.arange(len(rough.names)), np.ones(1))
        found.append(Cells(np.array([float(size)]), rough.mean[None], rough.cov[None], (part,)))
    return tuple(found)


def _known(
    table: Table, sample: Sample, unrestricted: Reference, cells: tuple[Cells, ...]
) -> _Known | None:
    shape, theta = structure(unrestricted.table), unrestricted.theta
    places = open_moments(table, unrestricted)
    whole = Objective(shape, sample.cells)
    inner = np.ix_(places, places)
    information = observed(whole, theta, whole.expected(theta))[inner]
    complete = Objective(shape, cells).expected(theta)[inner] / 2
    filling = meat(sample, shape, theta)[inner] if sample.units else None
    try:
        inverse = np.asarray(np.linalg.inv(information), dtype=np.float64)
        return _Known(places, inverse, information, complete, filling)
    except np.linalg.LinAlgError:
        return None


def open_moments(table: Table, reference: Reference) -> Ints:
    """Return which parameters of a reference are not moments of given variables."""
    given = {(r.group, r.level, r.lhs, r.op, r.rhs) for r in table.rows if r.given}
    given |= {(g, v, rhs, op, lhs) for g, v, lhs, op, rhs in given}
    rows = [r for r in reference.table.rows if r.free]
    keep = [r.index for r in rows if (r.group, r.level, r.lhs, r.op, r.rhs) not in given]
    return np.array(keep, dtype=np.intp)


def _test(
    known: _Known, cells: tuple[Cells, ...], shape: Structure, theta: Floats, table: Table, df: int
) -> tuple[float, float]:
    """Return the deviance of the complete moments, and by what its test is scaled."""
    slopes = _moment_slopes(shape, theta, table)[known.places]
    rules = constraints(table)
    if rules is not None:
        slopes = slopes @ null_space(rules(theta)[1])
    w, inverse = known.whole, known.inverse
    inner = np.linalg.pinv(slopes.T @ w @ slopes, rcond=1e-12, hermitian=True)
    u = w - w @ slopes @ inner @ slopes.T @ w
    middle = inverse @ known.complete @ inverse
    if known.filling is None:
        told = float(np.trace(middle @ u))
    else:
        gamma = inverse @ known.filling @ inverse
        told = float(np.trace(u @ middle @ u @ gamma))
    return Objective(shape, cells).value(theta), told / df


def _moment_slopes(shape: Structure, theta: Floats, table: Table) -> Floats:
    """Return the derivatives of all moments by the parameters, in the order of the unrestricted."""
    at = shape.implied(theta)
    found = []
    for (sigma, mu), block in zip(shape.jacobian(at), shape.blocks, strict=True):
        p = block.observed
        upper = [(i, j) for i in range(p) for j in range(i, p)]
        found += [sigma[:, i, j] for i, j in upper]
        found += list(mu.T)
    return np.array(found)
