"""Where the search begins: plain guesses from the data, or what the text asks with start()."""

from math import isnan

import numpy as np

from .matrices import Floats
from .rows import Row
from .sample import Rough, Sample
from .table import Table

RESIDUAL = 0.5
LATENT = 0.4


def starts(table: Table, sample: Sample, share: float = 1.0) -> Floats:
    """Return first values of the free parameters; `share` shrinks loadings for another attempt."""
    theta = np.full(len(table.free), np.nan)
    for row in table.rows:
        if row.free and isnan(theta[row.index]):
            theta[row.index] = _first(table, sample, row, share)
    return theta


def _first(table: Table, sample: Sample, row: Row, share: float) -> float:
    if not isnan(row.start):
        return row.start
    rough = sample.rough[(row.group - 1) * table.levels + row.level - 1]
    if row.op == "=~":
        return share * _loading(table, rough, row)
    if row.op == "~1":
        return float(rough.mean[rough.names.index(row.lhs)]) if row.lhs in rough.names else 0.0
    if row.op == "~":
        return 0.0
    if row.own_variance:
        return _variance(table, rough, row)
    pair = [name in rough.names and not _explained(table, row, name) for name in (row.lhs, row.rhs)]
    if all(pair):
        return float(rough.cov[rough.names.index(row.lhs), rough.names.index(row.rhs)])
    return 0.0


def _explained(table: Table, row: Row, name: str) -> bool:
    rows = table.of(row.group, row.level)
    return any((r.op == "~" and r.lhs == name) or (r.op == "=~" and r.rhs == name) for r in rows)


def _marker(table: Table, row: Row, latent: str) -> tuple[str, float]:
    """Return the first observed variable below a latent, and the loading it is fixed at (or 1)."""
    seen: set[str] = set()
    while latent not in seen:
        seen.add(latent)
        mine = [r for r in table.of(row.group, row.level) if r.op == "=~" and r.lhs == latent]
        fixed = [r for r in mine if not r.free and r.value] or mine
        if not fixed:
            return "", 1.0
        value = fixed[0].value if not fixed[0].free else 1.0
        latent = fixed[0].rhs
        if latent in table.blocks[row.group, row.level].observed:
            return latent, value
    return "", 1.0


def _loading(table: Table, rough: Rough, row: Row) -> float:
    marker, fixed = _marker(table, row, row.lhs)
    if row.rhs not in rough.names or marker not in rough.names:
        return 1.0
    i, j = rough.names.index(row.rhs), rough.names.index(marker)
    spread = float(np.sqrt(rough.cov[i, i]))
    sign = -1.0 if rough.cov[i, j] < 0 else 1.0
    rows = table.of(row.group, row.level)
    own = [r for r in rows if r.own_variance and r.lhs == row.lhs]
    if own and not own[0].free and own[0].value > 0:
        return sign * 0.7 * spread / float(np.sqrt(own[0].value))
    if i == j:
        return 1.0
    return sign * fixed * spread / float(np.sqrt(rough.cov[j, j]))


def _variance(table: Table, rough: Rough, row: Row) -> float:
    if row.lhs in rough.names:
        i = rough.names.index(row.lhs)
        share = RESIDUAL if _explained(table, row, row.lhs) else 1.0
        return share * float(rough.cov[i, i])
    marker, fixed = _marker(table, row, row.lhs)
    if marker not in rough.names:
        return 1.0
    i = rough.names.index(marker)
    return LATENT * float(rough.cov[i, i]) / (fixed**2 or 1.0)
