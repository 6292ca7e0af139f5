"""The way to the highest likelihood: Newton's method on an exact gradient."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..moments import Floats
from .problem import Height

AT_REST = 1e-14
MOST = 80
LONGEST = 3.0
STALE = 1e-3

Surface = Callable[[Floats], Height]


@dataclass(frozen=True, eq=False)
class Summit:
    """Where the search ended.

    `curvature` is minus the second derivatives, `decrement` the squared length, in standard errors,
    of the step that is left.
    """

    psi: Floats
    value: float
    gradient: Floats
    curvature: Floats
    decrement: float
    converged: bool


def curvature(surface: Surface, psi: Floats, gradient: Floats | None = None) -> Floats:
    """Return minus the second derivatives, by differences of the gradient.

    Central differences; from one side only where the `gradient` at `psi` is given.
    """
    size = 3e-5 if gradient is None else 1e-6
    rows = []
    for i in range(len(psi)):
        move = np.zeros(len(psi))
        move[i] = size
        if gradient is None:
            rows.append((surface(psi - move).gradient - surface(psi + move).gradient) / (2 * size))
        else:
            rows.append((gradient - surface(psi + move).gradient) / size)
    h = np.array(rows).reshape(len(psi), len(psi))
    return np.asarray((h + h.T) / 2)


def _direction(h: Floats, g: Floats) -> tuple[Floats, float]:
    """Return the step uphill and its decrement, every direction bent to be a hill."""
    values, vectors = np.linalg.eigh(h)
    floor = 1e-12 * max(float(np.abs(values).max()), 1e-12)
    along = vectors.T @ g
    step = vectors @ (along / np.maximum(np.abs(values), floor))
    decrement = float(g @ step)
    longest = float(np.abs(step).max())
    return step * min(1.0, LONGEST / longest) if longest > 0 else step, decrement


def climb(surface: Surface, start: Floats, most: int = MOST) -> Summit:
    """Return the summit near `start`.

    The curvature is kept while it serves: it is measured anew when a step shortens the way by less
    than a thousand times.
    """
    psi, here = start, surface(start)
    if not len(psi):
        none = np.zeros((0, 0))
        return Summit(psi, here.value, here.gradient, none, 0.0, bool(np.isfinite(here.value)))
    h, fresh, before, decrement = np.eye(len(psi)), False, np.inf, np.inf
    for _ in range(most):
        if not fresh or decrement > STALE * before:
            rough = here.gradient if decrement > 1e-2 else None
            h = curvature(surface, psi, rough)
            fresh = rough is None
        if not np.isfinite(h).all():
            break
        before = decrement
        step, decrement = _direction(h, here.gradient)
        if decrement < AT_REST:
            break
        found = _uphill(surface, psi, here, step)
        if found is None:
            break
        psi, here = found
    return _ended(surface, psi, here)


def _uphill(
    surface: Surface, psi: Floats, here: Height, step: Floats
) -> tuple[Floats, Height] | None:
    noise = 1e-13 * (1 + abs(here.value))
    for _ in range(30):
        there = surface(psi + step)
        if np.isfinite(there.value) and there.value >= here.value - noise:
            return psi + step, there
        step = step / 2
    return None


def _ended(surface: Surface, psi: Floats, here: Height) -> Summit:
    h = curvature(surface, psi)
    if not np.isfinite(h).all():
        return Summit(psi, here.value, here.gradient, h, np.inf, False)
    values = np.linalg.eigvalsh(h)
    _, decrement = _direction(h, here.gradient)
    hill = bool(values.min() > -1e-6 * max(float(values.max()), 1.0))
    return Summit(psi, here.value, here.gradient, h, decrement, hill and decrement < 1e-8)
