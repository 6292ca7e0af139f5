"""The way to the maximum: damped Fisher scoring, then Newton steps, under equality constraints."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .cells import Every, curvature, deviance, gradient
from .curved import observed
from .matrices import Floats, Structure, null_space

NEAR = 1e-11
MOST = 400
PATIENCE = 40
SLACK = 1e-9
ROUNDING, HIDDEN, IDLE = 1e-12, 1e-8, 3
SOUND = 1e-4
"""The least pivot of a curvature of diagonal 1 whose inverse keeps eight digits."""

Rules = Callable[[Floats], tuple[Floats, Floats]]


@dataclass(frozen=True, eq=False)
class Objective:
    """The deviance of a structure on cells; `rules` returns c(theta) and its derivatives."""

    structure: Structure
    cells: Every
    rules: Rules | None = None

    def value(self, theta: Floats) -> float:
        """Return the deviance without its constant, infinite where there is none."""
        try:
            return deviance(self.cells, self.structure.implied(theta))
        except np.linalg.LinAlgError:
            return np.inf

    def gradient(self, theta: Floats) -> Floats:
        """Return its derivatives (k)."""
        implied = self.structure.implied(theta)
        return gradient(self.cells, implied, self.structure.jacobian(implied))

    def expected(self, theta: Floats) -> Floats:
        """Return its expected second derivatives (k x k)."""
        implied = self.structure.implied(theta)
        return curvature(self.cells, implied, self.structure.jacobian(implied))

    def observed(self, theta: Floats, scale: Floats) -> Floats:
        """Return its second derivatives (k x k); `scale` (k) is of the size of an error."""
        return observed(self.cells, self.structure, theta, scale)

    def bound(self, theta: Floats) -> tuple[Floats, Floats]:
        """Return how far the constraints are from being met, and their derivatives (r x k)."""
        if self.rules is None:
            return np.zeros(0), np.zeros((0, len(theta)))
        return self.rules(theta)


@dataclass(frozen=True, eq=False)
class Best:
    """Where the search ended: `decrement` is the fall that one more step would promise."""

    theta: Floats
    value: float
    gradient: Floats
    decrement: float
    steps: int
    converged: bool


def minimise(objective: Objective, start: Floats, most: int | None = None) -> Best:
    """Return the minimum near `start`.

    Fisher scoring with Levenberg damping; where it creeps, Newton's method with the observed
    curvature takes over. Not converged if neither comes to rest within `most`
    steps (400). Where rounding hides what is left to fall, the search ends too.
    """
    if not len(start):
        value = objective.value(start)
        return Best(start, value, np.zeros(0), 0.0, 0, bool(np.isfinite(value)))
    theta, value = start, objective.value(start)
    damping, best, idle = 1e-3, None, 0
    for step in range(most or MOST):
        g = objective.gradient(theta)
        h = objective.expected(theta)
        if step >= PATIENCE:
            h = _newton(objective, theta, h)
        far, slopes = objective.bound(theta)
        decrement = _decrement(h, g, far, slopes)
        best = Best(theta, value, g, decrement, step, False)
        if decrement < NEAR * max(1.0, abs(value) * 1e-4) and np.abs(far).sum() < SLACK:
            return _last(objective, best)
        found = _downhill(objective, best, h, damping, far, slopes)
        idle = idle + 1 if found is not None and found[1] > value - ROUNDING * abs(value) else 0
        if found is None or (idle >= IDLE and decrement < HIDDEN):
            break
        theta, value, damping = found
    assert best is not None
    return _last(objective, best)


def _newton(objective: Objective, theta: Floats, expected: Floats) -> Floats:
    """Return the observed curvature with every direction bent upwards."""
    h = objective.observed(theta, _scale(expected))
    values, vectors = np.linalg.eigh(_scaled(h, expected))
    floor = 1e-6 * max(float(np.abs(values).max()), 1e-12)
    d = np.sqrt(np.maximum(np.diag(expected), 1e-12))
    bent = (vectors * np.maximum(np.abs(values), floor)) @ vectors.T
    return np.asarray(bent * d[:, None] * d)


def _scaled(h: Floats, expected: Floats) -> Floats:
    d = np.sqrt(np.maximum(np.diag(expected), 1e-12))
    return np.asarray(h / d[:, None] / d)


def _scale(h: Floats) -> Floats:
    return np.asarray(1 / np.sqrt(np.maximum(np.diag(h) / 2, 1e-12)))


def _step(h: Floats, g: Floats, far: Floats, slopes: Floats, damping: float) -> Floats:
    """Return the step to the minimum of the quadratic, on the constraints made straight."""
    d = np.sqrt(np.maximum(np.diag(h), 1e-12))
    b = h / d[:, None] / d + damping * np.eye(len(h))
    r, scaled = slopes / d, g / d
    if not len(far):
        return np.asarray(_solved(b, -scaled) / d)
    back = np.linalg.lstsq(r, -far, rcond=None)[0]
    free = null_space(r)
    inner = free.T @ b @ free
    along = _solved(inner, -free.T @ (scaled + b @ back))
    return np.asarray((back + free @ along) / d)


def _solved(b: Floats, y: Floats) -> Floats:
    """Return b^-1 y, the shortest of all solutions where b has no inverse to speak of.

    Where many groups make many parameters, singular values take most of the time of a fit; they are
    only asked where a Cholesky factor has a small pivot.
    """
    try:
        low = np.linalg.cholesky(b)
    except np.linalg.LinAlgError:
        low = np.zeros((1, 1))
    if np.diag(low).min(initial=1.0) > SOUND:
        return np.asarray(np.linalg.solve(b, y))
    return np.asarray(np.linalg.lstsq(b, y, rcond=1e-14)[0])


def _decrement(h: Floats, g: Floats, far: Floats, slopes: Floats) -> float:
    step = _step(h, g, np.zeros_like(far), slopes, 1e-12)
    return float(abs(g @ step))


def _merit(objective: Objective, theta: Floats, value: float, weight: float) -> float:
    far, _ = objective.bound(theta)
    return value + weight * float(np.abs(far).sum())


def _downhill(
    objective: Objective, here: Best, h: Floats, damping: float, far: Floats, slopes: Floats
) -> tuple[Floats, float, float] | None:
    """Return a lower point with the damping that led there, or None."""
    weight = 10 * float(np.abs(here.gradient).max()) if len(far) else 0.0
    before = _merit(objective, here.theta, here.value, weight)
    noise = 1e-14 * abs(before)
    for _ in range(24):
        step = _step(h, here.gradient, far, slopes, damping)
        there = here.theta + step
        value = objective.value(there)
        if np.isfinite(value) and _merit(objective, there, value, weight) <= before + noise:
            return there, value, (damping / 10 if damping > 1e-9 else 0.0)
        damping = max(damping * 6, 1e-6)
    return None


def _last(objective: Objective, best: Best) -> Best:
    """Take a few more steps while the gradient shrinks, and judge whether the search is at rest."""
    theta, value, g, decrement = best.theta, best.value, best.gradient, best.decrement
    h = objective.expected(theta)
    far, slopes = objective.bound(theta)
    for _ in range(3):
        there = theta + _step(h, g, far, slopes, 0.0)
        lower = objective.value(there)
        if not lower <= value + 1e-13 * abs(value):
            break
        turned = objective.gradient(there)
        far, slopes = objective.bound(there)
        left = _decrement(h, turned, far, slopes)
        if not left < 0.5 * decrement:
            break
        theta, value, g, decrement = there, lower, turned, left
    rest = decrement < 1e-6 and float(np.abs(objective.bound(theta)[0]).sum()) < 1e-6
    return Best(theta, value, g, decrement, best.steps, bool(np.isfinite(value) and rest))
