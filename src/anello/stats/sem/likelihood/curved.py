"""How the deviance curves: its exact second derivatives, at the cost of two gradients.

With P = V^-1, M = P T P, G = P - M and h = P (m - mu), a cell's part is

    2 tr(V_i P V_j M) - tr(V_i P V_j P) + tr(G V_ij)
        + 2 mu_i' P mu_j + 2 h' V_i P mu_j + 2 h' V_j P mu_i - 2 h' mu_ij.

Sums over cells are taken before anything is multiplied by derivatives, so that many patterns of
missing values cost no more than few parameters allow. What V_ij and mu_ij bring is found by moving
the derivatives of the moments, with G and h held: no cell is touched for it.
"""

from collections.abc import Callable

import numpy as np

from .cells import Cells, Every, Part, collapsed, incidence, pulled, standing
from .matrices import Floats, Ints, Structure
from .shared import Shared, gradient

STEP = 1e-4


def observed(every: Every, structure: Structure, theta: Floats, scale: Floats) -> Floats:
    """Return the second derivatives of the deviance (k x k); `scale` (k) is of an error's size."""
    implied = structure.implied(theta)
    jacobian = structure.jacobian(implied)
    sizes = [block.sigma.shape[0] for block in implied]
    total = np.zeros((structure.k, structure.k))
    pull = [(np.zeros((p, p)), np.zeros(p)) for p in sizes]
    clusters = tuple(cells for cells in every if isinstance(cells, Shared))
    for cells in every:
        if isinstance(cells, Shared):
            continue
        p_, m_, h = standing(cells, implied)
        for a in cells.parts:
            one = pulled(cells, p_ - m_, -2 * h, a, sizes)
            pull[a.block] = pull[a.block][0] + one[0], pull[a.block][1] + one[1]
            for b in cells.parts:
                total += _pair(cells, p_, m_, h, a, b, sizes, jacobian)
    total = (total + total.T) / 2
    if clusters:
        total += _by_differences(clusters, structure, theta, scale)
    return total + _bent(structure, theta, scale, pull)


def _by_differences(
    clusters: tuple[Shared, ...], structure: Structure, theta: Floats, scale: Floats
) -> Floats:
    """Return the whole curvature of clusters with gaps, whose slopes are cheap."""

    def slopes(at: Floats) -> Floats:
        implied = structure.implied(at)
        jacobian = structure.jacobian(implied)
        return np.asarray(sum(gradient(c, implied, jacobian) for c in clusters))

    rows = _differences(slopes, theta, scale, np.arange(len(theta)))
    return np.asarray((rows + rows.T) / 2)


def _differences(
    slopes: Callable[[Floats], Floats], theta: Floats, scale: Floats, moved: Ints
) -> Floats:
    """Return how the slopes change with each moved parameter (moved x k)."""
    rows = []
    for i in moved:
        move = np.zeros(len(theta))
        move[i] = size = STEP * scale[i]
        rows.append((slopes(theta + move) - slopes(theta - move)) / (2 * size))
    return np.array(rows)


def _pair(
    cells: Cells,
    p_: Floats,
    m_: Floats,
    h: Floats,
    a: Part,
    b: Part,
    sizes: list[int],
    jacobian: list[tuple[Floats, Floats]],
) -> Floats:
    """Return what two blocks bring together, V_ij and mu_ij left out."""
    (sigma_a, mu_a), (sigma_b, mu_b) = jacobian[a.block], jacobian[b.block]
    p, q, k = sizes[a.block], sizes[b.block], len(sigma_a)
    first, second = collapsed(p_, a, b, sizes), collapsed(m_, a, b, sizes)
    w = (cells.weight * a.factor * b.factor)[:, None]
    flat = first.reshape(len(first), -1)
    squared = (2 * second.reshape(len(first), -1) * w - flat * w).T @ flat
    turned = squared.reshape(q, p, q, p).transpose(1, 3, 2, 0).reshape(p * p, q * q)
    total = sigma_a.reshape(k, -1) @ turned @ sigma_b.reshape(k, -1).T
    if cells.located:
        total += 2 * mu_a @ np.tensordot(cells.weight, first, 1).T @ mu_b.T
        # h' V_i P mu_j: V_i of block a, mu_j of block b
        near = _along(h, a, sizes) * (cells.weight * a.factor)[:, None]
        crossed = near.T @ flat
        mixed = crossed.reshape(p, q, p).transpose(0, 2, 1).reshape(p * p, q)
        total += 4 * sigma_a.reshape(k, -1) @ mixed @ mu_b.T
    return np.asarray(total)


def _along(h: Floats, part: Part, sizes: list[int]) -> Floats:
    if part.take is None:
        return h[:, part.places]
    return np.asarray(h[:, part.places] @ incidence(part, sizes).T)


def _bent(
    structure: Structure, theta: Floats, scale: Floats, pull: list[tuple[Floats, Floats]]
) -> Floats:
    """Return what the second derivatives of the moments bring.

    Moments are straight lines in variances, covariances and intercepts: only paths are moved.
    """
    total = np.zeros((len(theta), len(theta)))
    moved = np.unique(np.concatenate([b.paths[2] for b in structure.blocks]))
    if not len(moved):
        return total
    even = [((g + g.T) / 2, h) for g, h in pull]

    def slopes(at: Floats) -> Floats:
        found = np.zeros(len(theta))
        for block, (g, h) in zip(structure.blocks, even, strict=True):
            found += block.pulled(block.implied(at), g, h, structure.k)
        return found

    rows = _differences(slopes, theta, scale, moved)
    total[moved], total[:, moved] = rows, rows.T
    both = np.ix_(moved, moved)
    total[both] = (rows[:, moved] + rows[:, moved].T) / 2
    return total
