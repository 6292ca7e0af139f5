"""Inertia: how much of a deviation from one's own usual level is left one step later.

A person's answers are mu_i + e_it, mu_i ~ N(x'beta, tau^2) and e a stationary first-order
autoregression, corr(e_s, e_t) = phi^|s - t|. Exact maximum likelihood, also with gaps: whitened by

    w_k = (v_k - phi^d_k v_{k-1}) / sqrt(1 - phi^(2 d_k)),   w_1 = v_1,

e becomes white noise and each person's part of V is sigma^2 (I + delta w(1) w(1)'), delta =
tau^2 / sigma^2 (Pinheiro & Bates, 2000, Mixed-Effects Models in S and S-PLUS, section 5.3). A
missing prompt is a longer step d_k; a break (an infinite step) starts anew.

Centring on observed person means instead pulls phi down by about (1 + phi) / T with T prompts
(Nickell, 1981, Econometrica 49:1417): `naive` shows by how much.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import erfc, exp, inf, isfinite, log, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from anello.model.errors import ModelError

from ..linear.student import quantile, two_sided
from ..moments import Floats
from .rows import Codes, means

CHI2_95 = 3.841458820694124
Values = NDArray[np.complex128]


@dataclass(frozen=True, slots=True)
class Term:
    """One fixed effect: t with `df` degrees of freedom, 95 % limits."""

    term: str
    estimate: float
    se: float
    df: float
    p: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Inertia:
    """The fitted autoregression.

    `low` and `high` bound phi by its likelihood (95 %), `p` is the likelihood-ratio test of
    phi = 0. `tau` is the SD of people's usual levels, `sigma` that of the deviations (not of the
    innovations). `naive` is the slope on the previous prompt after centring on observed means,
    from `pairs` neighbouring prompts. `loglik` is restricted under REML.
    """

    method: str
    phi: float
    se: float
    low: float
    high: float
    p: float
    tau: float
    sigma: float
    terms: tuple[Term, ...]
    loglik: float
    naive: float | None
    pairs: int
    n: int
    persons: int
    converged: bool


@dataclass(frozen=True, eq=False)
class Problem:
    """What the likelihood reads: `step` is the time since one's previous row, inf at a first.

    `x` (n x p) are the fixed columns, `y` (n) the outcome; rows stand in diary order.
    """

    person: Codes
    step: Floats
    x: Floats
    y: Floats
    reml: bool

    @property
    def whole(self) -> bool:
        """Return whether phi may be negative: steps are whole, and some odd one tells its sign."""
        steps = self.step[np.isfinite(self.step)]
        return bool((steps == np.round(steps)).all() and (steps % 2 == 1).any())


def steps(person: Codes, time: Floats) -> Floats:
    """Return the time since the previous row of the same person, infinite at the first.

    >>> steps(np.array([0, 0, 1]), np.array([1.0, 3.0, 1.0])).tolist()
    [inf, 2.0, inf]
    """
    found = np.full(len(person), np.inf)
    same = np.diff(person) == 0
    found[1:][same] = np.diff(time)[same]
    return found


def inertia(problem: Problem, names: tuple[str, ...]) -> Inertia:
    """Fit phi, tau, sigma and the fixed effects; raises `ModelError` when nothing can be told.

    A phi near 1 cannot be told from stable differences between people: then `converged` is False.
    """
    _check(problem)
    at, h, converged = _descend(problem, _start(problem))
    phi = _phi(problem, at[0]).real
    here = _parts(problem, at.astype(complex))
    cov = 2 * np.linalg.pinv(h)
    slope = (_phi(problem, at[0] + 1e-20j)).imag / 1e-20
    low, high = _limits(problem, at, here.deviance.real)
    null = _profile(problem, 0.0, at[1])
    scale = np.sqrt(here.sigma2)
    pairs, naive = _naive(problem)
    return Inertia(
        method="REML" if problem.reml else "ML",
        phi=float(phi),
        se=float(abs(slope) * sqrt(max(cov[0, 0], 0.0))),
        low=low,
        high=high,
        p=_chi1(null - here.deviance.real),
        tau=float(abs(at[1].real) * scale),
        sigma=float(scale),
        terms=_terms(problem, here, names),
        loglik=float(-here.deviance.real / 2),
        naive=naive,
        pairs=pairs,
        n=len(problem.y),
        persons=int(problem.person.max()) + 1,
        converged=converged and abs(phi) < 0.995,
    )


def _check(problem: Problem) -> None:
    if np.isfinite(problem.step).sum() < 3:
        raise ModelError(
            "Nobody has enough prompts in a row: inertia needs people with at least two prompts."
        )
    if (problem.step <= 0).any():
        raise ModelError("Two prompts of one person stand at the same time; keep one of them.")
    if int(problem.person.max()) < 1:
        raise ModelError("There is a single person; differences between people need at least two.")
    if float(np.ptp(problem.y)) == 0:
        raise ModelError(
            "The outcome has the same value in every row; there is nothing to explain."
        )
    if np.linalg.matrix_rank(problem.x) < problem.x.shape[1]:
        raise ModelError("The terms repeat each other or are constant; take one of them out.")


@dataclass(frozen=True, eq=False)
class _Parts:
    deviance: complex
    sigma2: float
    beta: Floats
    vcov: Floats


def _phi(problem: Problem, z: complex) -> complex:
    return complex(np.tanh(z)) if problem.whole else complex(1 / (1 + np.exp(-z)))


def _inverse(problem: Problem, phi: float) -> float:
    return float(np.arctanh(phi)) if problem.whole else log(phi / (1 - phi))


def _whiten(problem: Problem, phi: complex) -> tuple[Values, complex]:
    """Return ones, X and y (n x (p + 2)) as white noise would have them, and log|R|."""
    linked = np.isfinite(problem.step)
    a = np.zeros(len(problem.y), dtype=complex)
    a[linked] = np.power(complex(phi), problem.step[linked])
    scale = 1 / np.sqrt(1 - a * a)
    v = np.column_stack([np.ones(len(a)), problem.x, problem.y]).astype(complex)
    w = v.copy()
    w[1:] -= a[1:, None] * v[:-1]
    return w * scale[:, None], complex(-2 * np.log(scale).sum())


def _parts(problem: Problem, at: Values) -> _Parts:
    """Return the profiled likelihood at z (phi = tanh z) and theta = tau / sigma."""
    w, logdet = _whiten(problem, _phi(problem, at[0]))
    delta, p = at[1] ** 2, problem.x.shape[1]
    sizes = _summed(problem.person, w[:, :1] * w[:, :1])[:, 0]
    b = _summed(problem.person, w[:, :1] * w[:, 1:])
    a = w[:, 1:].T @ w[:, 1:] - (b * (delta / (1 + delta * sizes))[:, None]).T @ b
    logdet += np.log(1 + delta * sizes).sum()
    beta = np.linalg.solve(a[:p, :p], a[:p, p]) if p else np.zeros(0, complex)
    rss = a[p, p] - a[:p, p] @ beta
    f = len(problem.y) - (p if problem.reml else 0)
    if problem.reml and p:
        logdet += np.log(np.linalg.det(a[:p, :p] / _size(problem))) + p * np.log(_size(problem))
    deviance = logdet + f * (1 + np.log(2 * pi * rss / f))
    sigma2 = float(rss.real) / f
    vcov = sigma2 * np.linalg.inv(a[:p, :p].real) if p else np.zeros((0, 0))
    return _Parts(complex(deviance), sigma2, beta.real, vcov)


def _size(problem: Problem) -> float:
    return float(len(problem.y))


def _summed(person: Codes, v: Values) -> Values:
    first = np.flatnonzero(np.diff(person, prepend=-1))
    return np.asarray(np.add.reduceat(v, first, axis=0))


def _deviance(problem: Problem, at: Values) -> complex:
    return _parts(problem, at).deviance


def _gradient(problem: Problem, at: Floats) -> Floats:
    """Return the exact gradient, by a step into the imaginary direction."""
    found = []
    for i in range(2):
        moved = at.astype(complex)
        moved[i] += 1e-20j
        found.append(_deviance(problem, moved).imag / 1e-20)
    return np.array(found)


def _hessian(problem: Problem, at: Floats) -> Floats:
    h, size = np.zeros((2, 2)), 1e-5
    for i in range(2):
        move = np.eye(2)[i] * size
        h[i] = (_gradient(problem, at + move) - _gradient(problem, at - move)) / (2 * size)
    return np.asarray((h + h.T) / 2)


def _start(problem: Problem) -> Floats:
    phis = (-0.6, -0.2, 0.1, 0.3, 0.6, 0.85) if problem.whole else (0.05, 0.3, 0.6, 0.85)
    grid = [(_inverse(problem, phi), theta) for phi in phis for theta in (0.3, 1.0, 3.0)]
    return np.array(min(grid, key=lambda at: _deviance(problem, np.array(at, complex)).real))


def _descend(problem: Problem, at: Floats) -> tuple[Floats, Floats, bool]:
    """Return the minimum, the Hessian there, and whether one more step would change nothing."""
    value = _deviance(problem, at.astype(complex)).real
    for _ in range(60):
        g, h = _gradient(problem, at), _hessian(problem, at)
        step = _downhill(h, g)
        if float(-g @ step) < 1e-13:
            break
        at, value, moved = _search(problem, at, step, value, float(g @ step))
        if not moved:
            break
    h = _hessian(problem, at)
    left = float(-_gradient(problem, at) @ _downhill(h, _gradient(problem, at)))
    return np.array([at[0], abs(at[1])]), h, left < 1e-6


def _downhill(h: Floats, g: Floats) -> Floats:
    values, vectors = np.linalg.eigh(h)
    floor = 1e-9 * max(float(np.abs(values).max()), 1.0)
    return np.asarray(-vectors @ ((vectors.T @ g) / np.maximum(np.abs(values), floor)))


def _search(
    problem: Problem, at: Floats, step: Floats, value: float, promised: float
) -> tuple[Floats, float, bool]:
    length = min(1.0, 1.0 / float(np.abs(step).max()))
    for _ in range(25):
        there = at + length * step
        found = _deviance(problem, there.astype(complex)).real
        if isfinite(found) and found <= value + 1e-4 * length * promised + 1e-13 * abs(value):
            return there, found, True
        length /= 3
    return at, value, False


def _profile(problem: Problem, phi: float, start: float) -> float:
    """Return the lowest deviance with phi held: the root of its slope by theta, or theta = 0."""
    z = _inverse(problem, phi if problem.whole else max(phi, 1e-9))

    def at(theta: complex) -> complex:
        return _deviance(problem, np.array([z, theta], complex))

    theta = _root(lambda u: at(u + 1e-20j).imag / 1e-20, max(start, 0.05))
    if theta is None:
        middle = log(max(start, 1e-3))
        best = _golden(lambda u: at(exp(u)).real, middle - 2.5, middle + 2.5)
    else:
        best = at(theta).real
    return min(best, at(0.0).real)


def _root(slope: Callable[[float], float], start: float) -> float | None:
    """Return where a slope that rises is zero, by the secant rule, or None if that fails."""
    before, here = start, 1.05 * start
    was, now = slope(before), slope(here)
    for _ in range(15):
        if now == was or not isfinite(now) or (now - was) / (here - before) <= 0:
            return None
        step = min(max(-now * (here - before) / (now - was), -0.5 * abs(here)), abs(here))
        before, was, here = here, now, here + step
        if abs(step) < 1e-6 * abs(here):
            return here
        now = slope(here)
    return None


def _golden(f: Callable[[float], float], low: float, high: float) -> float:
    ratio = (sqrt(5) - 1) / 2
    a, b = high - ratio * (high - low), low + ratio * (high - low)
    fa, fb = f(a), f(b)
    for _ in range(30):
        if fa < fb:
            high, b, fb = b, a, fa
            a = high - ratio * (high - low)
            fa = f(a)
        else:
            low, a, fa = a, b, fb
            b = low + ratio * (high - low)
            fb = f(b)
    return min(fa, fb)


def _limits(problem: Problem, at: Floats, deviance: float) -> tuple[float, float]:
    """Return where the likelihood of phi has fallen by what chi-square allows at 95 %."""
    phi = _phi(problem, at[0]).real

    def rise(candidate: float) -> float:
        return _profile(problem, candidate, float(at[1])) - deviance - CHI2_95

    ends = (-0.999, 0.999) if problem.whole else (1e-6, 0.999)
    return _crossing(rise, phi, ends[0]), _crossing(rise, phi, ends[1])


def _crossing(rise: Callable[[float], float], inside: float, end: float) -> float:
    """Return where `rise` is zero between two phi, by the Illinois rule; `end` if it is nowhere."""
    fi, fo, outside = -CHI2_95, rise(end), end
    if fo < 0:
        return end
    for _ in range(60):
        middle = (inside * fo - outside * fi) / (fo - fi)
        found = rise(middle)
        if abs(found) < 1e-7 or abs(outside - inside) < 1e-10:
            return middle
        if found < 0:
            inside, fi, fo = middle, found, fo / 2
        else:
            outside, fo, fi = middle, found, fi / 2
    return middle


def _chi1(x: float) -> float:
    return erfc(sqrt(max(x, 0.0) / 2))


def _terms(problem: Problem, here: _Parts, names: tuple[str, ...]) -> tuple[Term, ...]:
    j, n, p = int(problem.person.max()) + 1, len(problem.y), problem.x.shape[1]
    found = []
    for i, name in enumerate(names):
        constant = bool((np.diff(problem.x[:, i])[np.diff(problem.person) == 0] == 0).all())
        df = float(max(j - 1 if constant else n - j - p + 1, 1))
        b, se = float(here.beta[i]), float(sqrt(here.vcov[i, i]))
        half = quantile(0.975, df) * se
        p_value = two_sided(b / se, df) if se > 0 else (0.0 if b else 1.0)
        found.append(Term(name, b, se, df, p_value, b - half, b + half))
    return tuple(found)


def _naive(problem: Problem) -> tuple[int, float | None]:
    """Return the pairs one step apart, and the slope after centring on observed person means."""
    c = problem.y - means(problem.person, problem.y)[problem.person]
    pairs = problem.step == 1
    now, before = c[pairs], c[np.flatnonzero(pairs) - 1]
    square = float(before @ before)
    return int(pairs.sum()), float(now @ before) / square if square > 0 else None


def broken(step: Floats, starts: NDArray[np.bool_]) -> Floats:
    """Return the steps with a break, an infinite step, at every row where `starts` is true."""
    return np.where(starts, inf, step)
