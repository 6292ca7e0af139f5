"""Binomial, Poisson and ordinal mixed models from counts: the rows are never seen."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anello.model.errors import ModelError

from ..moments import Floats
from .climb import Summit, climb
from .crossed import Crossed
from .families import FAMILIES, Family
from .problem import Height, Problem
from .quadrature import Quadrature
from .scale import Upright, upright
from .start import started
from .table import Table, check, in_order, posed, shares, weights

ZERO = 1e-4
WILD = 40.0
MANY = {1: 25, 2: 11, 3: 7}


@dataclass(frozen=True, eq=False)
class Fitted:
    """A fitted model.

    `phi` are the thresholds, then the fixed effects, with `vcov` from the observed curvature of
    the whole likelihood. `lambdas` hold one q x q factor per grouping factor: G = Lambda Lambda'.
    `kernel` is the log-likelihood without what only the data say. `modes` and `mode_sds` (units x
    q) are the conditional modes and their standard deviations, given the parameters. `gradient` is
    the largest derivative by a parameter on the scale of the search. `shift` tells by how many
    standard errors, about, a coefficient would move with many nodes (None where that is unknown).
    """

    family: Family
    table: Table
    phi: Floats
    vcov: Floats
    thresholds: int
    lambdas: tuple[Floats, ...]
    parameters: int
    kernel: float
    shift: float | None
    modes: tuple[Floats, ...]
    mode_sds: tuple[Floats, ...]
    converged: bool
    singular: bool
    gradient: float


def fit(table: Table, family: str, link: str, nodes: int = 1) -> Fitted:
    """Fit a mixed model to a table of counts by maximum likelihood.

    `nodes` is the number of quadrature points per varying effect; 1 is Laplace's method, the only
    one with several grouping factors. The effects are conditional: they compare answers in one and
    the same group. Raises `ModelError` where no finite maximum exists.
    """
    check(table, family, nodes)
    table = in_order(table)
    scaled = upright(table.x, table.names, weights(table), centred=family == "ordinal")
    problem, lengths = posed(table, scaled, FAMILIES[family, link])
    start = started(problem, shares(table), table.names)
    theta = [0.5 * (f.rows == f.columns) for f in problem.factors]
    engine = _engine(problem, nodes)
    summit = climb(engine.height, np.concatenate([start.psi, *theta]))
    summit, active = _at_zero(engine, problem, summit)
    return _fitted(_Search(problem, engine, summit, active), table, scaled, lengths)


@dataclass(frozen=True, eq=False)
class _Search:
    """What was searched, with what, where it ended, and which parameters (bool) were free."""

    problem: Problem
    engine: Quadrature | Crossed
    summit: Summit
    active: npt.NDArray[np.bool_]


def _engine(problem: Problem, nodes: int) -> Quadrature | Crossed:
    if len(problem.factors) > 1:
        return Crossed(problem)
    return Quadrature(problem, nodes)


def _at_zero(
    engine: Quadrature | Crossed, problem: Problem, summit: Summit
) -> tuple[Summit, npt.NDArray[np.bool_]]:
    """Set standard deviations that came to rest near zero to zero, if that costs nothing."""
    near = _near_zero(problem, summit.psi)
    every = np.ones(len(summit.psi), bool)
    if not near.any():
        return summit, every
    psi = np.where(near, 0.0, summit.psi)

    def surface(part: Floats) -> Height:
        full = psi.copy()
        full[~near] = part
        height = engine.height(full)
        return Height(height.value, height.gradient[~near])

    again = climb(surface, psi[~near])
    if not (again.converged and again.value >= summit.value - 1e-7):
        return summit, every
    full = psi.copy()
    full[~near] = again.psi
    found = Summit(
        full, again.value, again.gradient, again.curvature, again.decrement, again.converged
    )
    return found, ~near


def _near_zero(problem: Problem, psi: Floats) -> npt.NDArray[np.bool_]:
    """Tell which entries of psi belong to a column of a Lambda that is nearly zero."""
    found = np.zeros(len(psi), bool)
    start = problem.fixed
    for factor in problem.factors:
        end = start + len(factor.rows)
        small = np.abs(psi[start:end]) < ZERO
        for column in range(factor.width):
            mine = factor.columns == column
            found[start:end] |= mine & bool(small[mine].all())
        start = end
    return found


def _fitted(search: _Search, table: Table, scaled: Upright, lengths: list[Floats]) -> Fitted:
    problem, summit, engine = search.problem, search.summit, search.engine
    phi, roots = problem.split(summit.psi)
    if max(float(np.abs(root).max()) for root in roots) > WILD:
        raise ModelError(
            "The spread between groups grows without end: nearly every group holds one and the "
            "same answer. More answers per group are needed."
        )
    back = _back(problem, scaled)
    inner = _inverse(summit.curvature)
    fixed = inner[: problem.fixed, : problem.fixed]
    lambdas = [root / size[:, None] for root, size in zip(roots, lengths, strict=True)]
    modes, sds = _modes(engine.spherical(summit.psi), lambdas)
    return Fitted(
        family=problem.family,
        table=table,
        phi=back @ phi,
        vcov=back @ fixed @ back.T,
        thresholds=problem.fixed - len(scaled.middle),
        lambdas=tuple(_positive(root) for root in lambdas),
        parameters=len(summit.psi),
        kernel=summit.value,
        shift=_shift(search, inner),
        modes=modes,
        mode_sds=sds,
        converged=summit.converged,
        singular=any(_singular(root) for root in roots),
        gradient=float(np.abs(summit.gradient).max(initial=0.0)),
    )


def _back(problem: Problem, scaled: Upright) -> Floats:
    """Return the map from the parameters of the search to thresholds and fixed effects."""
    tops = problem.fixed - len(scaled.middle)
    found = np.eye(problem.fixed)
    found[tops:, tops:] = scaled.back
    found[:tops, tops:] = scaled.middle @ scaled.back
    return found


def _inverse(h: Floats) -> Floats:
    """Return the inverse of the curvature, leaving out directions in which nothing changes."""
    values, vectors = np.linalg.eigh(h)
    kept = values > 1e-8 * max(float(values.max(initial=0.0)), 1e-12)
    return np.asarray((vectors[:, kept] / values[kept]) @ vectors[:, kept].T)


def _positive(root: Floats) -> Floats:
    return np.asarray(root * np.where(np.diag(root) < 0, -1.0, 1.0))


def _singular(root: Floats) -> bool:
    return bool((np.abs(np.diag(root)) < ZERO).any())


def _modes(
    spherical: list[tuple[Floats, Floats]], lambdas: list[Floats]
) -> tuple[tuple[Floats, ...], tuple[Floats, ...]]:
    modes, sds = [], []
    for (u, v), root in zip(spherical, lambdas, strict=True):
        modes.append(u @ root.T)
        sds.append(np.sqrt(np.einsum("qr,jrs,qs->jq", root, v, root)))
    return tuple(modes), tuple(sds)


def _shift(search: _Search, inner: Floats) -> float | None:
    """Return how far one Newton step with many nodes moves a coefficient, in standard errors."""
    problem, count = search.problem, MANY.get(search.problem.factors[0].width)
    if len(problem.factors) > 1 or count is None:
        return None
    slope = Quadrature(problem, count).height(search.summit.psi).gradient[search.active]
    step = (inner @ slope)[: problem.fixed]
    se = np.sqrt(np.diag(inner))[: problem.fixed]
    return float(np.abs(step / np.maximum(se, 1e-300)).max(initial=0.0))
