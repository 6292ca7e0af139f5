"""The best theta with several groups: EM steps from afar, then Newton on the analytic gradient.

As `lmm_optimise`, whose reasoning on the boundary holds for every block: the deviance is an even
function of every column of Lambda, so theta needs no bounds.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...moments import Floats
from ..lmm_likelihood import Sums
from ..lmm_optimise import CONVERGED, EM_STEPS, START, WORTH_IT, ZERO, Best, canonical
from .likelihood import Here, Likelihood
from .problem import Problem

Mask = NDArray[np.bool_]
MOST_STEPS = 100
NEAR = 1e-10


@dataclass(frozen=True, eq=False)
class Found:
    """The optimum: everything known `here`, and `best` as for one group."""

    here: Here
    best: Best


def optimise(likelihood: Likelihood) -> Found:
    """Return the minimum of the profiled deviance."""
    problem = likelihood.problem
    diagonal = np.array([i == j for _, i, j in problem.places])
    here = likelihood.at(np.where(diagonal, START, 0.0))
    for _ in range(EM_STEPS):
        there = likelihood.at(_expected(problem, here))
        fall = here.point.deviance - there.point.deviance
        here = there if fall > 0 else here
        if fall < WORTH_IT:
            break
    here, steps = _descend(likelihood.at, here)
    here = _boundary(likelihood, here, diagonal)
    here, h = _polished(likelihood.at, here)
    here = likelihood.at(_zeroed(here.point.theta, diagonal))
    promised = float(-here.point.gradient @ newton(h, here.point.gradient))
    singular = bool((np.abs(here.point.theta[diagonal]) < ZERO).any())
    return Found(here, Best(here.point, h, promised, steps, promised < CONVERGED, singular))


def _expected(problem: Problem, here: Here) -> Floats:
    """Return theta after one EM step, as `lmm_likelihood.expected` for each block."""
    at = np.append(-here.point.beta, 1.0)
    found = np.zeros(len(problem.places))
    for k, block in enumerate(problem.blocks):
        u = np.tensordot(here.w[k], at, (1, 0))
        s = (u @ u.T * problem.freedom / here.point.rss + here.traces[k]) / block.count
        g = here.factors[k] @ s @ here.factors[k].T
        mine = [(c, i, j) for c, (b, i, j) in enumerate(problem.places) if b == k]
        within = np.zeros_like(g)
        for _, i, j in mine:
            within[i, j] = within[j, i] = 1
        low = np.linalg.cholesky(g * within)
        for c, i, j in mine:
            found[c] = low[i, j]
    return found


def _descend(at: Callable[[Floats], Here], here: Here) -> tuple[Here, int]:
    for count in range(MOST_STEPS):
        h = differences(at, here, central=False)
        step = newton(h, here.point.gradient)
        promised = float(-here.point.gradient @ step)
        there = _search(at, here, step) if promised > NEAR else None
        if there is None:
            there = _downhill(at, here, differences(at, here))
            if there is None:
                return here, count
        here = there
    return here, MOST_STEPS


def _polished(at: Callable[[Floats], Here], here: Here) -> tuple[Here, Floats]:
    """Take Newton steps as long as the gradient shrinks."""
    h = differences(at, here)
    for _ in range(4):
        there = at(here.point.theta + newton(h, here.point.gradient))
        shrunk = np.abs(there.point.gradient).max() < 0.5 * np.abs(here.point.gradient).max()
        if not shrunk or np.abs(here.point.gradient).max() < 1e-11:
            break
        here = there
    return here, h


def newton(h: Floats, gradient: Floats) -> Floats:
    """Return Newton's step, downhill even where the surface curves down."""
    values, vectors = np.linalg.eigh(h)
    floor = 1e-9 * max(float(np.abs(values).max()), 1.0)
    step: Floats = -vectors @ ((vectors.T @ gradient) / np.maximum(np.abs(values), floor))
    return step


def _search(at: Callable[[Floats], Here], here: Here, step: Floats) -> Here | None:
    """Return a point lower than `here` along `step`, or None."""
    promised = float(here.point.gradient @ step)
    noise = 1e-13 * abs(here.point.deviance)
    longest = max(1.0, float(np.abs(here.point.theta).max()))
    length = min(1.0, longest / float(np.abs(step).max()))
    for _ in range(20):
        there = at(here.point.theta + length * step)
        if there.point.deviance <= here.point.deviance + 1e-4 * length * promised + noise:
            return there
        length /= 3
    return None


def _downhill(at: Callable[[Floats], Here], here: Here, h: Floats) -> Here | None:
    """Leave a saddle: step where the surface curves down."""
    values, vectors = np.linalg.eigh(h)
    if values[0] > -1e-6 * max(float(values[-1]), 1.0):
        return None
    for length in (0.3, 0.1, 0.03, 0.01):
        there = at(here.point.theta + length * vectors[:, 0])
        if there.point.deviance < here.point.deviance - 1e-9 * abs(here.point.deviance):
            return there
    return None


def differences(at: Callable[[Floats], Here], here: Here, central: bool = True) -> Floats:
    """Return the Hessian of the profiled deviance by differences of its analytic gradient."""
    size, theta = 1e-4 if central else 1e-5, here.point.theta
    rows = []
    for i in range(len(theta)):
        move = np.zeros(len(theta))
        move[i] = size * min(max(abs(theta[i]), 0.1), 3.0)
        above = at(theta + move).point.gradient
        below = at(theta - move).point.gradient if central else here.point.gradient
        rows.append((above - below) / ((1 + central) * move[i]))
    h: Floats = np.array(rows)
    return np.asarray((h + h.T) / 2)


def _boundary(likelihood: Likelihood, here: Here, diagonal: Mask) -> Here:
    """Give Lambda a positive diagonal; put what is zero but for rounding on zero, if that fits."""
    theta = _turned(likelihood.problem, here.point.theta)
    small = diagonal & (np.abs(theta) < 1e-3)
    there = likelihood.at(np.where(small, 0.0, theta))
    slack = 1e-12 * max(abs(here.point.deviance), 1e4)
    if there.point.deviance <= here.point.deviance + slack:
        return there
    return likelihood.at(theta)


def _zeroed(theta: Floats, diagonal: Mask) -> Floats:
    return np.where(diagonal & (np.abs(theta) < ZERO), 0.0, theta)


def _turned(problem: Problem, theta: Floats) -> Floats:
    """Return `canonical` theta, all blocks stacked into one Lambda."""
    starts = np.concatenate([[0], np.cumsum([b.width for b in problem.blocks])])
    rows = tuple(int(starts[k]) + i for k, i, _ in problem.places)
    columns = tuple(int(starts[k]) + j for k, _, j in problem.places)
    q = int(starts[-1])
    stacked = Sums(np.zeros((q, q, 0)), np.zeros((q, 0, 0)), problem.xx, 0, rows, columns, False)
    return canonical(stacked, theta)
