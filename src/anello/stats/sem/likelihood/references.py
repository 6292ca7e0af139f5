"""The two models that every fit is compared with: unrestricted, and nothing goes with anything."""

from dataclasses import dataclass, replace
from math import isnan

import numpy as np

from anello.stats.sem.language.rows import Row
from anello.stats.sem.language.table import Table

from .matrices import Floats, structure
from .optimise import Best, Objective, minimise
from .sample import Rough, Sample


@dataclass(frozen=True, eq=False)
class Reference:
    """A fitted comparison model: its moments by block, its deviance and its free moments.

    `deviance` belongs to covariance matrices between clusters that are possible; `wider` is that
    of any, with which an improper solution must be compared.
    """

    table: Table
    theta: Floats
    moments: tuple[Rough, ...]
    deviance: float
    wider: float
    free: int
    converged: bool


def saturated(table: Table) -> Table:
    """Return the table in which every variance, covariance and mean is free."""
    return _rows(table, lambda a, b, given: True)


def independent(table: Table) -> Table:
    """Return the table in which only given variables go together."""
    return _rows(table, lambda a, b, given: a == b or (a in given and b in given))


def _rows(table: Table, wanted: object) -> Table:
    assert callable(wanted)
    rows: list[Row] = []
    for (group, level), role in table.blocks.items():
        names = role.observed
        for i, a in enumerate(names):
            rows += [Row(a, "~~", b, group, level) for b in names[i:] if wanted(a, b, role.given)]
        above = table.blocks[group, 2].observed if table.levels == 2 and level == 1 else ()
        if table.means:
            rows += [Row(n, "~1", "", group, level, n not in above, 0.0) for n in names]
    free = [row for row in rows if row.free]
    for index, row in enumerate(free):
        row.index = index
    blocks = {key: replace(role, latent=(), latent_x=()) for key, role in table.blocks.items()}
    names_of = tuple(row.name for row in free)
    return replace(table, rows=tuple(rows), blocks=blocks, equations=(), free=names_of)


def first(table: Table, sample: Sample, *, apart: bool = False) -> Floats:
    """Return the parameters of a reference at the rough moments (`apart`: covariances zero)."""
    theta = np.zeros(len(table.free))
    for row in table.rows:
        if row.free:
            rough = sample.rough[(row.group - 1) * table.levels + row.level - 1]
            i = rough.names.index(row.lhs)
            if row.op == "~1":
                theta[row.index] = rough.mean[i]
            elif row.own_variance or not apart:
                theta[row.index] = rough.cov[i, rough.names.index(row.rhs)]
    return theta


def reference(table: Table, sample: Sample) -> Reference:
    """Return a fitted reference model; the maximum itself where the sample is `exact`."""
    objective = Objective(structure(table), sample.cells)
    theta = first(table, sample)
    value = objective.value(theta)
    best = Best(theta, value, np.zeros(0), 0.0, 0, True)
    if not (sample.exact and np.isfinite(value)):
        if not np.isfinite(value):
            theta = first(table, sample, apart=True)
        best = minimise(objective, theta)
        value = best.value
        best = _inside(table, objective, best)
    implied = objective.structure.implied(best.theta)
    moments = tuple(
        Rough(rough.names, block.sigma, block.mu if table.means else rough.mean)
        for rough, block in zip(sample.rough, implied, strict=True)
    )
    return Reference(table, best.theta, moments, best.value, value, len(table.free), best.converged)


def _inside(table: Table, objective: Objective, best: Best) -> Best:
    """Keep covariance matrices between clusters from having negative variance in any direction."""
    if table.levels == 1:
        return best
    implied = objective.structure.implied(best.theta)
    if all(np.linalg.eigvalsh(b.sigma)[0] > -1e-8 * np.trace(b.sigma) for b in implied[1::2]):
        return best
    return bounded(table, objective, best)


def bounded(table: Table, objective: Objective, best: Best) -> Best:
    """Return the maximum among positive semi-definite matrices, through their Cholesky factors.

    Newton's method with the expected curvature and that of the factors; negative directions are
    turned upwards.
    """
    packed = _Packed(table)
    x = packed.roots(best.theta)
    theta, turn = packed.unpack(x)
    value, decrement = objective.value(theta), np.inf
    for _ in range(200):
        g = objective.gradient(theta)
        h = turn.T @ objective.expected(theta) @ turn + packed.bend(g)
        values, vectors = np.linalg.eigh(h)
        floor = 1e-9 * float(np.abs(values).max())
        inner = vectors.T @ (turn.T @ g)
        down = -vectors @ (inner / np.maximum(np.abs(values), floor))
        decrement = float(inner @ (inner / np.maximum(np.abs(values), floor)))
        if decrement < 1e-9:
            break
        length = 1.0
        while length > 1e-8:
            there, moved = packed.unpack(x + length * down)
            lower = objective.value(there)
            if lower <= value - 1e-4 * length * decrement or (length < 1e-3 and lower < value):
                break
            length /= 2
        else:
            break
        x, theta, turn, value = x + length * down, there, moved, lower
    return Best(theta, value, np.zeros(0), decrement, 0, decrement < 1e-4)


class _Packed:
    """Turns every complete covariance matrix of a reference into its lower triangular root."""

    def __init__(self, table: Table) -> None:
        self.k = len(table.free)
        self.squares: list[tuple[list[tuple[int, int]], list[int], int]] = []
        for (group, level), role in table.blocks.items():
            names = role.observed
            rows = [r for r in table.of(group, level) if r.op == "~~"]
            if level == 2 and len(rows) == len(names) * (len(names) + 1) // 2:
                places = [
                    (max(a, b), min(a, b))
                    for a, b in ((names.index(r.lhs), names.index(r.rhs)) for r in rows)
                ]
                self.squares.append((places, [r.index for r in rows], len(names)))

    def roots(self, theta: Floats) -> Floats:
        x = theta.copy()
        for places, which, size in self.squares:
            s = np.zeros((size, size))
            for (i, j), w in zip(places, which, strict=True):
                s[i, j] = s[j, i] = theta[w]
            values, vectors = np.linalg.eigh(s)
            floor = 1e-3 * max(float(values[-1]), 1e-8)
            low = np.linalg.cholesky((vectors * np.maximum(values, floor)) @ vectors.T)
            x[which] = [low[i, j] for i, j in places]
        return x

    def unpack(self, x: Floats) -> tuple[Floats, Floats]:
        theta, turn = x.copy(), np.eye(self.k)
        for places, which, size in self.squares:
            low = np.zeros((size, size))
            for (i, j), w in zip(places, which, strict=True):
                low[i, j] = x[w]
            s = low @ low.T
            for (i, j), w in zip(places, which, strict=True):
                theta[w] = s[i, j]
                turn[w, which] = 0.0
                for (a, b), v in zip(places, which, strict=True):
                    turn[w, v] = (a == i) * low[j, b] + (a == j) * low[i, b]
        return theta, turn

    def bend(self, g: Floats) -> Floats:
        """Return how the factors curve the deviance, whose derivatives by the parameters are g."""
        found = np.zeros((self.k, self.k))
        for places, which, size in self.squares:
            pull = np.zeros((size, size))
            for (i, j), w in zip(places, which, strict=True):
                pull[i, j] += g[w] / 2
                pull[j, i] += g[w] / 2
            for (a, b), v in zip(places, which, strict=True):
                for (c, d), w in zip(places, which, strict=True):
                    found[v, w] = 2 * pull[a, c] if b == d else 0.0
        return found


def given_values(table: Table, unrestricted: Reference) -> Table:
    """Return the table with given rows fixed at the unrestricted moments."""
    rows = []
    for row in table.rows:
        if row.given:
            found = unrestricted.moments[(row.group - 1) * table.levels + row.level - 1]
            i = found.names.index(row.lhs)
            cell = found.mean[i] if row.op == "~1" else found.cov[i, found.names.index(row.rhs)]
            row = replace(row, value=float(cell))
        elif not row.free and isnan(row.value):
            row = replace(row, value=0.0)
        rows.append(row)
    return replace(table, rows=tuple(rows))
