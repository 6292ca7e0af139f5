"""How sure the estimates are, and whether the data could tell them at all."""

import numpy as np

from anello.model.errors import ModelError

from .language.table import Table
from .likelihood.matrices import Floats, null_space
from .likelihood.optimise import Objective

FLAT = 1e-10


def free_directions(objective: Objective, theta: Floats) -> Floats:
    """Return the directions (k x d) in which the constraints let parameters move."""
    _, slopes = objective.bound(theta)
    return null_space(slopes) if len(slopes) else np.eye(len(theta))


def identified(table: Table, objective: Objective, theta: Floats, expected: Floats) -> None:
    """Raise `ModelError`, naming parameters, if some cannot be told apart by any data."""
    d = np.sqrt(np.maximum(np.diag(expected), 0.0))
    silent = [name for name, size in zip(table.free, d, strict=True) if size == 0]
    d = np.where(d > 0, d, 1.0)
    free = null_space(objective.bound(theta)[1] / d) if objective.rules else np.eye(len(theta))
    values, vectors = np.linalg.eigh(free.T @ (expected / np.outer(d, d)) @ free)
    if not len(values) or values[0] > FLAT:
        return
    direction = np.abs(free @ vectors[:, 0])
    involved = [n for n, x in zip(table.free, direction, strict=True) if x > 0.1 * direction.max()]
    raise ModelError(
        "The model is not identified: the data cannot tell these parameters apart: {parameters}. "
        "Fix one of them, hold some equal, or ask for less.",
        parameters=", ".join(silent or involved[:6]),
    )


def vcov(information: Floats, objective: Objective, theta: Floats) -> Floats | None:
    """Return the covariance matrix of the estimates, None where the curvature has none."""
    free = free_directions(objective, theta)
    inner = free.T @ information @ free
    d = np.sqrt(np.maximum(np.diag(inner), 1e-300))
    scaled = inner / np.outer(d, d)
    if not np.isfinite(scaled).all() or (len(inner) and np.linalg.eigvalsh(scaled)[0] <= 1e-12):
        return None
    return np.asarray(free @ (np.linalg.inv(scaled) / np.outer(d, d)) @ free.T)


def observed(objective: Objective, theta: Floats, expected: Floats) -> Floats:
    """Return the observed information: half the second derivatives of the deviance."""
    scale = 1 / np.sqrt(np.maximum(np.diag(expected) / 2, 1e-12))
    return objective.observed(theta, scale) / 2
