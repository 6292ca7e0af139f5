"""The model without varying effects: where the search starts, and whether it can start at all."""

import numpy as np
from scipy.special import ndtri

from anello.model.errors import ModelError

from ..moments import Floats
from .climb import Summit, climb
from .problem import Height, Problem

FLAT = 1e-7


def plain(problem: Problem, psi: Floats) -> Height:
    """Return the log-likelihood and gradient without varying effects."""
    a, b = problem.predictors(psi)
    s = problem.family.slopes(problem.counts, a, b)
    value = float(s.value.sum())
    if not np.isfinite(value):
        return Height(-np.inf, np.zeros(len(psi)))
    slope = problem.upper.T @ s.a
    if problem.lower is not None and s.b is not None:
        slope = slope + problem.lower.T @ s.b
    return Height(value, slope)


def rough(problem: Problem, shares: Floats | None) -> Floats:
    """Return first values: the thresholds of the answers' `shares`, or one level for all cells."""
    found = np.zeros(problem.fixed)
    if shares is not None:
        below = np.cumsum(shares)[:-1]
        logit = problem.family.link == "logit"
        found[: len(below)] = np.log(below / (1 - below)) if logit else ndtri(below)
        return found
    rate = problem.counts.yes.sum() / problem.counts.total.sum()
    if problem.family.link == "log":
        level = np.log(rate) - float(np.average(problem.above, weights=problem.counts.total))
    else:
        level = np.log(rate / (1 - rate)) if problem.family.link == "logit" else ndtri(rate)
    target = np.full(len(problem.above), level)
    return np.asarray(np.linalg.lstsq(problem.upper, target, rcond=None)[0])


def started(problem: Problem, shares: Floats | None, names: tuple[str, ...]) -> Summit:
    """Fit the model without varying effects.

    Raises `ModelError` where the outcome is perfectly predicted, so that an effect has no finite
    estimate (Albert & Anderson, 1984, Biometrika 71, 1-10).
    """
    found = climb(lambda psi: plain(problem, psi), rough(problem, shares))
    h = found.curvature / max(float(problem.counts.total.sum()), 1.0)
    if problem.fixed and (not np.isfinite(h).all() or np.linalg.eigvalsh(h)[0] < FLAT):
        _refuse(found.psi, names)
    return found


def _refuse(psi: Floats, names: tuple[str, ...]) -> None:
    """Name the term that ran away: the columns of the search are equally long."""
    far = np.abs(psi[len(psi) - len(names) :])
    others = [i for i, name in enumerate(names) if name != "(Intercept)" and far[i] > 1]
    name = names[max(others, key=lambda i: float(far[i]))] if others else "(Intercept)"
    raise ModelError(
        "The outcome is predicted perfectly at one end of {term!r}, so its effect has no finite "
        "estimate. Take the term out, merge its levels, or gather more answers.",
        term=name,
    )
