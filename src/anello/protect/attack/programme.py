"""Linear programming over classes of people who stand behind the same figures.

Unknown are, of each class c, how many answered (n_c) and the sum of their answers (s_c). A figure
says that the n_c of its classes add up to n and their s_c to n times its mean; nobody's answer
leaves the scale, so low n_c <= s_c <= high n_c. What is bounded is x, the answer of one member of a
class: then the others of the class keep low (n_c - 1) <= s_c - x <= high (n_c - 1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, inf

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from .scale import SURE, Scale

Floats = NDArray[np.float64]
Spans = list[tuple[float | None, float | None]]
SLACK = 1e-7
WIDER = 1e-5
"""Bounds of an answer are opened by this part of the scale: the solver's error stays inside."""


@dataclass(frozen=True, slots=True)
class Equation:
    """A figure over classes (places in the list of classes): its n and its mean lie between."""

    classes: tuple[int, ...]
    n: tuple[int, int]
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class People:
    """A class: at least and at most so many of them answered; `most` None for nobody knows."""

    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a class: how many answered, their mean, and one member's answer."""

    n: tuple[int, int]
    mean: tuple[float, float]
    answer: tuple[float, float]


def told(
    equations: Sequence[Equation], classes: Sequence[People], scale: Scale, target: int
) -> Told | None:
    """Return what the equations tell of a class; None when nothing fits all of them.

    >>> two = [Equation((0, 1), (6, 6), 4, 4), Equation((0,), (5, 5), 3.8, 3.8)]
    >>> told(two, [People(), People()], Scale(1, 5), 1).answer
    (5.0, 5.0)
    """
    count = len(classes)
    a, b = _rows(equations, scale, count)
    spans = _spans(classes)
    n = _ends(a, b, spans, _one(2 * count + 1, target))
    if n is None:
        return None
    least, most = ceil(n[0] - SURE), floor(n[1] + SURE)
    if most < max(least, 1):
        return Told((0, 0), (scale.low, scale.high), (scale.low, scale.high))
    spans[target] = (float(max(least, 1)), float(most))
    spans[-1] = (scale.low, scale.high)
    a, b = _with_member(a, b, scale, target, count)
    answer = _ends(a, b, spans, _one(2 * count + 1, -1))
    if answer is None:
        return Told((0, 0), (scale.low, scale.high), (scale.low, scale.high))
    open_by = WIDER * (scale.high - scale.low)
    inward = scale.inward(answer[0] - open_by, answer[1] + open_by)
    return Told((least, most), _mean(a, b, spans, scale, target, count), inward)


def _mean(
    a: Floats, b: Floats, spans: Spans, scale: Scale,
    target: int, count: int,
) -> tuple[float, float]:  # fmt: skip
    least, most = spans[target]
    if least is None or most is None or least != most:
        return scale.low, scale.high
    found = _ends(a, b, spans, _one(2 * count + 1, count + target))
    return (scale.low, scale.high) if found is None else (found[0] / least, found[1] / least)


def _spans(classes: Sequence[People]) -> Spans:
    count = len(classes)
    sizes: Spans = [(float(p.least), None if p.most is None else float(p.most)) for p in classes]
    free: Spans = [(None, None)] * count
    return [*sizes, *free, (0.0, 0.0)]


def _one(size: int, at: int) -> Floats:
    goal = np.zeros(size)
    goal[at] = 1.0
    return goal


def _rows(equations: Sequence[Equation], scale: Scale, count: int) -> tuple[Floats, Floats]:
    """Return A and b of A v <= b over v = (n, s, x)."""
    rows, sides = [], []
    for e in equations:
        n = np.zeros(2 * count + 1)
        n[list(e.classes)] = 1.0
        s = np.roll(n, count)
        slack = SLACK * max(e.n[1], 1)
        rows += [n, -n, s - e.most * n, e.least * n - s]
        sides += [float(e.n[1]), -float(e.n[0]), slack, slack]
    for c in range(count):
        n, s = _one(2 * count + 1, c), _one(2 * count + 1, count + c)
        rows += [s - scale.high * n, scale.low * n - s]
        sides += [SLACK, SLACK]
    return np.array(rows), np.array(sides)


def _with_member(
    a: Floats, b: Floats, scale: Scale, target: int, count: int
) -> tuple[Floats, Floats]:
    size = 2 * count + 1
    n, s, x = _one(size, target), _one(size, count + target), _one(size, -1)
    rows = np.vstack((a, s - x - scale.high * n, x - s + scale.low * n))
    return rows, np.concatenate((b, [-scale.high + SLACK, scale.low + SLACK]))


def _ends(a: Floats, b: Floats, spans: Spans, goal: Floats) -> tuple[float, float] | None:
    """Return the least and most of a goal; None when nothing fits."""
    ends = []
    for sign in (1.0, -1.0):
        done = linprog(sign * goal, A_ub=a, b_ub=b, bounds=spans, method="highs")
        if done.status == 2:
            return None
        ends.append(sign * float(done.fun) if done.status == 0 else -sign * inf)
    return ends[0], ends[1]
