"""The best theta: Newton steps on the analytic gradient, and what happens at the boundary.

The deviance is an even function of every column of Lambda, so theta needs no bounds: a variance of
zero is a smooth stationary point inside, and only its curvature says whether it is the best.
"""

from dataclasses import dataclass, replace

import numpy as np

from ..moments import Floats
from .lmm_likelihood import Point, Sums, expected, point

START = 0.3
EM_STEPS = 30
WORTH_IT = 2.0
MOST_STEPS = 300
NEAR = 1e-10
CONVERGED = 1e-6
ZERO = 1e-5


@dataclass(frozen=True, eq=False)
class Best:
    """The optimum: its `point`, the Hessian of the deviance by theta, and how it was reached.

    `decrement` is the fall of deviance that one more Newton step would promise; `singular` says
    that the covariance matrix of the varying effects has a direction without variance.
    """

    point: Point
    hessian: Floats
    decrement: float
    steps: int
    converged: bool
    singular: bool


def optimise(sums: Sums) -> Best:
    """Return the minimum of the profiled deviance, starting from Lambda = 0.3 I and EM steps."""
    here = point(sums, np.where(np.equal(sums.rows, sums.columns), START, 0.0))
    for _ in range(EM_STEPS):
        there = point(sums, expected(sums, here))
        fall = here.deviance - there.deviance
        here = there if fall > 0 else here
        if fall < WORTH_IT:
            break
    return _boundary(sums, _descend(sums, here))


def _descend(sums: Sums, here: Point) -> Best:
    b, fresh = hessian(sums, here, central=False), True
    for count in range(MOST_STEPS):
        step = _step(b, here.gradient)
        promised = float(-here.gradient @ step)
        there = _search(sums, here, step) if promised > NEAR else None
        if there is not None:
            left = float(-there.gradient @ _step(b, there.gradient))
            fresh = left > 0.01 * promised
            b = hessian(sums, there, central=False) if fresh else _updated(b, here, there)
        elif fresh or promised <= NEAR:
            b, fresh = hessian(sums, here), True
            there = _downhill(sums, here, b)
            if there is None:
                return _polished(sums, here, b, count)
        else:
            b, fresh = hessian(sums, here, central=False), True
        here = there or here
    return _polished(sums, here, hessian(sums, here), MOST_STEPS)


def _polished(sums: Sums, here: Point, h: Floats, steps: int) -> Best:
    """Take Newton steps as long as the gradient shrinks, and say what one more would promise."""
    for _ in range(3):
        there = point(sums, here.theta + _step(h, here.gradient))
        if not np.abs(there.gradient).max() < 0.5 * np.abs(here.gradient).max():
            break
        here = there
    decrement = float(-here.gradient @ _step(h, here.gradient))
    return Best(here, h, decrement, steps, decrement < CONVERGED, False)


def _step(h: Floats, gradient: Floats) -> Floats:
    """Return Newton's step, downhill even where the surface curves down."""
    values, vectors = np.linalg.eigh(h)
    floor = 1e-9 * max(float(np.abs(values).max()), 1.0)
    step: Floats = -vectors @ ((vectors.T @ gradient) / np.maximum(np.abs(values), floor))
    return step


def _updated(b: Floats, here: Point, there: Point) -> Floats:
    """Return the BFGS update of a Hessian (Nocedal & Wright, 2006, eq. 6.19)."""
    s, y = there.theta - here.theta, there.gradient - here.gradient
    if s @ y <= 1e-10 * np.sqrt((s @ s) * (y @ y)):
        return b
    bs = b @ s
    if s @ bs <= 0:
        return b
    new: Floats = b - np.outer(bs, bs) / (s @ bs) + np.outer(y, y) / (s @ y)
    return new


def _search(sums: Sums, here: Point, step: Floats) -> Point | None:
    """Return a point lower than `here` along `step`, or None."""
    promised = float(here.gradient @ step)
    noise = 1e-13 * abs(here.deviance)
    longest = max(1.0, float(np.abs(here.theta).max()))
    length = min(1.0, longest / float(np.abs(step).max()))
    for _ in range(20):
        there = point(sums, here.theta + length * step)
        if there.deviance <= here.deviance + 1e-4 * length * promised + noise:
            return there
        length /= 3
    return None


def _downhill(sums: Sums, here: Point, h: Floats) -> Point | None:
    """Leave a saddle, such as a variance of zero that should not be: step where it curves down."""
    values, vectors = np.linalg.eigh(h)
    if values[0] > -1e-6 * max(float(values[-1]), 1.0):
        return None
    for length in (0.3, 0.1, 0.03, 0.01):
        there = point(sums, here.theta + length * vectors[:, 0])
        if there.deviance < here.deviance - 1e-9 * abs(here.deviance):
            return there
    return None


def hessian(sums: Sums, here: Point, central: bool = True) -> Floats:
    """Return the Hessian of the profiled deviance by differences of its analytic gradient."""
    size = 1e-4 if central else 1e-5
    rows = []
    for i in range(len(here.theta)):
        move = np.zeros(len(here.theta))
        move[i] = size * min(max(abs(here.theta[i]), 0.1), 3.0)
        above = point(sums, here.theta + move).gradient
        below = point(sums, here.theta - move).gradient if central else here.gradient
        rows.append((above - below) / ((1 + central) * move[i]))
    h: Floats = np.array(rows)
    return np.asarray((h + h.T) / 2)


def _boundary(sums: Sums, best: Best) -> Best:
    """Put variances that are zero but for rounding on zero, if the deviance agrees."""
    theta = canonical(sums, best.point.theta)
    diagonal = np.equal(sums.rows, sums.columns)
    small = diagonal & (np.abs(theta) < 1e-3)
    if small.any():
        here = point(sums, np.where(small, 0.0, theta))
        if here.deviance <= best.point.deviance + 1e-12 * max(abs(best.point.deviance), 1e4):
            best = Best(here, hessian(sums, here), best.decrement, best.steps, best.converged, True)
    elif not np.allclose(theta, best.point.theta, rtol=1e-12, atol=1e-12):
        here = point(sums, theta)
        best = Best(here, hessian(sums, here), best.decrement, best.steps, best.converged, False)
    singular = bool((np.abs(best.point.theta[diagonal]) < ZERO).any())
    return replace(best, singular=singular)


def canonical(sums: Sums, theta: Floats) -> Floats:
    """Return the theta of the same covariances whose Lambda has no negative diagonal.

    Where the diagonal is zero, the entries below it move into the columns that follow.
    """
    low = sums.factor(theta)
    for j in range(len(low)):
        if abs(low[j, j]) < ZERO:
            moved: Floats = np.linalg.qr(low[j + 1 :, j:].T)[1].T
            low[j:, j:] = 0.0
            low[j + 1 :, j + 1 :] = moved[:, : len(low) - j - 1]
    low = low * np.where(np.diag(low) < 0, -1.0, 1.0)
    found = low[list(sums.rows), list(sums.columns)]
    return np.where(np.abs(found) < 1e-9, 0.0, found)
