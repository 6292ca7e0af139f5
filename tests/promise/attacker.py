"""The attacker: what can be worked out from everything that was released.

A clean room: it imports nothing of the product, only numpy and scipy, and knows the staff list, who
answered, and who stands in which published figure. A released figure is a `Fact`: a weighted
sum of unknown answers that lies between two bounds. Unknowns are numbered as the caller likes, one
per person and wave.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from scipy.optimize import LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

SURE = 1e-6


@dataclass(frozen=True)
class Fact:
    """A released sum over unknowns: between `low` and `high`, with weights (1 when not given)."""

    who: np.ndarray
    low: float
    high: float
    weights: np.ndarray | None = None

    @property
    def w(self) -> np.ndarray:
        return np.ones(len(self.who)) if self.weights is None else self.weights


@dataclass(frozen=True)
class Found:
    """How many unknowns there are, whose answer is certain, and whose side of the middle is."""

    unknowns: int
    exact: frozenset[int]
    sign: frozenset[int]

    @property
    def exact_share(self) -> float:
        return len(self.exact) / self.unknowns

    @property
    def sign_share(self) -> float:
        return len(self.sign | self.exact) / self.unknowns


def mean(who, value: float, digits: int | None = None) -> Fact:
    """Return the fact behind a published mean, rounded to `digits` or in full."""
    who = np.asarray(who)
    half = 0.0 if digits is None else 0.5 * 10.0**-digits
    return Fact(who, (value - half) * len(who), (value + half) * len(who))


def attack(facts: Iterable[Fact], unknowns: int, low=1, high=5, bounds=True) -> Found:
    """Return what linear algebra and, with `bounds`, linear programming prove."""
    facts = [f for f in facts if len(f.who)]
    exact: set[int] = set()
    sign: set[int] = set()
    for part, unknown in _components(facts, unknowns):
        exact |= _spanned(part, unknown)
        if bounds:
            for who, least, most in _bounds(part, unknown, low, high):
                least, most = np.ceil(least - SURE), np.floor(most + SURE)
                if least >= most:
                    exact.add(who)
                if least > (low + high) / 2 or most < (low + high) / 2:
                    sign.add(who)
    return Found(unknowns, frozenset(exact), frozenset(sign))


def _components(facts: list[Fact], unknowns: int):
    """Split the facts into parts that share no unknown."""
    rows = np.repeat(np.arange(len(facts)), [len(f.who) for f in facts])
    cols = np.concatenate([f.who for f in facts])
    size = len(facts) + unknowns
    edges = csr_matrix((np.ones(len(rows)), (rows, cols + len(facts))), shape=(size, size))
    _, label = connected_components(edges, directed=False)
    by: dict[int, list[Fact]] = {}
    for place, fact in enumerate(facts):
        by.setdefault(int(label[place]), []).append(fact)
    for part in by.values():
        yield part, np.unique(np.concatenate([f.who for f in part]))


def _matrix(facts: Sequence[Fact], unknown: np.ndarray) -> np.ndarray:
    matrix = np.zeros((len(facts), len(unknown)))
    for row, fact in enumerate(facts):
        matrix[row, np.searchsorted(unknown, fact.who)] += fact.w
    return matrix


def _spanned(facts: list[Fact], unknown: np.ndarray) -> set[int]:
    """Return unknowns that are a linear combination of exact facts."""
    facts = [f for f in facts if f.high - f.low < 1e-9]
    if not facts:
        return set()
    matrix = _matrix(facts, unknown)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    r = np.linalg.qr(matrix, mode="r") if len(matrix) > len(unknown) else matrix
    _, s, v = np.linalg.svd(r, full_matrices=False)
    v = v[s > 1e-9 * s[0]]
    return {int(u) for u in unknown[(v**2).sum(axis=0) > 1 - SURE]}


def _bounds(facts: list[Fact], unknown: np.ndarray, low: float, high: float):
    """Yield (unknown, least, most) from linear programming, alike unknowns looked at once."""
    matrix = _matrix(facts, unknown)
    least, most = np.array([f.low for f in facts]), np.array([f.high for f in facts])
    _, first, alike = np.unique(matrix.round(12).T, axis=0, return_index=True, return_inverse=True)
    alike = alike.ravel()
    size = np.bincount(alike)
    small = matrix[:, first]
    for kind in range(len(first)):
        ends = _ends(small, size, kind, least, most, low, high)
        for place in np.flatnonzero(alike == kind):
            yield int(unknown[place]), *ends


def _ends(small, size, kind, least, most, low, high):
    """Return least and most of one member of a kind; the others of its kind stand as one sum."""
    columns = np.column_stack((small[:, kind], small))
    top, bottom = size * high, size * low
    top, bottom = top.astype(float), bottom.astype(float)
    top[kind] -= high
    bottom[kind] -= low
    limits = list(zip(np.append(low, bottom), np.append(high, top), strict=True))
    slack = 1e-7
    a, b = np.vstack((columns, -columns)), np.concatenate((most + slack, -least + slack))
    goal = np.zeros(columns.shape[1])
    goal[0] = 1.0
    if len(small) == 1:
        w = small[0]
        rest_low = float(np.where(w > 0, w * bottom, w * top).sum())
        rest_high = float(np.where(w > 0, w * top, w * bottom).sum())
        one = sorted(((least[0] - rest_high) / w[kind], (most[0] - rest_low) / w[kind]))
        return max(low, one[0]), min(high, one[1])
    ends = []
    for direction in (1, -1):
        done = linprog(direction * goal, A_ub=a, b_ub=b, bounds=limits, method="highs")
        ends.append(done.x[0] if done.status == 0 else (low if direction > 0 else high))
    return ends[0], ends[1]


def sets(groups: Iterable[tuple[int, float, float]], low=1, high=5) -> float:
    """Return the share of groups whose answers n, sum and sum of squares determine as a set."""
    told = [_alone(n, round(s), round(q), low, high) for n, s, q in groups]
    return sum(told) / max(len(told), 1)


def _alone(n: int, total: int, squares: int, low: int, high: int) -> bool:
    fits = (
        combination
        for combination in combinations_with_replacement(range(low, high + 1), n)
        if sum(combination) == total and sum(v * v for v in combination) == squares
    )
    return next(fits, None) is not None and next(fits, None) is None


def took_part(rates: Iterable[tuple[np.ndarray, float, float]], people: int) -> Found:
    """Return of whom response rates (eligible people, lowest, highest share) tell the answering."""
    facts = []
    for who, low, high in rates:
        least, most = np.ceil(low * len(who) - SURE), np.floor(high * len(who) + SURE)
        facts.append(Fact(np.asarray(who), least, most))
    return attack(facts, people, low=0, high=1)


def linked(rota: np.ndarray, diary: Sequence[frozenset[tuple[int, int]]]) -> float:
    """Return the share of diaries that only one person's rota fits.

    `rota` (people, days) holds the shift of each day, 0 for a day off; a diary is what was stored
    of one pseudonym: pairs of day and shift.
    """
    alone = 0
    for entries in diary:
        fits = [p for p in rota if all(d < len(p) and p[d] == shift for d, shift in entries)]
        alone += len(fits) == 1
    return alone / max(len(diary), 1)


def placed_by_shares(
    cells: Sequence[tuple[int, float]], favourable: int, unfavourable: int, end=2, low=1, high=5
) -> int:
    """Return how many people of a block its cells (n, sum) and both counts place at an end."""
    width = high - low + 1
    values = np.arange(low, high + 1)
    count = len(cells)
    rows, sides = [], []
    for i, (n, total) in enumerate(cells):
        for weight, side in ((np.ones(width), n), (values, total)):
            row = np.zeros((count, width))
            row[i] = weight
            rows.append(row.ravel())
            sides.append(side)
    for part, side in ((slice(width - end, width), favourable), (slice(0, end), unfavourable)):
        row = np.zeros((count, width))
        row[:, part] = 1
        rows.append(row.ravel())
        sides.append(side)
    told = LinearConstraint(np.array(rows), sides, sides)
    placed = 0
    for i, (n, _) in enumerate(cells):
        for part in (slice(0, width - end), slice(end, width)):
            goal = np.zeros((count, width))
            goal[i, part] = -1
            best = milp(goal.ravel(), constraints=told, integrality=np.ones(goal.size))
            placed += n * (best.status == 0 and -best.fun < 0.5)
    return placed
