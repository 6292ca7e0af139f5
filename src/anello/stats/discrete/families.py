"""What one cell of a table of counts adds to the log-likelihood, and its slopes.

A cell is a covariate pattern of a group. Its probability hangs on one linear predictor `a`
(binomial, Poisson) or on two, `a` above and `b` below: an ordinal answer k has the probability
F(a) - F(b) with a = tau_k - eta and b = tau_(k-1) - eta. A varying effect moves a and b together;
`s` in the names below is the derivative in that direction.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr

from ..moments import Floats

LOG_ROOT_2PI = 0.5 * np.log(2 * np.pi)


@dataclass(frozen=True, eq=False)
class Counts:
    """The counts of each cell (n): `yes` of `total`.

    Poisson: `yes` is the sum of the counts and `total` the number of rows. Ordinal: `yes` is the
    number of answers in the cell's category, and `total` repeats it.
    """

    yes: Floats
    total: Floats


@dataclass(frozen=True, eq=False)
class Slopes:
    """Log-likelihood of each cell (n) and its derivatives.

    `a`, `b` by the two predictors; `sa`, `sb` those again along both. `h` is the curvature that
    scales the quadrature (the second derivative, or its expectation), `ha` and `hb` its
    derivatives. Those by b are None where a family has one predictor.
    """

    value: Floats
    a: Floats
    b: Floats | None
    sa: Floats
    sb: Floats | None
    h: Floats
    ha: Floats
    hb: Floats | None

    @property
    def first(self) -> Floats:
        """Return the derivative along both predictors."""
        return self.a if self.b is None else self.a + self.b

    @property
    def second(self) -> Floats:
        """Return the second derivative along both predictors."""
        return self.sa if self.sb is None else self.sa + self.sb

    @property
    def third(self) -> Floats:
        """Return the derivative of `h` along both predictors."""
        return self.ha if self.hb is None else self.ha + self.hb


Evaluate = Callable[[Counts, Floats, Floats | None], Slopes]
Value = Callable[[Counts, Floats, Floats | None], Floats]


@dataclass(frozen=True, slots=True)
class Family:
    """A distribution with its link; `latent` is the variance behind a single answer, or None."""

    name: str
    link: str
    value: Value
    slopes: Evaluate
    latent: float | None


def _logistic(x: Floats) -> Floats:
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * x))


def _log_logistic(x: Floats) -> Floats:
    return np.asarray(-np.logaddexp(0.0, -x))


def _binomial_logit_value(counts: Counts, a: Floats, b: Floats | None) -> Floats:
    return np.asarray(counts.yes * a - counts.total * np.logaddexp(0.0, a))


def _binomial_logit(counts: Counts, a: Floats, b: Floats | None) -> Slopes:
    p = _logistic(a)
    v = counts.total * p * _logistic(-a)
    value = _binomial_logit_value(counts, a, b)
    return Slopes(value, counts.yes - counts.total * p, None, -v, None, -v, -v * (1 - 2 * p), None)


def _mills(x: Floats) -> Floats:
    return np.asarray(np.exp(-0.5 * x * x - LOG_ROOT_2PI - log_ndtr(x)))


def _binomial_probit_value(counts: Counts, a: Floats, b: Floats | None) -> Floats:
    no = counts.total - counts.yes
    return np.asarray(counts.yes * log_ndtr(a) + no * log_ndtr(-a))


def _binomial_probit(counts: Counts, a: Floats, b: Floats | None) -> Slopes:
    """Return the slopes; `h` is the expected curvature, as in lme4's iterated least squares."""
    no = counts.total - counts.yes
    up, down = _mills(a), _mills(-a)
    first = counts.yes * up - no * down
    second = -counts.yes * up * (up + a) - no * down * (down - a)
    expected = counts.total * up * down
    slope = expected * (down - up - 2 * a)
    value = _binomial_probit_value(counts, a, b)
    return Slopes(value, first, None, second, None, -expected, -slope, None)


def _poisson_value(counts: Counts, a: Floats, b: Floats | None) -> Floats:
    return np.asarray(counts.yes * a - counts.total * np.exp(np.minimum(a, 700)))


def _poisson(counts: Counts, a: Floats, b: Floats | None) -> Slopes:
    mean = counts.total * np.exp(np.minimum(a, 700))
    return Slopes(counts.yes * a - mean, counts.yes - mean, None, -mean, None, -mean, -mean, None)


def _apart(a: Floats, b: Floats) -> Floats:
    """Return 1 / (exp(a - b) - 1), 0 where one of them is infinite, NaN where a <= b."""
    gap = a - b
    with np.errstate(over="ignore", divide="ignore"):
        return np.where(gap > 0, 1 / np.expm1(np.where(gap > 0, gap, 1.0)), np.nan)


def _ordinal_logit_value(counts: Counts, a: Floats, b: Floats | None) -> Floats:
    assert b is not None
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        closeness = np.log(-np.expm1(b - a))
    return np.asarray(counts.yes * (_log_logistic(a) + _log_logistic(-b) + closeness))


def _ordinal_logit(counts: Counts, a: Floats, b: Floats | None) -> Slopes:
    """Return the slopes from log P = log F(a) + log F(-b) + log(1 - exp(b - a))."""
    assert b is not None
    w, apart = counts.yes, _apart(a, b)
    above, below = _logistic(a), _logistic(b)
    fa, fb = above * _logistic(-a), below * _logistic(-b)
    return Slopes(
        _ordinal_logit_value(counts, a, b),
        w * (_logistic(-a) + apart),
        -w * (below + apart),
        -w * fa,
        -w * fb,
        -w * (fa + fb),
        -w * fa * (1 - 2 * above),
        -w * fb * (1 - 2 * below),
    )


def _log_slice(a: Floats, b: Floats) -> Floats:
    """Return log(Phi(a) - Phi(b)), from the tail that loses no digits."""
    flip = a + b > 0
    upper, lower = np.where(flip, -b, a), np.where(flip, -a, b)
    top = log_ndtr(upper)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(top + np.log(-np.expm1(log_ndtr(lower) - top)))


def _ordinal_probit_value(counts: Counts, a: Floats, b: Floats | None) -> Floats:
    assert b is not None
    return np.asarray(counts.yes * _log_slice(a, b))


def _ordinal_probit(counts: Counts, a: Floats, b: Floats | None) -> Slopes:
    assert b is not None
    w, log_p = counts.yes, _log_slice(a, b)
    x, y = np.where(np.isfinite(a), a, 0.0), np.where(np.isfinite(b), b, 0.0)
    fa = np.where(np.isfinite(a), np.exp(-0.5 * x * x - LOG_ROOT_2PI - log_p), 0.0)
    fb = np.where(np.isfinite(b), np.exp(-0.5 * y * y - LOG_ROOT_2PI - log_p), 0.0)
    one, two = fa - fb, -x * fa + y * fb
    sa, sb = -x * fa - fa * one, y * fb + fb * one
    ssa = (x * x - 1) * fa + 2 * x * fa * one - fa * two + 2 * fa * one * one
    ssb = -(y * y - 1) * fb - 2 * y * fb * one + fb * two - 2 * fb * one * one
    h = w * (sa + sb)
    return Slopes(w * log_p, w * fa, -w * fb, w * sa, w * sb, h, w * ssa, w * ssb)


FAMILIES = {
    ("binomial", "logit"): Family(
        "binomial", "logit", _binomial_logit_value, _binomial_logit, np.pi**2 / 3
    ),
    ("binomial", "probit"): Family(
        "binomial", "probit", _binomial_probit_value, _binomial_probit, 1.0
    ),
    ("ordinal", "logit"): Family(
        "ordinal", "logit", _ordinal_logit_value, _ordinal_logit, np.pi**2 / 3
    ),
    ("ordinal", "probit"): Family("ordinal", "probit", _ordinal_probit_value, _ordinal_probit, 1.0),
    ("poisson", "log"): Family("poisson", "log", _poisson_value, _poisson, None),
}
