"""The 1-1-1 mediation model as one mixed model of two stacked outcomes.

After Bauer, Preacher & Gil (2006), Psychol. Methods 11(2), 142-163, eq. 7: the rows of the mediator
m and of the outcome y are stacked, and selectors give each its own equation,

    m_ij = d_M + a x_ij                + e_M        (var sigma_M^2)
    y_ij = d_Y + b m_ij + c' x_ij      + e_Y        (var sigma_Y^2)

with every coefficient free to vary by person, all covariances among the five included: among them
cov(a, b), which is part of the average indirect effect. x and m enter as distances from the
person's own mean, so that a, b and c' are inside persons and owe nothing to who usually has more.

A mixed model has one residual variance. Dividing the rows of m by r = sigma_M / sigma_Y gives them
that of y, at the price of 2 n log r in the deviance; r is found outside, by its own likelihood.
Only each person's sums of products are read, so a bootstrap of persons redraws sums, not rows.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..mixed.lmm_likelihood import Sums, point
from ..moments import Floats
from .rows import Codes, means, sums
from .sums import Mixed, fit, lower

FIXED = ("d_M", "a", "d_Y", "b", "c")
FINE = 1e-4
MOST_STEPS = 25


@dataclass(frozen=True, eq=False)
class Stacked:
    """Each person's sums of products (J last): `m` of [1, x, m], `y` of [1, m, x, y].

    x and the m before y are distances from the person's mean; outcomes are as they stand. All is in
    SDs (`scale`: x, m, y) and outcomes have their grand mean taken away.
    """

    m: Floats
    y: Floats
    scale: tuple[float, float, float]

    @property
    def persons(self) -> int:
        """Return the number of persons."""
        return int(self.m.shape[2])

    @property
    def n(self) -> int:
        """Return the number of rows of the diary (each stands for two rows of the model)."""
        return round(float(self.m[0, 0].sum()))

    def drawn(self, index: NDArray[np.int64]) -> "Stacked":
        """Return the sums of these persons, a person drawn twice counting as two."""
        return Stacked(self.m[:, :, index], self.y[:, :, index], self.scale)


def stacked(person: Codes, x: Floats, m: Floats, y: Floats) -> Stacked:
    """Return the sums of a diary with complete x, m, y."""
    sx, sm, sy = (float(v.std()) or 1.0 for v in (x, m, y))
    x_in, m_in = _inside(person, x / sx), _inside(person, m / sm)
    ones = np.ones(len(x))
    left = np.column_stack([ones, x_in, (m - m.mean()) / sm])
    right = np.column_stack([ones, m_in, x_in, (y - y.mean()) / sy])
    return Stacked(sums(person, left, left), sums(person, right, right), (sx, sm, sy))


def _inside(person: Codes, v: Floats) -> Floats:
    v = v - v.mean()
    return v - means(person, v)[person]


@dataclass(frozen=True, eq=False)
class Solved:
    """The model at its best: in SDs, with the ratio r of the residual SDs of m and y."""

    mixed: Mixed
    ratio: float
    deviance: float


def solve(data: Stacked, random: bool, reml: bool, ratio: float | None = None) -> Solved:
    """Fit the stacked model; a `ratio` that is given is held as it is."""

    u = _guess(data) if ratio is None else float(np.log(ratio))
    found = _fit(data, u, random, reml)
    before: tuple[float, float] | None = None
    for _ in range(MOST_STEPS if ratio is None else 0):
        slope = _slope(data, found, u, random, reml)
        bend = 2.0 * data.n if before is None else (slope - before[1]) / (u - before[0])
        step = float(np.clip(-slope / (bend if bend > 0 else 2.0 * data.n), -0.5, 0.5))
        if abs(step) < 1e-9:
            break
        before, u = (u, slope), u + step
        found = _fit(data, u, random, reml)
    return Solved(found, float(np.exp(u)), found.deviance + 2 * data.n * u)


def _fit(data: Stacked, u: float, random: bool, reml: bool) -> Mixed:
    zz, zx, xx = arrays(data, float(np.exp(u)), random)
    return fit(zz, zx, xx, 2 * data.n, lower(len(zz)), reml)


def _slope(data: Stacked, found: Mixed, u: float, random: bool, reml: bool) -> float:
    """Return how the deviance changes with log r; what varies stays, as it is at its best."""
    rows, columns = lower(len(found.factor))
    theta = found.factor[list(rows), list(columns)]
    ends = (point(_plain(data, u + s, random, reml), theta).deviance for s in (FINE, -FINE))
    above, below = ends
    return (above - below) / (2 * FINE) + 2 * data.n


def _guess(data: Stacked) -> float:
    """Return log r from regressions inside persons, with slopes that do not vary."""

    def rest(s: Floats) -> float:
        inside = (s - s[:, :1] * s[:1] / s[:1, :1]).sum(axis=2)[1:, 1:]
        slope = np.linalg.lstsq(inside[:-1, :-1], inside[:-1, -1], rcond=None)[0]
        return max(float(inside[-1, -1] - inside[:-1, -1] @ slope), 1e-12)

    return float(np.log(rest(data.m) / rest(data.y))) / 2


def arrays(data: Stacked, r: float, random: bool) -> tuple[Floats, Floats, Floats]:
    """Return Z'Z (q x q x J), Z'[X y] and [X y]'[X y] at one r."""
    z_m, z_y = ([0, 1], [0, 1, 2]) if random else ([0], [0])
    left, right, q_m = data.m / r**2, data.y, len(z_m)
    q, j = q_m + len(z_y), data.persons
    zz, zx, xx = np.zeros((q, q, j)), np.zeros((q, 6, j)), np.zeros((6, 6))
    zz[:q_m, :q_m] = left[np.ix_(z_m, z_m)]
    zz[q_m:, q_m:] = right[np.ix_(z_y, z_y)]
    zx[:q_m, :2], zx[:q_m, 5] = left[z_m, :2], left[z_m, 2]
    zx[q_m:, 2:5], zx[q_m:, 5] = right[z_y, :3], right[z_y, 3]
    whole_m, whole_y = left.sum(axis=2), right.sum(axis=2)
    xx[:2, :2], xx[2:5, 2:5] = whole_m[:2, :2], whole_y[:3, :3]
    xx[:2, 5] = xx[5, :2] = whole_m[:2, 2]
    xx[2:5, 5] = xx[5, 2:5] = whole_y[:3, 3]
    xx[5, 5] = whole_m[2, 2] + whole_y[3, 3]
    return zz, zx, xx


def spread_of_covariance(data: Stacked, found: Solved, reml: bool) -> float:
    """Return the standard error of cov(a, b), in SDs, from the curvature of the likelihood.

    With rho = (theta, log r) and sigma profiled, C = 2 (d^2 dev / d rho^2)^-1; sigma given rho adds
    its own part, var(sigma^2) = 2 sigma^4 / f. Directions in which the likelihood is flat are left
    out.
    """
    rows, columns = lower(5)
    theta, u, k = found.mixed.factor[list(rows), list(columns)], float(np.log(found.ratio)), 15

    def at(rho: Floats) -> tuple[Floats, float]:
        here = point(_plain(data, rho[k], True, reml), rho[:k])
        ends = (
            point(_plain(data, rho[k] + s, True, reml), rho[:k]).deviance for s in (FINE, -FINE)
        )
        above, below = ends
        slope = (above - below) / (2 * FINE) + 2 * data.n
        return np.append(here.gradient, slope), _covariance(rho[:k], here.rss / f)

    f = _plain(data, u, True, reml).freedom
    rho, size = np.append(theta, u), 1e-3
    h, g = np.zeros((k + 1, k + 1)), np.zeros(k + 1)
    for i in range(k + 1):
        move = np.eye(k + 1)[i] * size
        above, below = at(rho + move), at(rho - move)
        h[i] = (above[0] - below[0]) / (2 * size)
        g[i] = (above[1] - below[1]) / (2 * size)
    values, vectors = np.linalg.eigh((h + h.T) / 2)
    sure = values > 1e-6 * values.max()
    part = (vectors.T @ g)[sure]
    variance = float((2 * part**2 / values[sure]).sum()) + 2 * found.mixed.g[1, 3] ** 2 / f
    return float(np.sqrt(variance))


def _plain(data: Stacked, u: float, random: bool, reml: bool) -> Sums:
    zz, zx, xx = arrays(data, float(np.exp(u)), random)
    return Sums(zz, zx, xx, 2 * data.n, *lower(len(zz)), reml)


def _covariance(theta: Floats, sigma2: float) -> float:
    factor = np.zeros((5, 5))
    factor[lower(5)] = theta
    return float(sigma2 * factor[1] @ factor[3])
