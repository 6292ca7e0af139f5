"""Where the search begins: plain guesses from the data, or what the text asks with start()."""

from math import isnan

import numpy as np

from anello.stats.sem.language.rows import Row
from anello.stats.sem.language.table import Table

from .matrices import Floats, structure
from .sample import Rough, Sample

RESIDUAL = 0.5
LATENT = 0.4


def starts(table: Table, sample: Sample, share: float = 1.0) -> Floats:
    """Return first values of the free parameters; `share` shrinks loadings for another attempt."""
    theta = np.full(len(table.free), np.nan)
    for row in table.rows:
        if row.free and isnan(theta[row.index]):
            theta[row.index] = _first(table, sample, row, share)
    return _with_means(table, sample, theta)


def _with_means(table: Table, sample: Sample, theta: Floats) -> Floats:
    """Return the values with means and intercepts at their least squares, given all others.

    Means are linear in them; ratings of people and figures of money begin equally near.
    """
    asked = {r.index for r in table.rows if r.op == "~1" and r.free and not isnan(r.start)}
    movable = {r.index for r in table.rows if r.op == "~1" and r.free} - asked
    other = {r.index for r in table.rows if r.op != "~1" and r.free}
    which = np.array(sorted(movable - other), dtype=np.intp)
    if not len(which) or not table.means:
        return theta
    shape = structure(table)
    try:
        at = shape.implied(theta)
    except np.linalg.LinAlgError:
        return theta
    slopes, far = [], []
    for number, (_, mu) in enumerate(shape.jacobian(at)):
        seen, above = sample.rough[number], table.levels == 2 and number % 2 == 1
        below = sample.rough[number - 1].names if above else ()
        partner = sample.rough[number + 1].names if table.levels == 2 and not above else ()
        for i, name in enumerate(seen.names):
            if name in partner:
                continue
            spread = float(np.sqrt(seen.cov[i, i])) or 1.0
            slope, gap = mu[:, i], seen.mean[i] - at[number].mu[i]
            if name in below:
                j = below.index(name)
                slope = slope + shape.jacobian(at)[number - 1][1][:, j]
                gap -= at[number - 1].mu[j]
            slopes.append(slope[which] / spread)
            far.append(gap / spread)
    moved = theta.copy()
    moved[which] += np.linalg.lstsq(np.array(slopes), np.array(far), rcond=None)[0]
    return moved


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
