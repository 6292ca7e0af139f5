"""The likelihood of normal cells: one form for single-level, two-level and missing-value models.

A cell c stands for w_c independent normal vectors with covariance V_c and mean mu_c, of which only
the mean m_c and the covariance C_c about it (divisor w_c) are known. Apart from a constant

    -2 log L = sum_c w_c [ log|V_c| + tr(V_c^-1 T_c) ],    T_c = C_c + (m_c - mu_c)(m_c - mu_c)'.

V_c and mu_c are sums of the blocks of a model: V_c = sum_b f_cb P_b Sigma_b P_b'. A complete group
is one cell. A two-level group is a within cell (w = N - J) and one cell per distinct cluster size
n with V_n = Sigma_B + Sigma_W / n. Rows with missing values are one cell per pattern, in which a
missing variable has variance 1 and is never off its mean.
"""

from dataclasses import dataclass

import numpy as np

from . import shared
from .matrices import Floats, Implied, Ints
from .shared import Shared


@dataclass(frozen=True, eq=False)
class Part:
    """A block inside cells: which one, at which places, times which factor (C).

    `take` names the block's variable at each place; None takes all of them in their order.
    """

    block: int
    places: Ints
    factor: Floats
    take: Ints | None = None

    def inside(self, sigma: Floats) -> Floats:
        """Return a block's matrix (or a stack of them) as it stands at the places."""
        if self.take is None:
            return sigma
        return np.asarray(sigma[..., self.take[:, None], self.take])

    def along(self, mu: Floats) -> Floats:
        """Return a block's vector (or a stack of them) as it stands at the places."""
        return mu if self.take is None else np.asarray(mu[..., self.take])


@dataclass(frozen=True, eq=False)
class Cells:
    """C cells of the same p variables.

    `weight` (C), `mean` (C x p), `scatter` (C x p x p, divisor `weight`); `present` (C x p) is 1
    where a variable is seen, None if all are. `located` says whether means tell anything.
    """

    weight: Floats
    mean: Floats
    scatter: Floats
    parts: tuple[Part, ...]
    present: Floats | None = None
    located: bool = True


Every = tuple[Cells | Shared, ...]


@dataclass(frozen=True, eq=False)
class _At:
    """Cells at one point: V^-1, its Cholesky factor, log|V|, T and the distance from the mean."""

    inverse: Floats
    root: Floats
    logdet: Floats
    t: Floats
    off: Floats


def _at(cells: Cells, implied: list[Implied]) -> _At:
    count, p = cells.mean.shape
    v, mu = np.zeros((count, p, p)), np.zeros((count, p))
    for part in cells.parts:
        v[:, part.places[:, None], part.places] += part.factor[:, None, None] * part.inside(
            implied[part.block].sigma
        )
        mu[:, part.places] += part.along(implied[part.block].mu)
    off = cells.mean - mu if cells.located else np.zeros_like(mu)
    if cells.present is not None:
        v = v * _both(cells.present)
        v[:, np.arange(p), np.arange(p)] += 1 - cells.present
        off = off * cells.present
    low = np.linalg.cholesky(v)
    root = np.linalg.inv(low)
    logdet = 2 * np.log(np.diagonal(low, axis1=1, axis2=2)).sum(1)
    t = cells.scatter + off[:, :, None] * off[:, None, :]
    return _At(root.transpose(0, 2, 1) @ root, root, logdet, t, off)


def _both(present: Floats) -> Floats:
    return np.asarray(present[:, :, None] * present[:, None, :])


def deviance(every: Every, implied: list[Implied]) -> float:
    """Return -2 log L without its constant; infinite where a V is not positive definite."""
    total = 0.0
    try:
        for cells in every:
            if isinstance(cells, Shared):
                total += shared.deviance(cells, implied)
                continue
            at = _at(cells, implied)
            total += float(cells.weight @ (at.logdet + np.einsum("cij,cij->c", at.inverse, at.t)))
    except np.linalg.LinAlgError:
        return np.inf
    return total if np.isfinite(total) else np.inf


def _pulls(cells: Cells, at: _At) -> tuple[Floats, Floats]:
    """Return dF/dV and dF/dmu of each cell, per unit of weight."""
    g = at.inverse - at.inverse @ at.t @ at.inverse
    if cells.present is not None:
        g = g * _both(cells.present)
    return g, -2 * np.einsum("cij,cj->ci", at.inverse, at.off)


def gradient(
    every: Every,
    implied: list[Implied],
    jacobian: list[tuple[Floats, Floats]],
) -> Floats:
    """Return the derivative of the deviance by every parameter (k)."""
    found = np.zeros(len(jacobian[0][0]))
    for cells in every:
        if isinstance(cells, Shared):
            found += shared.gradient(cells, implied, jacobian)
            continue
        g, h = _pulls(cells, _at(cells, implied))
        for part in cells.parts:
            sigma, mu = jacobian[part.block]
            pulled = np.tensordot(cells.weight * part.factor, g, 1)
            pulled = pulled[part.places[:, None], part.places]
            found += np.tensordot(part.inside(sigma), pulled, 2)
            found += part.along(mu) @ (cells.weight @ h)[part.places]
    return found


def scores(
    every: tuple[Cells, ...],
    implied: list[Implied],
    jacobian: list[tuple[Floats, Floats]],
) -> Floats:
    """Return the derivative of each cell's log L by every parameter (C x k).

    Cell c of every set belongs to the same unit; their derivatives are added.
    """
    found: Floats = np.zeros((len(every[0].weight), len(jacobian[0][0])))
    for cells in every:
        g, h = _pulls(cells, _at(cells, implied))
        for part in cells.parts:
            sigma, mu = jacobian[part.block]
            k = len(sigma)
            inside = g[:, part.places[:, None], part.places].reshape(len(g), -1)
            one = inside @ part.inside(sigma).reshape(k, -1).T * part.factor[:, None]
            one = one + h[:, part.places] @ part.along(mu).T
            found = found - 0.5 * one * cells.weight[:, None]
    return found


def curvature(
    every: Every,
    implied: list[Implied],
    jacobian: list[tuple[Floats, Floats]],
) -> Floats:
    """Return the expected second derivatives of the deviance (k x k): twice the information.

    With P = V^-1 it is sum_c w_c [tr(P dV_i P dV_j) + 2 dmu_i' P dmu_j]. The sum over cells is
    taken first, of the products P x P: its cost does not grow with the number of parameters.
    """
    k = len(jacobian[0][0])
    sizes = [block.sigma.shape[0] for block in implied]
    crossed: dict[tuple[int, int], tuple[Floats, Floats]] = {}
    total = np.zeros((k, k))
    for cells in every:
        if isinstance(cells, Shared):
            total += shared.curvature(cells, implied, jacobian)
            continue
        inverse = _at(cells, implied).inverse
        if cells.present is not None:
            inverse = inverse * _both(cells.present)
        for a in cells.parts:
            for b in cells.parts:
                one = _crossed(cells, inverse, a, b, sizes)
                both = crossed.get((a.block, b.block))
                crossed[a.block, b.block] = (
                    one if both is None else (both[0] + one[0], both[1] + one[1])
                )
    for (i, j), (squared, single) in crossed.items():
        p, q = sizes[i], sizes[j]
        (sigma_a, mu_a), (sigma_b, mu_b) = jacobian[i], jacobian[j]
        # squared[i, j, l, m] = sum_c w P[i, j] P[l, m]; tr(P A P B) takes A[j, m] and B[l, i].
        turned = squared.reshape(q, p, q, p).transpose(1, 3, 2, 0).reshape(p * p, q * q)
        at_a, at_b = _touched(sigma_a, mu_a), _touched(sigma_b, mu_b)
        flat_a, flat_b = sigma_a[at_a].reshape(len(at_a), -1), sigma_b[at_b].reshape(len(at_b), -1)
        told = flat_a @ turned @ flat_b.T + 2 * mu_a[at_a] @ single.T @ mu_b[at_b].T
        total[np.ix_(at_a, at_b)] += told
    return total


def _touched(sigma: Floats, mu: Floats) -> Ints:
    """Return the parameters that a block's moments depend on: of many groups, few of all."""
    return np.flatnonzero(sigma.any(axis=(1, 2)) | mu.any(axis=1))


def _crossed(
    cells: Cells, inverse: Floats, a: Part, b: Part, sizes: list[int]
) -> tuple[Floats, Floats]:
    """Return sum_c w P x P and sum_c w P, with P collapsed to the variables of two blocks."""
    between = collapsed(inverse, a, b, sizes)
    flat = between.reshape(len(between), -1)
    w = cells.weight * a.factor * b.factor
    squared = (flat * w[:, None]).T @ flat
    if not cells.located:
        return squared, np.zeros(between.shape[1:])
    return squared, np.tensordot(cells.weight, between, 1)


def collapsed(inverse: Floats, a: Part, b: Part, sizes: list[int]) -> Floats:
    """Return matrices of cells (C x q x p): rows for the variables of b's block, columns of a's."""
    between = inverse[:, b.places[:, None], a.places]
    if b.take is not None:
        between = np.einsum("qi,cij->cqj", incidence(b, sizes), between)
    if a.take is not None:
        between = np.einsum("cij,pj->cip", between, incidence(a, sizes))
    return np.asarray(between)


def standing(cells: Cells, implied: list[Implied]) -> tuple[Floats, Floats, Floats]:
    """Return P, M = P T P and h = P (m - mu) of each cell, 0 where a variable is missing."""
    at = _at(cells, implied)
    p, m = at.inverse, at.inverse @ at.t @ at.inverse
    h = np.einsum("cij,cj->ci", p, at.off)
    if cells.present is not None:
        both = _both(cells.present)
        p, m, h = p * both, m * both, h * cells.present
    return p, m, h


def pulled(
    cells: Cells, g: Floats, h: Floats, part: Part, sizes: list[int]
) -> tuple[Floats, Floats]:
    """Return the sums of weighted G (times the part's factor) and h in the order of its block."""
    total = np.tensordot(cells.weight * part.factor, g, 1)[part.places[:, None], part.places]
    along = (cells.weight @ h)[part.places]
    if part.take is None:
        return total, along
    where = incidence(part, sizes)
    return np.asarray(where @ total @ where.T), np.asarray(where @ along)


def incidence(part: Part, sizes: list[int]) -> Floats:
    """Return which of a block's variables stands at which place of a part (0 or 1)."""
    assert part.take is not None
    found = np.zeros((sizes[part.block], len(part.take)))
    found[part.take, np.arange(len(part.take))] = 1.0
    return found
