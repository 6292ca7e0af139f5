"""The standardised solution: every variable of a block in units of its own model-implied SD."""

import numpy as np

from .language.rows import Row
from .language.table import Table
from .likelihood.matrices import Implied, Structure


def standardised(
    table: Table, structure: Structure, implied: list[Implied], estimates: list[float]
) -> list[float]:
    """Return the estimate of each row with observed and latent variables at variance 1.

    Residual covariances become correlations of residuals. NaN where a variance is not positive.
    """
    out = []
    for row, estimate in zip(table.rows, estimates, strict=True):
        number = (row.group - 1) * table.levels + row.level - 1
        out.append(_one(row, estimate, structure.blocks[number].names, implied[number]))
    return out


def _one(row: Row, estimate: float, names: tuple[str, ...], at: Implied) -> float:
    with np.errstate(invalid="ignore", divide="ignore"):
        total = np.einsum("ij,jk,ik->i", at.e, at.s, at.e)
        sd = np.sqrt(np.where(total >= 0, total, np.nan))
        own = np.sqrt(np.abs(np.diag(at.s)))
        i = names.index(row.lhs)
        if row.op == "~1":
            return float(estimate / sd[i])
        j = names.index(row.rhs)
        if row.op == "=~":
            return float(estimate * sd[i] / sd[j])
        if row.op == "~":
            return float(estimate * sd[j] / sd[i])
        if i == j:
            return float(estimate / sd[i] ** 2)
        found = float(np.divide(estimate, own[i] * own[j]))
        return found if np.isfinite(found) else np.nan
