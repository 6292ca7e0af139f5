"""Kenward-Roger: small-sample covariance and degrees of freedom of fixed effects, from sums.

After Kenward & Roger (1997), Biometrics 53, and Halekoh & Hojsgaard (2014), J. Stat. Softw. 59(9),
whose letters are kept. With V = sigma^2 W^-1 + Z Psi Z' linear in its parameters gamma_r, V = sum
gamma_r G_r, Phi = (X'V^-1X)^-1:

    P_r = -X'V^-1 G_r V^-1 X    Q_rs = X'V^-1 G_r V^-1 G_s V^-1 X    K_rs = tr(V^-1 G_r V^-1 G_s)
    W^-1 = (K_rs - 2 tr(Phi Q_rs) + tr(Phi P_r Phi P_s)) / 2
    Phi_A = Phi + 2 Phi [sum W_rs (Q_rs - P_r Phi P_s)] Phi

Everything is reached through H = Z'V^-1Z and U = Z'V^-1X: the residual's G is V minus what varies,
and V itself acts as the identity.
"""

from dataclasses import dataclass

import numpy as np

from anello.model.errors import ModelError

from ...moments import Floats
from .frame import Batch, Frame
from .likelihood import Likelihood
from .optimise import Found
from .problem import Problem

SINGULAR = 1e-10


def kenward_roger(likelihood: Likelihood, found: Found, contrasts: Floats) -> tuple[Floats, Floats]:
    """Return the adjusted covariance of each row of `contrasts` (c x p) @ beta, and their df."""
    problem, point = likelihood.problem, found.best.point
    if not problem.reml:
        raise ModelError("Kenward-Roger degrees of freedom need REML; leave --ml out.")
    if problem.p == 0:
        return np.zeros((0, 0)), np.zeros(0)
    phi = np.asarray(np.linalg.inv(point.r @ point.r.T), dtype=np.float64)
    p, q, k = _pieces(problem, found, point.r @ point.r.T)
    cross = np.einsum("rab,bc,scd->rsad", p, phi, p)
    information = k - 2 * np.einsum("ab,rsab->rs", phi, q) + np.einsum("rsab,ab->rs", cross, phi)
    information = (information + information.T) / 2
    w: Floats = 2 * np.linalg.pinv(information, rcond=SINGULAR, hermitian=True)
    adjust = np.einsum("rs,rsab->ab", w, q - cross)
    adjusted = phi + phi @ (adjust + adjust.T) @ phi
    df = np.array([_degrees(c, phi, p, w) for c in contrasts])
    sigma2 = point.rss / problem.freedom
    return sigma2 * contrasts @ adjusted @ contrasts.T, df


def _degrees(contrast: Floats, phi: Floats, p: Floats, w: Floats) -> float:
    """Return the df of one contrast: eqs. (2)-(5) of Kenward & Roger with one row."""
    spread = phi @ contrast
    theta = np.outer(contrast, contrast) / (contrast @ spread)
    u = np.einsum("ab,rbc->rac", theta @ phi, p @ phi)
    trace = np.einsum("raa->r", u)
    a1 = float(trace @ w @ trace)
    a2 = float(np.einsum("rs,rab,sba->", w, u, u))
    b = (a1 + 6 * a2) / 2
    g = (2 * a1 - 5 * a2) / (3 * a2)
    below = 3 + 2 * (1 - g)
    v0, v1, v2 = 1 + g / below * b, 1 - (1 - g) / below * b, 1 - (3 - g) / below * b
    v0 = 0.0 if abs(v0) < SINGULAR else v0
    ratio = 1.0 if abs(1 - a2) < SINGULAR and abs(v1) < SINGULAR else (1 - a2) / v1
    rho = ratio**2 * v0 / v2
    return float(4 + 3 / (rho - 1))


@dataclass(frozen=True, slots=True)
class _Entry:
    """One parameter of Psi: entry (i, j) of block k, with its value in units of sigma^2."""

    k: int
    i: int
    j: int
    value: float


def _entries(problem: Problem, theta: Floats) -> tuple[_Entry, ...]:
    low = problem.factors(theta)
    psi = [f @ f.T for f in low]
    return tuple(_Entry(k, i, j, float(psi[k][i, j])) for k, i, j in problem.places)


def _pieces(problem: Problem, found: Found, xvx: Floats) -> tuple[Floats, Floats, Floats]:
    """Return P (R x p x p), Q (R x R x p x p) and K (R x R), sigma^2 = 1, the residual last."""
    entries = _entries(problem, found.best.point.theta)
    m, p = len(entries), problem.p
    frame = problem.whole()
    h, u = inverse_products(problem, found, frame)
    u = u[:, :p]
    moved = [_moved(frame, u, e) for e in entries]
    q, k = np.zeros((m + 1, m + 1, p, p)), np.zeros((m + 1, m + 1))
    pp = np.array([-u.T @ y for y in moved] + [-xvx]).reshape(m + 1, p, p)
    for batch in frame.batches:
        _add(q, k, frame, batch, frame.view(h, batch), moved, entries, problem)
    q[:m, m] = q[m, :m] = -pp[:m]
    q[m, m] = xvx
    for r, e in enumerate(entries):
        blocks = frame.diagonal(h, e.k)[e.i, e.j].sum()
        k[r, m] = k[m, r] = blocks * (1 if e.i == e.j else 2)
    k[m, m] = problem.n
    turn = np.eye(m + 1)
    turn[m, :m] = [-e.value for e in entries]
    return (
        np.einsum("rs,sab->rab", turn, pp),
        np.einsum("ri,sj,ijab->rsab", turn, turn, q, optimize=True),
        turn @ k @ turn.T,
    )


def inverse_products(problem: Problem, found: Found, frame: Frame) -> tuple[Floats, Floats]:
    """Return H = Z'V^-1Z, flat in `frame`, and U = Z'V^-1[X y] (N x (p+1)), sigma^2 = 1."""
    low = problem.factors(found.best.point.theta)
    g = frame.matrix([b.zz for b in problem.blocks], [(c, c.sums) for c in problem.cells])
    factor = frame.matrix(
        [
            np.repeat(f[:, :, None], b.count, axis=2)
            for f, b in zip(low, problem.blocks, strict=True)
        ],
        [],
    )
    right = np.zeros((frame.rows, problem.p + 1))
    for node, block in zip(frame.node, problem.blocks, strict=True):
        right[node] = block.zx.transpose(0, 2, 1)
    h, u = np.empty_like(g), np.empty_like(right)
    for batch in frame.batches:
        zz, lam, zx = frame.view(g, batch), frame.view(factor, batch), frame.part(right, batch)
        scaled = zz @ lam
        m = lam.transpose(0, 2, 1) @ scaled
        m[:, np.arange(batch.size), np.arange(batch.size)] += 1
        turned = scaled.transpose(0, 2, 1)
        frame.view(h, batch)[:] = zz - scaled @ np.linalg.solve(m, turned)
        frame.part(u, batch)[:] = zx - scaled @ np.linalg.solve(m, lam.transpose(0, 2, 1) @ zx)
    return h, u


def _moved(frame: Frame, u: Floats, entry: _Entry) -> Floats:
    """Return E_r U, with E_r the pattern of one parameter over the levels of its factor."""
    found = np.zeros_like(u)
    one, other = frame.node[entry.k][entry.i], frame.node[entry.k][entry.j]
    found[one] += u[other]
    if entry.i != entry.j:
        found[other] += u[one]
    return found


def _add(
    q: Floats,
    k: Floats,
    frame: Frame,
    batch: Batch,
    h: Floats,
    moved: list[Floats],
    entries: tuple[_Entry, ...],
    problem: Problem,
) -> None:
    """Add what the components of one batch give to Q and K."""
    parts = [frame.part(y, batch) for y in moved]
    carried = [h @ y for y in parts]
    widths = [b.width for b in problem.blocks]
    starts = np.concatenate([[0], np.cumsum(np.array(widths) * np.array(batch.counts))])
    products: dict[tuple[int, int], Floats] = {}
    for r, one in enumerate(entries):
        for s, other in enumerate(entries[: r + 1]):
            q[r, s] += np.tensordot(parts[r], carried[s], ((0, 1), (0, 1)))
            q[s, r] = q[r, s].T
            pair = (one.k, other.k)
            if pair not in products:
                products[pair] = _products(h, batch, starts, widths, pair)
            k[r, s] = k[r, s] + _trace(products[pair], one, other)
            k[s, r] = k[r, s]


def _products(
    h: Floats, batch: Batch, starts: Floats, widths: list[int], pair: tuple[int, int]
) -> Floats:
    """Return sums over levels i of one factor, j of another, of H_ia,je H_ib,jf: q x q x q x q."""
    one, other = pair
    rows = slice(int(starts[one]), int(starts[one + 1]))
    columns = slice(int(starts[other]), int(starts[other + 1]))
    part = h[:, rows, columns].reshape(
        batch.many, batch.counts[one], widths[one], batch.counts[other], widths[other]
    )
    flat = part.transpose(2, 4, 0, 1, 3).reshape(widths[one] * widths[other], -1)
    return (flat @ flat.T).reshape(widths[one], widths[other], widths[one], widths[other])


def _trace(products: Floats, one: _Entry, other: _Entry) -> float:
    """Return tr(E_r H E_s H)."""
    found = 0.0
    for a, b in {(one.i, one.j), (one.j, one.i)}:
        for e, f in {(other.i, other.j), (other.j, other.i)}:
            found += products[b, e, a, f]
    return float(found)
