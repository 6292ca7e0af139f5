"""How often the coding agrees with people: always printed beside it, with its n and interval."""

from collections import Counter
from collections.abc import Sequence
from math import sqrt
from typing import TypedDict

import numpy as np
from scipy.stats import rankdata

CLASSES = ("complaint", "neutral", "praise")
EDGE = 0.15
"""Sentiment within this distance of 0 counts as neutral."""

_Z = 1.959963984540054


def class_of(sentiment: float) -> int:
    """Return 0 for a complaint, 1 for neutral, 2 for praise.

    >>> [CLASSES[class_of(s)] for s in (-0.7, 0.1, 0.5)]
    ['complaint', 'neutral', 'praise']
    """
    return 2 if sentiment > EDGE else 0 if sentiment < -EDGE else 1


def wilson(right: int, n: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share (Wilson 1927, JASA 22, 209-212).

    >>> [round(x, 4) for x in wilson(9, 10)]
    [0.5958, 0.9821]
    """
    if n == 0:
        return float("nan"), float("nan")
    p, z2 = right / n, _Z**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


class Row(TypedDict, total=False):
    """How well one coder did in one language; None where nothing can be said."""

    language: str
    how: str
    n: int
    accuracy: float | None
    low: float | None
    high: float | None
    f1: float | None
    auc: float | None
    commonest: float | None


def agreement(truth: Sequence[int], said: Sequence[int], scores: Sequence[float]) -> Row:
    """Return n, accuracy with interval, macro F1, AUC and the share of the commonest label.

    `scores` order the comments from complaint to praise; the AUC compares labelled praise with
    labelled complaint and leaves neutral ones out; None when one of the two is missing.
    """
    n = len(truth)
    right = sum(t == s for t, s in zip(truth, said, strict=True))
    low, high = wilson(right, n)
    return {
        "n": n,
        "accuracy": right / n if n else None,
        "low": low if n else None,
        "high": high if n else None,
        "f1": macro_f1(truth, said) if n else None,
        "auc": auc(truth, scores),
        "commonest": max(Counter(truth).values()) / n if n else None,
    }


def macro_f1(truth: Sequence[int], said: Sequence[int]) -> float:
    """Return the mean F1 over the classes that people gave at least once.

    >>> round(macro_f1([0, 0, 2, 2], [0, 2, 2, 2]), 4)
    0.7333
    """
    return float(np.mean([f1(truth, said, c) for c in sorted(set(truth))]))


def f1(truth: Sequence[int], said: Sequence[int], label: int) -> float:
    """Return 2 TP / (2 TP + FP + FN) of one label."""
    pairs = list(zip(truth, said, strict=True))
    both = sum(t == label == s for t, s in pairs)
    wrong = sum((t == label) != (s == label) for t, s in pairs)
    return 2 * both / (2 * both + wrong) if both or wrong else 1.0


def auc(truth: Sequence[int], scores: Sequence[float]) -> float | None:
    """Return the chance that praise scores above a complaint, ties counting half.

    >>> auc([2, 2, 0, 1], [0.5, 0.0, 0.0, 0.9])
    0.75
    """
    t, s = np.asarray(truth), np.asarray(scores, dtype=float)
    kept = (t == 0) | (t == 2)
    t, s = t[kept], s[kept]
    praised, n = int((t == 2).sum()), len(t)
    if praised in (0, n):
        return None
    ranks = float(rankdata(s)[t == 2].sum())
    return (ranks - praised * (praised + 1) / 2) / (praised * (n - praised))
