"""Corrections become labels: a classifier of one's own, trusted only where it does better."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .accuracy import Row, agreement, class_of
from .classifiers import Features, bag, cross_validated, fit

Array = NDArray[np.float64]
LABELS = 30
"""Corrected sentiments from which a classifier is trained."""

EACH = 5
"""Examples that every class it may answer must have."""

BETTER = 1.645
"""How many standard errors ahead it must be in cross-validation (McNemar 1947) to be used."""


class Met(Protocol):
    """A comment that the rules have coded."""

    @property
    def digest(self) -> str:
        """Return what it is known by."""
        ...

    @property
    def language(self) -> str:
        """Return its language."""
        ...


@dataclass(frozen=True)
class Task:
    """Labelled comments: their places, the class people gave them, and their language."""

    rows: tuple[int, ...]
    truth: tuple[int, ...]
    spoken: tuple[str, ...]


@dataclass(frozen=True)
class Learned:
    """Labels against what coded: by language, rules (`words`) beside the classifier (`learned`).

    `sentiment` is of every comment: the classifier's when `used`, else that of the rules.
    `accuracy` rows hold language ("" for all), how, n, accuracy, low, high, f1, auc, commonest;
    those of the classifier are cross-validated.
    """

    labels: int
    trained: bool
    used: bool
    sentiment: tuple[float, ...]
    accuracy: tuple[Row, ...]


def learn(
    texts: Sequence[str],
    met: Sequence[Met],
    rules: Sequence[float],
    vectors: Array | None,
    labels: Mapping[int, float],
) -> Learned | None:
    """Return what labels teach (`labels`: sentiments by place); None when there are none."""
    if not labels:
        return None
    rows, truth = list(labels), [class_of(v) for v in labels.values()]
    task = Task(tuple(rows), tuple(truth), tuple(met[i].language for i in rows))
    said = [class_of(rules[i]) for i in rows]
    tables = _by_language("words", task, said, [rules[i] for i in rows])
    kinds = sorted(c for c in set(truth) if truth.count(c) >= EACH)
    if len(rows) < LABELS or len(kinds) < 2:
        return Learned(len(rows), False, False, tuple(rules), tuple(tables))
    features = Features(tuple(bag(t, r) for t, r in zip(texts, rules, strict=True)), vectors)
    kept = [i for i, t in zip(rows, truth, strict=True) if t in kinds]
    y = np.array([kinds.index(t) for t in truth if t in kinds])
    found = features.take(np.array(kept))
    shares = cross_validated(found, y, len(kinds), [met[i].digest for i in kept])
    own, scores = _answers(task, kept, shares, kinds)
    tables += _by_language("learned", task, own, scores)
    used = ahead(truth, said, own) >= BETTER
    sentiment = tuple(rules)
    if used:
        shares = fit(found, y, len(kinds)).shares(features)
        sentiment = tuple(float(v) for v in shares @ (np.array(kinds) - 1.0))
    return Learned(len(rows), True, used, sentiment, tuple(tables))


def _answers(
    task: Task, kept: Sequence[int], shares: Array, kinds: Sequence[int]
) -> tuple[list[int], list[float]]:
    """Return class and score that the classifier gave each label; -1 where it could not answer."""
    told = ~np.isnan(shares[:, 0])
    best = {i: kinds[int(s.argmax())] for i, s, t in zip(kept, shares, told, strict=True) if t}
    score = dict(zip(kept, np.nan_to_num(shares) @ (np.array(kinds) - 1.0), strict=True))
    own = [best.get(i, -1) for i in task.rows]
    return own, [float(score.get(i, 0.0)) for i in task.rows]


def ahead(truth: Sequence[int], one: Sequence[int], other: Sequence[int]) -> float:
    """Return by how many standard errors `other` is right more often than `one`.

    >>> round(ahead([0, 0, 0, 0], [0, 1, 1, 1], [0, 0, 0, 0]), 4)
    1.7321
    """
    pairs = [(a == t, b == t) for t, a, b in zip(truth, one, other, strict=True)]
    lost, won = pairs.count((True, False)), pairs.count((False, True))
    return (won - lost) / sqrt(won + lost) if won + lost else 0.0


def _by_language(how: str, task: Task, said: Sequence[int], scores: Sequence[float]) -> list[Row]:
    tables: list[Row] = []
    for language in ("", *sorted(set(task.spoken))):
        kept = [i for i, s in enumerate(task.spoken) if language in ("", s)]
        truth, found = [task.truth[i] for i in kept], [said[i] for i in kept]
        figures = agreement(truth, found, [scores[i] for i in kept])
        tables.append(Row(language=language, how=how, **figures))
    return tables
