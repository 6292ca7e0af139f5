"""CR2: cluster-robust covariance of the fixed effects of a nested mixed model, from sums.

After Pustejovsky & Tipton (2018), J. Bus. Econ. Stat. 36(4), with the fitted V as working model
and the outermost group as cluster, as clubSandwich does. Per cluster j, with e = y - X beta,

    B_j = V_j - X_j M X_j'   (M = (X'V^-1X)^-1)
    A_j = D_j' (D_j B_j D_j')^{-1/2} D_j,  D_j'D_j = V_j
    vcov = M [sum X_j'V_j^-1 A_j e_j e_j' A_j V_j^-1 X_j] M

V_j acts as the identity (in units of sigma^2) outside the span of [Z_j X_j], where X_j has no part:
so all of it happens in an orthonormal basis of that span, which the cross-products give.
"""

from dataclasses import dataclass

import numpy as np

from anello.model.errors import ModelError

from ...moments import Floats
from .frame import Frame
from .gathered import Gathered
from .likelihood import Likelihood
from .optimise import Found
from .problem import Problem

DEPENDENT = 1e-11
VANISHED = 1e-11


@dataclass(frozen=True, eq=False)
class _Cluster:
    """One cluster in its basis of r columns: z (r x d), x (r x p) and e (r)."""

    z: Floats
    x: Floats
    e: Floats


def cr2(likelihood: Likelihood, found: Found, gathered: Gathered) -> tuple[Floats, Floats]:
    """Return the CR2 covariance of the fixed effects and the Satterthwaite df of each.

    Raises `ModelError` for crossed groups, which leave no independent clusters, and for weights.
    """
    problem, point = likelihood.problem, found.best.point
    frame = problem.whole()
    outer = _outer(problem, frame, gathered)
    low = problem.factors(point.theta)
    m = np.asarray(np.linalg.inv(point.r @ point.r.T), dtype=np.float64)
    contrasts = problem.back @ m
    meat, own, sides = np.zeros_like(m), [], []
    last = next(k for k, b in enumerate(problem.blocks) if b.factor == gathered.outermost)
    place = np.argsort(frame.node[last][0])
    for cluster, factor in _clusters(problem, frame, outer[:, :, place], low, point.beta):
        score, g_own, g_side = _one(cluster, factor, m, contrasts)
        meat += np.outer(score, score)
        own.append(g_own)
        sides.append(g_side)
    vcov = contrasts @ meat @ contrasts.T
    return vcov, _degrees(np.array(own), np.array(sides), m)


def _outer(problem: Problem, frame: Frame, gathered: Gathered) -> Floats:
    """Return the cross-products of [X y] by cluster, (p+1) x (p+1) x J."""
    if gathered.outer is None:
        raise ModelError("CR2 standard errors do not go with weights; leave one of the two out.")
    many = sum(batch.many for batch in frame.batches)
    if min(block.count for block in problem.blocks) != many:
        raise ModelError(
            "CR2 standard errors need one outermost group in which the others are nested; these "
            "groups cross, so no part of the rows is independent of the rest."
        )
    mapped = np.einsum(
        "ab,bcj,dc->adj", problem.x_map, gathered.outer, problem.x_map, optimize=True
    )
    return np.asarray(mapped)


def _clusters(
    problem: Problem, frame: Frame, outer: Floats, low: tuple[Floats, ...], beta: Floats
) -> list[tuple[_Cluster, Floats]]:
    """Return every cluster in its basis, with Lambda of its effects; `outer` in their order."""
    p, found = problem.p, []
    at = np.append(-beta, 1.0)
    g = frame.matrix([b.zz for b in problem.blocks], [(c, c.sums) for c in problem.cells])
    right = np.zeros((frame.rows, p + 1))
    for node, block in zip(frame.node, problem.blocks, strict=True):
        right[node] = block.zx.transpose(0, 2, 1)
    j = 0
    for batch in frame.batches:
        factor = _stacked(low, batch.counts)
        for zz, zx in zip(frame.view(g, batch), frame.part(right, batch), strict=True):
            xx = outer[:, :, j]
            gram = np.block([[zz, zx[:, :p]], [zx[:, :p].T, xx[:p, :p]]])
            cross = np.concatenate([zx @ at, xx[:p] @ at])
            found.append((_in_basis(gram, cross, batch.size), factor))
            j += 1
    return found


def _stacked(low: tuple[Floats, ...], counts: tuple[int, ...]) -> Floats:
    """Return Lambda of all effects of one component."""
    size = sum(len(f) * n for f, n in zip(low, counts, strict=True))
    found, start = np.zeros((size, size)), 0
    for f, n in zip(low, counts, strict=True):
        stop = start + len(f) * n
        found[start:stop, start:stop] = np.kron(np.eye(n), f)
        start = stop
    return found


def _in_basis(gram: Floats, cross: Floats, d: int) -> _Cluster:
    scale = np.sqrt(np.maximum(np.diag(gram), 1e-300))
    values, vectors = np.linalg.eigh(gram / np.outer(scale, scale))
    kept = values > DEPENDENT * values[-1]
    root = np.sqrt(values[kept])
    basis = root[:, None] * vectors[:, kept].T * scale
    e = (vectors[:, kept].T @ (cross / scale)) / root
    return _Cluster(basis[:, :d], basis[:, d:], e)


def _one(
    cluster: _Cluster, factor: Floats, m: Floats, contrasts: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the score of a cluster and, for each contrast, g'V g (c) and X'g (c x p)."""
    half = cluster.z @ factor
    v = half @ half.T + np.eye(len(half))
    d = _power(v, 0.5)
    b = v - cluster.x @ m @ cluster.x.T
    a = d @ _power(d @ b @ d, -0.5) @ d
    left = a @ np.linalg.solve(v, cluster.x)
    g = left @ contrasts.T
    return left.T @ cluster.e, np.einsum("rc,rs,sc->c", g, v, g), g.T @ cluster.x


def _power(matrix: Floats, power: float) -> Floats:
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    kept = values > VANISHED * max(float(values[-1]), 1.0)
    found: Floats = (vectors[:, kept] * values[kept] ** power) @ vectors[:, kept].T
    return found


def _degrees(own: Floats, sides: Floats, m: Floats) -> Floats:
    """Return tr(P)^2 / tr(P^2) with P_ij = own_i (i = j) - k_i'M k_j; `sides` (J x c x p) are k."""
    df = []
    for d, k in zip(own.T, sides.transpose(1, 0, 2), strict=True):
        across = np.einsum("jp,pq,jq->j", k, m, k)
        both = m @ k.T @ k
        square = (d**2).sum() - 2 * (d * across).sum() + np.trace(both @ both)
        df.append((d - across).sum() ** 2 / square)
    return np.array(df)
