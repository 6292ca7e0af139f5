"""A model of counts near its estimate, row by row, as a linear one: weights and working response.

With the predictor eta a row has the score s = d log p / d eta and the expected information w; the
working response is eta + s / w (McCullagh & Nelder, Generalized Linear Models, 2nd ed., 1989,
section 2.5). Logit link, or log for counts of events.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from ..moments import Floats

LEAST = 1e-10
"""A row of less information than this tells nothing; its weight is kept above zero."""


@dataclass(frozen=True, eq=False)
class Working:
    """Of each row (n): `w` its information, `left` the working response minus eta.

    `per` says by how much the working response moves with the answer (of an ordinal one with its
    score): 1 / w for these links.
    """

    w: Floats
    left: Floats

    @property
    def per(self) -> Floats:
        """Return 1 / w."""
        return 1 / self.w


def binomial(eta: Floats, yes: Floats, total: Floats) -> Working:
    """Return the linear form of `yes` among `total` answers, logit link.

    >>> found = binomial(np.zeros(2), np.array([0.0, 1]), np.ones(2))
    >>> found.w.tolist(), found.left.tolist()
    ([0.25, 0.25], [-2.0, 2.0])
    """
    p = expit(eta)
    return _working(total * p * expit(-eta), yes - total * p)


def poisson(eta: Floats, count: Floats) -> Working:
    """Return the linear form of counts of events, log link."""
    mean = np.exp(np.minimum(eta, 700))
    return _working(mean, count - mean)


def ordinal(eta: Floats, category: Floats, thresholds: Floats) -> Working:
    """Return the linear form of ordered answers: P(y <= k) = F(thresholds_k - eta), logit link.

    `category` counts from 0. Two categories are a binomial answer.

    >>> found = ordinal(np.zeros(2), np.array([0.0, 1]), np.array([0.0]))
    >>> found.w.tolist(), found.left.tolist()
    ([0.25, 0.25], [-2.0, 2.0])
    """
    below = expit(thresholds[None, :] - eta[:, None])
    slopes = below * (1 - below)
    ends = np.zeros((len(eta), 1))
    p = np.diff(np.hstack((ends, below, ends + 1)), axis=1)
    d = -np.diff(np.hstack((ends, slopes, ends)), axis=1)
    p = np.maximum(p, LEAST)
    at = category.astype(np.int64)[:, None]
    score = np.take_along_axis(d, at, 1) / np.take_along_axis(p, at, 1)
    return _working((d**2 / p).sum(axis=1), score[:, 0])


def _working(w: Floats, score: Floats) -> Working:
    w = np.maximum(w, LEAST)
    return Working(w, np.asarray(score / w, np.float64))
