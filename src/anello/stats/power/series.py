"""Series of units over waves: drawing them, and reading their parts back from a history.

A unit's value is a stable part plus a part that moves from wave to wave with autocorrelation phi
(first order). Q = I - 11'/T takes the mean of T waves out; R is the matrix phi^|s - t|.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PATTERNS = 100
LINGERS = (-0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Parts:
    """The variance that stays with units, the one that moves inside them, and how it lingers."""

    stable: float
    moving: float
    autocorrelation: float


def lingering(waves: int, phi: float) -> Array:
    """Return R, the waves x waves correlation of the moving part."""
    t = np.arange(waves)
    return np.asarray(float(phi) ** np.abs(t[:, None] - t))


def share_of_mean(waves: int, phi: float) -> float:
    """Return the variance of the mean of so many waves of a moving part of variance 1.

    >>> share_of_mean(4, 0.0), round(share_of_mean(4, 0.5), 4)
    (0.25, 0.5156)
    """
    return float(lingering(waves, phi).mean())


def drawn(draws: int, units: int, waves: int, phi: float, rng: np.random.Generator) -> Array:
    """Return draws x units x waves of a moving part with variance 1."""
    out = rng.standard_normal((draws, units, waves))
    fresh = np.sqrt(1 - phi**2)
    for t in range(1, waves):
        out[..., t] = phi * out[..., t - 1] + fresh * out[..., t]
    return out


def within_spread(waves: int, source: float, target: float) -> tuple[float, float]:
    """Return what J slopes inside units are worth for autocorrelations of source and target.

    With unit means out, S = J tr(Q R_x) and Var(b) = tr(Q R_x Q R_e) / (J tr(Q R_x)^2) for target
    residuals of variance 1. Returns (J Var(b), df / (J - 1)) for a large number of units; the
    second is Satterthwaite's, 1 / (1 + 2 tr((Q R_x)^2) / tr(Q R_x)^2).

    >>> tuple(round(v, 4) for v in within_spread(2, 0.0, 0.0))
    (1.0, 0.3333)
    """
    Q = np.eye(waves) - 1 / waves
    x, e = Q @ lingering(waves, source), Q @ lingering(waves, target)
    total = float(np.trace(x))
    variance = float(np.trace(x @ e)) / total**2
    return variance, 1 / (1 + 2 * float(np.trace(x @ x)) / total**2)


def parts(values: Array) -> Parts:
    """Return the parts of a history, units x waves, NaN where nothing is known.

    Wave means are out first. Autocorrelation is read from neighbouring waves; what a short or
    gappy series loses with its own mean (Nickell's bias) is counted exactly, from the pattern of
    the waves that each unit has (the hundred most frequent patterns). Units met once tell nothing
    of it. Needs two units met twice or more; raises ValueError otherwise.
    """
    v = values - np.array([_mean(column) for column in values.T])
    met = np.isfinite(v)
    v, met = v[met.sum(axis=1) > 1], met[met.sum(axis=1) > 1]
    if len(v) < 2:
        raise ValueError("fewer than two units were met twice")
    means = np.array([_mean(row) for row in v])
    left = np.where(met, v - means[:, None], 0.0)
    patterns, counts = _frequent(met)
    squares, neighbours = float(np.sum(left**2)), float(np.sum(left[:, 1:] * left[:, :-1]))
    phi = _phi(neighbours / squares, patterns, counts) if squares > 0 else 0.0
    kept, _, of_mean = _expected(phi, patterns, counts)
    moving = squares / len(v) / kept * len(v) / (len(v) - 1)
    return Parts(max(0.0, float(np.var(means, ddof=1)) - moving * of_mean), moving, phi)


def _mean(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _frequent(met: NDArray[np.bool_]) -> tuple[Array, Array]:
    found, counts = np.unique(met, axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:PATTERNS]
    return found[order].astype(float), counts[order] / counts[order].sum()


def _phi(shown: float, patterns: Array, counts: Array) -> float:
    """Return the phi whose series, each with its own mean out, show this neighbour correlation."""
    low, high = LINGERS
    for _ in range(40):
        middle = (low + high) / 2
        squares, neighbours, _ = _expected(middle, patterns, counts)
        low, high = (middle, high) if neighbours / squares < shown else (low, middle)
    return (low + high) / 2 if patterns.shape[1] > 2 else 0.0


def _expected(phi: float, patterns: Array, counts: Array) -> tuple[float, float, float]:
    """Return, for a unit of moving variance 1, its squares, neighbour products and mean."""
    R = lingering(patterns.shape[1], phi)
    w = patterns / patterns.sum(axis=1, keepdims=True)
    towards = w @ R
    mean = np.einsum("pt,pt->p", towards, w)
    left = R - towards[:, :, None] - towards[:, None, :] + mean[:, None, None]
    left = left * patterns[:, :, None] * patterns[:, None, :]
    squares, beside = (np.trace(left, offset=k, axis1=1, axis2=2) for k in (0, 1))
    return float(counts @ squares), float(counts @ beside), float(counts @ mean)
