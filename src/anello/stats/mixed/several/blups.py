"""Predicted varying effects, shrunk towards zero, with their conditional standard deviations.

As lme4's `ranef(condVar = TRUE)`: b = Lambda u, and Var(b | y) = sigma^2 Lambda (M^-1)_jj Lambda',
which takes the fixed effects and the variances as known.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...moments import Floats
from .fit import Fitted, in_order
from .likelihood import Likelihood, Matrix, Parts


@dataclass(frozen=True, eq=False)
class Blups:
    """The effects of one term: `values` and `sd` are J x q, for the J levels of `group`.

    `levels` holds one array for each grouping column `by`, in the order of the rows.
    """

    group: str
    by: tuple[str, ...]
    levels: tuple[NDArray[np.generic], ...]
    names: tuple[str, ...]
    values: Floats
    sd: Floats


def blups(fitted: Fitted) -> tuple[Blups, ...]:
    """Return the predicted effects of every term, in lme4's order of terms."""
    effects = [_effects(fitted, k) for k in range(len(fitted.problem.blocks))]
    where = {b.factor: k for k, b in enumerate(fitted.problem.blocks)}
    found = []
    for i, name in in_order(fitted):
        term = fitted.layout.terms[i]
        factor = next(k for k in where if i in fitted.layout.terms_of(k))
        start = 0
        for other in fitted.layout.terms_of(factor):
            if other == i:
                break
            start += len(fitted.layout.terms[other].columns)
        part = slice(start, start + len(term.columns))
        values, variance = effects[where[factor]]
        gathered = fitted.gathered.factors[factor]
        sd = np.sqrt(np.maximum(np.einsum("iij->ij", variance)[part], 0.0))
        names = tuple(column.name for column in term.columns)
        found.append(Blups(name, gathered.by, gathered.levels, names, values[part].T, sd.T))
    return tuple(found)


def _effects(fitted: Fitted, k: int) -> tuple[Floats, Floats]:
    """Return b (q x J) and its conditional covariances (q x q x J) of one block."""
    here, block = fitted.found.here, fitted.problem.blocks[k]
    at = np.append(-here.point.beta, 1.0)
    low = block.back @ fitted.problem.factors(here.point.theta)[k]
    b = low @ np.tensordot(here.w[k], at, (1, 0))
    inverse = _diagonal(fitted.likelihood, here.parts, k)
    variance = fitted.fine * np.einsum("ac,cdj,bd->abj", low, inverse, low, optimize=True)
    return b, variance


def _diagonal(likelihood: Likelihood, parts: Parts, k: int) -> Floats:
    """Return the diagonal blocks of M^-1 for each level of a block."""
    core = likelihood.problem.core
    if k > 0:
        return np.asarray(core.diagonal(parts.s_inverse, k - 1))
    found = parts.d_inverse.copy()
    for rows, columns, inverse in _components(likelihood, parts):
        a = [_dense(m, rows, columns) for m in parts.a]
        for i, one in enumerate(a):
            carried = one @ inverse
            for j, other in enumerate(a):
                found[i, j, rows] += (carried * other).sum(axis=1)
    return found


def _components(
    likelihood: Likelihood, parts: Parts
) -> Iterator[tuple[NDArray[np.int64], slice, Floats]]:
    """Yield, for each component of the core, the levels of the first factor that meet it."""
    core, first = likelihood.problem.core, likelihood.problem.blocks[0]
    order = np.argsort(first.component, kind="stable")
    labels = first.component[order]
    label = np.zeros(core.rows, dtype=np.int64)
    for node, block in zip(core.node, likelihood.problem.blocks[1:], strict=True):
        label[node] = block.component
    for batch in core.batches:
        view = core.view(parts.s_inverse, batch)
        for one in range(batch.many):
            start = batch.row + one * batch.size
            begin, end = np.searchsorted(labels, [label[start], label[start] + 1])
            yield order[begin:end], slice(start, start + batch.size), view[one]


def _dense(matrix: Matrix, rows: NDArray[np.int64], columns: slice) -> Floats:
    if isinstance(matrix, np.ndarray):
        return matrix[rows, columns]
    return np.asarray(matrix[rows][:, columns].toarray())
