"""Psychometric meta-analysis of correlations after Hunter & Schmidt (2004, chapters 3 and 4).

How much of the spread of published correlations is small samples and noisy scales, and how much is
real? Letters: r correlations, n sample sizes, rxx and ryy reliabilities, A = sqrt(rxx ryy) the
attenuation factor, rho the correlation without noise. Means are weighted by n and variances have
the divisor sum(n), as in the book.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from anello.model.errors import ModelError

from .effect_sizes import correlation

Array = NDArray[np.float64]
CREDIBILITY = 0.80


@dataclass(frozen=True, slots=True)
class BareBones:
    """Correlations as published, sampling error taken out of their spread.

    `sd_res` is the SD left when `var_e` is taken from `var_r`; `artefactual` the per cent of
    `var_r` that sampling explains. The 80 % credibility interval holds true effects, the 95 %
    confidence interval (`low`, `high`) the mean.
    """

    k: int
    n: int
    r: float
    se: float
    low: float
    high: float
    var_r: float
    var_e: float
    sd_res: float
    artefactual: float
    credible_low: float
    credible_high: float


@dataclass(frozen=True, slots=True)
class Corrected:
    """The mean correlation without noise in the measures, and the SD of the true ones.

    `attenuation` is the mean A by which the noise had shrunk the correlations.
    """

    k: int
    n: int
    rho: float
    sd_rho: float
    attenuation: float
    credible_low: float
    credible_high: float


def bare_bones(r: ArrayLike, n: ArrayLike) -> BareBones:
    """Return the bare-bones synthesis; var_e = (1 - mean r^2)^2 / (mean n - 1).

    Raises `ModelError` for impossible correlations or sizes and for fewer than two studies.

    >>> found = bare_bones([0.1, 0.3], [101, 101])
    >>> round(found.r, 3), round(found.var_r, 4), round(found.var_e, 6)
    (0.2, 0.01, 0.009216)
    """
    r_, n_ = _two_or_more(r, n)
    mean, var_r = _moments(r_, n_)
    var_e = (1 - mean**2) ** 2 / (float(n_.mean()) - 1)
    sd = max(0.0, var_r - var_e) ** 0.5
    se = (var_r / len(r_)) ** 0.5
    reach = float(ndtri(0.975)) * se
    low, high = _credible(mean, sd)
    share = 100 * min(1.0, var_e / var_r) if var_r > 0 else 100.0
    return BareBones(
        len(r_), int(n_.sum()), mean, se, mean - reach, mean + reach, var_r, var_e, sd, share,
        low, high,
    )  # fmt: skip


def artefact_distribution(r: ArrayLike, n: ArrayLike, rxx: ArrayLike, ryy: ArrayLike) -> Corrected:
    """Return rho when only some studies print their reliabilities (NaN: not printed).

    The printed ones stand for all: A = mean(sqrt rxx) mean(sqrt ryy), and the spread that unequal
    reliabilities cause, rho^2 A^2 (V_x + V_y) with V the squared coefficients of variation of the
    square roots, is taken out too.
    """
    bare = bare_bones(r, n)
    roots = [np.sqrt(_reliabilities(x)) for x in (rxx, ryy)]
    a = float(np.prod([x.mean() for x in roots]))
    rho = bare.r / a
    relative = sum(float(np.var(x)) / float(x.mean()) ** 2 for x in roots)
    left = bare.var_r - bare.var_e - rho**2 * a**2 * relative
    sd = max(0.0, left) ** 0.5 / a
    return Corrected(bare.k, bare.n, rho, sd, a, *_credible(rho, sd))


def individually_corrected(r: ArrayLike, n: ArrayLike, rxx: ArrayLike, ryy: ArrayLike) -> Corrected:
    """Return rho from the studies that print both reliabilities, each corrected by its own.

    Weights are n A^2; a study's error variance is (1 - mean r^2)^2 / (n - 1) / A^2, with the mean
    r of the studies used. Studies with a missing (NaN) reliability are left out and not counted.
    """
    x, y = np.asarray(rxx, dtype=float), np.asarray(ryy, dtype=float)
    both = np.isfinite(x) & np.isfinite(y)
    r_, n_ = _two_or_more(np.asarray(r, dtype=float)[both], np.asarray(n, dtype=float)[both])
    _reliabilities(x[both]), _reliabilities(y[both])
    a = np.sqrt(x[both] * y[both])
    w = n_ * a**2
    rho, spread = _moments(r_ / a, w)
    mean, _ = _moments(r_, n_)
    errors = (1 - mean**2) ** 2 / (n_ - 1) / a**2
    sd = max(0.0, spread - float(w @ errors / w.sum())) ** 0.5
    attenuation = float(n_ @ a / n_.sum())
    return Corrected(len(r_), int(n_.sum()), rho, sd, attenuation, *_credible(rho, sd))


def _two_or_more(r: ArrayLike, n: ArrayLike) -> tuple[Array, Array]:
    n_ = np.asarray(n, dtype=float)
    r_ = correlation(r, n_).y
    if len(r_) < 2:
        raise ModelError(
            "A Hunter-Schmidt synthesis needs at least two studies; there are {k} to use.",
            k=len(r_),
        )
    return r_, n_


def _moments(values: Array, w: Array) -> tuple[float, float]:
    mean = float(w @ values / w.sum())
    return mean, float(w @ (values - mean) ** 2 / w.sum())


def _credible(mean: float, sd: float) -> tuple[float, float]:
    reach = float(ndtri(0.5 + CREDIBILITY / 2)) * sd
    return mean - reach, mean + reach


def _reliabilities(values: ArrayLike) -> Array:
    every = np.asarray(values, dtype=float)
    found = every[np.isfinite(every)]
    if len(found) == 0 or (found <= 0).any() or (found > 1).any():
        raise ModelError(
            "A reliability lies above 0 and up to 1, and at least one study must print it."
        )
    return np.asarray(found)
