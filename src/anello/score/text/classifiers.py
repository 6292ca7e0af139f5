"""Two small classifiers for an organisation's own labels: counts of words, and vectors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from .tokens import END, tokens

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


class Classifier(Protocol):
    """What was learned: shares of each class for new comments."""

    def shares(self, features: "Features") -> Array:
        """Return an array comments x classes whose rows add up to 1."""
        ...


@dataclass(frozen=True)
class Features:
    """Comments as a classifier sees them: bags of words, and vectors when there are any."""

    bags: tuple[tuple[str, ...], ...]
    vectors: Array | None = None

    def take(self, rows: Whole) -> "Features":
        """Return some of the comments."""
        vectors = None if self.vectors is None else self.vectors[rows]
        return Features(tuple(self.bags[i] for i in rows), vectors)


def bag(text: str, score: float) -> tuple[str, ...]:
    """Return the words and pairs of words of a comment, and what the word lists say of it.

    The verdict of the lists counts as three words, so that thirty labels need not teach it anew.
    """
    words = [w for w in tokens(text) if w != END]
    pairs = [f"{a} {b}" for a, b in pairwise(words)]
    said = "<praise>" if score > 0 else "<complaint>" if score < 0 else "<neither>"
    return (*words, *pairs, said, said, said)


@dataclass(frozen=True)
class NaiveBayes:
    """Multinomial naive Bayes with add-one smoothing (Manning, Raghavan & Schütze 2008, ch. 13)."""

    words: dict[str, int]
    log_prior: Array
    log_likelihood: Array

    def shares(self, features: Features) -> Array:
        """Return P(class | comment); words never met before say nothing."""
        out = np.tile(self.log_prior, (len(features.bags), 1))
        for i, words in enumerate(features.bags):
            known = [self.words[w] for w in words if w in self.words]
            out[i] += self.log_likelihood[:, known].sum(axis=1)
        return np.asarray(softmax(out, axis=1))


def naive_bayes(features: Features, y: Whole, classes: int) -> NaiveBayes:
    """Learn from bags of words; `y` are classes from 0, every one of which must be met."""
    words: dict[str, int] = {}
    for one in features.bags:
        for word in one:
            words.setdefault(word, len(words))
    counts = np.ones((classes, len(words)))
    for one, c in zip(features.bags, y, strict=True):
        np.add.at(counts[c], [words[w] for w in one], 1.0)
    prior = np.bincount(y, minlength=classes) / len(y)
    return NaiveBayes(words, np.log(prior), np.log(counts / counts.sum(axis=1, keepdims=True)))


@dataclass(frozen=True)
class Logistic:
    """Multinomial logistic regression with a ridge of 1/(2C) on the slopes."""

    centre: Array
    slopes: Array
    intercepts: Array

    def shares(self, features: Features) -> Array:
        """Return P(class | vector)."""
        assert features.vectors is not None
        return self.of(features.vectors)

    def of(self, vectors: Array) -> Array:
        """Return P(class | vector) of an array comments x dim."""
        return np.asarray(
            softmax((vectors - self.centre) @ self.slopes.T + self.intercepts, axis=1)
        )


def logistic(vectors: Array, y: Whole, classes: int, C: float = 10.0) -> Logistic:
    """Learn from vectors: minimise C * sum of log losses + |slopes|^2 / 2 (Hastie et al. 2009)."""
    p = vectors.shape[1]
    centre = vectors.mean(axis=0)
    x, told = vectors - centre, np.eye(classes)[y]

    def loss(theta: Array) -> tuple[float, Array]:
        slopes, intercepts = theta[: classes * p].reshape(classes, p), theta[classes * p :]
        logs = log_softmax(x @ slopes.T + intercepts, axis=1)
        off = np.exp(logs) - told
        value = -C * float((told * logs).sum()) + 0.5 * float((slopes**2).sum())
        grad = np.concatenate([(C * off.T @ x + slopes).ravel(), C * off.sum(axis=0)])
        return value, grad

    start = np.zeros(classes * (p + 1))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return Logistic(centre, found.x[: classes * p].reshape(classes, p), found.x[classes * p :])


def fit(features: Features, y: Whole, classes: int) -> Classifier:
    """Learn by vectors when there are any, else by words."""
    if features.vectors is not None:
        return logistic(features.vectors, y, classes)
    return naive_bayes(features, y, classes)


def cross_validated(
    features: Features, y: Whole, classes: int, digests: Sequence[str], folds: int = 5
) -> Array:
    """Return the shares that a fit without it gives each comment; equal comments share a fold.

    NaN for comments whose fold leaves a class without a single example.
    """
    fold = np.array([int(d[:8], 16) % folds for d in digests])
    out = np.full((len(y), classes), np.nan)
    for f in range(folds):
        train, test = np.flatnonzero(fold != f), np.flatnonzero(fold == f)
        if len(test) and _every(y[train], classes):
            learned = fit(features.take(train), y[train], classes)
            out[test] = learned.shares(features.take(test))
    return out


def _every(y: Whole, classes: int) -> bool:
    return set(_plain(y)) == set(range(classes))


def _plain(y: Iterable[int]) -> list[int]:
    return [int(v) for v in y]
