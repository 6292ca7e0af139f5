"""Modification indices: how much the test would fall if one more parameter were free."""

from dataclasses import dataclass, replace

import numpy as np

from .fit import Fitted
from .language.rows import Row
from .language.rules import constraints
from .language.table import Table
from .likelihood.matrices import Floats, null_space, structure
from .likelihood.optimise import Objective


@dataclass(frozen=True, slots=True)
class Modification:
    """A parameter that is fixed or absent: the fall of chi2 (1 df) and the value it would take."""

    lhs: str
    op: str
    rhs: str
    level: int
    group: int
    mi: float
    epc: float


def modification_indices(found: Fitted) -> tuple[Modification, ...]:
    """Return the modification indices of a fitted model, largest first.

    Lagrange multiplier tests with expected information (Sorbom, 1989). Each is for one change
    alone; a model changed because of them must be confirmed on other data.
    """
    k = len(found.theta)
    out = []
    for row in _candidates(found.table):
        wide = _with(found.table, row)
        objective = Objective(structure(wide), found.sample.cells)
        start = row.value if np.isfinite(row.value) else 0.0
        theta = np.append(found.theta, start)
        g = -objective.gradient(theta)[k] / 2
        information = objective.expected(theta) / 2
        left = _left(information, found, k)
        if left is not None and left > 1e-8 * max(information[k, k], 1e-12):
            mi, change = float(g**2 / left), float(g / left)
            out.append(Modification(row.lhs, row.op, row.rhs, row.level, row.group, mi, change))
    return tuple(sorted(out, key=lambda m: -m.mi))


def _left(information: Floats, found: Fitted, k: int) -> float | None:
    """Return the information about the last parameter that the others leave."""
    rules = Objective(found.structure, found.sample.cells, constraints(found.table))
    _, slopes = rules.bound(found.theta)
    free = null_space(slopes) if len(slopes) else np.eye(k)
    inner = free.T @ information[:k, :k] @ free
    cross = free.T @ information[:k, k]
    try:
        return float(information[k, k] - cross @ np.linalg.solve(inner, cross))
    except np.linalg.LinAlgError:
        return None


def _with(table: Table, row: Row) -> Table:
    new = replace(row, free=True, index=len(table.free))
    rows = tuple(r for r in table.rows if _key(r) != _key(row))
    return replace(table, rows=(*rows, new), free=(*table.free, row.name))


def _key(row: Row) -> tuple[int, int, str, str, str]:
    return row.group, row.level, row.lhs, row.op, row.rhs


def _candidates(table: Table) -> list[Row]:
    """Return fixed rows, and loadings, covariances and paths that a model of this kind could have.

    Paths are those between variables that stand in some path of the block already.
    """
    found = [r for r in table.rows if not r.free and not r.given and not _trivial(table, r)]
    known = {_key(r) for r in table.rows}
    for (group, level), role in table.blocks.items():
        pairs = [(f, "=~", x) for f in role.latent for x in role.explained]
        for names in (role.explained, role.latent):
            pairs += [(a, "~~", b) for i, a in enumerate(names) for b in names[i + 1 :]]
        own = [r for r in table.rows if (r.group, r.level, r.op) == (group, level, "~")]
        linked = dict.fromkeys(name for r in own for name in (r.lhs, r.rhs))
        pairs += [(a, "~", b) for a in linked if a not in role.given for b in linked if a != b]
        for lhs, op, rhs in pairs:
            same = {(group, level, lhs, op, rhs)}
            if op != "~":
                same.add((group, level, rhs, op, lhs))
            if same & known:
                continue
            found.append(Row(lhs, op, rhs, group, level, False, 0.0))
    return found


def _trivial(table: Table, row: Row) -> bool:
    """Return whether freeing a row only moves a scale: first loadings, means that are elsewhere."""
    return row.op == "~1" and table.levels == 2 and row.level == 1
