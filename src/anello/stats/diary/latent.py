"""Inside a person and between persons with a latent person mean: two-level path model.

Observed person means of few prompts are part luck; the model splits each variable into a latent
usual level and what departs from it, so that a between slope is not pulled towards the inside slope
(Luedtke et al., 2008, Psychol. Methods 13(3), 203-229). Slopes are the same for everybody; errors
are those of maximum likelihood, and z counts on many persons.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from anello.model.errors import ModelError

from ..moments import Floats
from ..sem.defined import defined
from ..sem.fit import Fitted, fit
from ..sem.language.rows import Wish
from ..sem.language.syntax import parse
from ..sem.language.table import table
from ..sem.likelihood.two_level import ClusterSums, two_level
from .rows import Codes, means
from .sums import Effect

Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Latent:
    """The slopes on both levels: z tests, so every `df` is infinite.

    `within`, `between` and `difference` stand in the order of the terms. `residual` are the
    variances of the outcome left within and between.
    """

    within: tuple[Effect, ...]
    between: tuple[Effect, ...]
    difference: tuple[Effect, ...]
    residual: tuple[float, float]
    loglik: float
    n: int
    persons: int
    converged: bool


def latent(person: Codes, y: Floats, x: Floats, names: tuple[str, ...]) -> Latent:
    """Fit y on x (n x m) on both levels; raises `ModelError` when the data cannot carry it.

    An improper solution (a between variance below zero) is told by `converged` False.
    """
    keys = ("y", *(f"x{i}" for i in range(len(names))))
    values = np.column_stack([y, x])
    usual = means(person, values)
    inside = values - usual[person]
    sizes = np.bincount(person).astype(np.float64)
    if len(sizes) < 2:
        raise ModelError("There is a single person; differences between people need at least two.")
    gathered = ClusterSums(keys, (), sizes, usual, np.zeros((len(sizes), 0)), inside.T @ inside)
    found = table(parse(_syntax(len(names))), Wish("sem", 1, 2, (), None, True))
    fitted = fit(found, two_level(found, (gathered,)), "ML")
    rows = _rows(fitted)
    gaps = {d.name: (d.estimate, d.se) for d in defined(fitted)}
    count = range(len(names))
    return Latent(
        within=tuple(_effect(names[i], *rows["y", "~", f"x{i}", 1]) for i in count),
        between=tuple(_effect(names[i], *rows["y", "~", f"x{i}", 2]) for i in count),
        difference=tuple(_effect(names[i], *gaps[f"d{i}"]) for i in count),
        residual=(rows["y", "~~", "y", 1][0], rows["y", "~~", "y", 2][0]),
        loglik=fitted.fit.loglik,
        n=len(y),
        persons=len(sizes),
        converged=fitted.converged and not fitted.faults,
    )


def _syntax(m: int) -> str:
    """Return the model in the language of structural equations.

    >>> print(_syntax(1))
    level: 1
    y ~ w0*x0
    level: 2
    y ~ b0*x0
    d0 := b0 - w0
    """
    first = " + ".join(f"w{i}*x{i}" for i in range(m))
    second = " + ".join(f"b{i}*x{i}" for i in range(m))
    gaps = [f"d{i} := b{i} - w{i}" for i in range(m)]
    return "\n".join(["level: 1", f"y ~ {first}", "level: 2", f"y ~ {second}", *gaps])


def _rows(fitted: Fitted) -> dict[tuple[str, str, str, int], tuple[float, float]]:
    zipped = zip(fitted.table.rows, fitted.estimates, fitted.errors, strict=True)
    return {(r.lhs, r.op, r.rhs, r.level): (float(e), float(s)) for r, e, s in zipped}


def _effect(term: str, estimate: float, se: float) -> Effect:
    p = 2 * NormalDist().cdf(-abs(estimate / se)) if se > 0 else float("nan")
    return Effect(term, estimate, se, float("inf"), p, estimate - Z * se, estimate + Z * se)
