"""Weighted least squares when each study's variance is known: the arithmetic under every model."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anello.model.errors import ModelError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """One weighted fit of y (k,) on x (k, p) with weights w = 1 / variance.

    P = W - W X (X'WX)^-1 X'W is never formed: `py` is P y, `rss` y'Py, `trace` tr(P), `trace2`
    tr(PP), `logdet` log|X'WX|; `cov` is (X'WX)^-1. Time and memory grow as k p^2.
    """

    w: Array
    beta: Array
    cov: Array
    py: Array
    rss: float
    trace: float
    trace2: float
    logdet: float


def weigh(y: Array, x: Array, variance: Array) -> Weighed:
    """Return the weighted fit; x must have full rank (see `checked`)."""
    w = 1 / variance
    root = np.sqrt(w)
    q, r = np.linalg.qr(root[:, None] * x)
    z = root * y
    qz = q.T @ z
    inverse = np.linalg.inv(r)
    residual = root * (z - q @ qz)
    leverage = np.einsum("ij,ij->i", q, q)
    qwq = q.T @ (w[:, None] * q)
    return Weighed(
        w=w,
        beta=inverse @ qz,
        cov=inverse @ inverse.T,
        py=residual,
        rss=float(residual @ (variance * residual)),
        trace=float(w @ (1 - leverage)),
        trace2=float(w**2 @ (1 - 2 * leverage) + (qwq**2).sum()),
        logdet=2 * float(np.log(np.abs(np.diag(r))).sum()),
    )


def checked(y: ArrayLike, v: ArrayLike, x: ArrayLike | None = None) -> tuple[Array, Array, Array]:
    """Return effects, variances and moderators as arrays, or refuse them in one sentence.

    Without `x` the model is a mean: one column of ones. Raises `ModelError` for figures that are
    missing, variances of zero or less, too few studies, or moderators that repeat each other.
    """
    y_, v_ = np.asarray(y, dtype=float), np.asarray(v, dtype=float)
    x_ = np.ones((len(y_), 1)) if x is None else np.asarray(x, dtype=float)
    known = np.isfinite(y_) & np.isfinite(v_) & np.isfinite(x_).all(axis=1)
    _refuse_first(~known, "Study {study}: its effect, variance or moderator is missing.")
    _refuse_first(v_ <= 0, "Study {study}: its sampling variance must be above zero.")
    k, p = x_.shape
    if k <= p:
        raise ModelError(
            "There are {k} studies for {p} coefficients; a meta-analysis needs more studies than "
            "coefficients, and at least two.",
            k=k,
            p=p,
        )
    size = np.sqrt((x_**2).sum(axis=0))
    if (size == 0).any() or np.linalg.matrix_rank(x_ / size) < p:
        raise ModelError(
            "The moderators repeat each other or do not vary among these {k} studies; leave one "
            "out.",
            k=k,
        )
    return y_, v_, x_


def _refuse_first(bad: NDArray[np.bool_], sentence: str) -> None:
    for study in np.flatnonzero(bad)[:1]:
        raise ModelError(sentence, study=int(study) + 1)
