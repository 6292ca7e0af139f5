"""One level with missing values: a group is one cell per pattern of what is missing.

Full information maximum likelihood (Arbuckle, 1996): right if values are missing at random given
what is seen. The patterns' sizes, means and covariances are sufficient.
"""

from dataclasses import dataclass

import numpy as np

from anello.model.errors import ModelError
from anello.stats.sem.language.table import Table

from .cells import Cells, Part
from .matrices import Floats
from .sample import LOG_2PI, Rough, Sample, distinct, positive
from .single import given_deviance, rows_as_units


@dataclass(frozen=True, eq=False)
class PatternSums:
    """R patterns of p variables in one group.

    `present` (R x p, 0 or 1), `n` (R) rows, `mean` (R x p) and `cov` (R x p x p, divisor n), both
    zero where nothing is present. `rows` (NaN missing) only for robust errors.
    """

    names: tuple[str, ...]
    present: Floats
    n: Floats
    mean: Floats
    cov: Floats
    rows: Floats | None = None


def pattern_sums(names: tuple[str, ...], rows: Floats, *, keep: bool = False) -> PatternSums:
    """Return the sums of rows (n x p, NaN missing) by pattern; empty rows are left out."""
    rows = rows[~np.isnan(rows).all(1)]
    present, which = np.unique(~np.isnan(rows), axis=0, return_inverse=True)
    which = which.ravel()
    filled = np.nan_to_num(rows)
    n = np.bincount(which, minlength=len(present)).astype(float)
    mean = (
        np.array([np.bincount(which, column, len(present)) for column in filled.T]).T / n[:, None]
    )
    off = np.where(np.isnan(rows), 0.0, rows - mean[which])
    cov = np.array([off[which == r].T @ off[which == r] for r in range(len(present))])
    kept = rows if keep else None
    return PatternSums(names, present.astype(float), n, mean, cov / n[:, None, None], kept)


def fiml(table: Table, groups: tuple[PatternSums, ...]) -> Sample:
    """Return the sample of one group after the other."""
    cells, rough, units = [], [], []
    constant = given = 0.0
    for number, found in enumerate(groups, 1):
        names = table.blocks[number, 1].observed
        order = np.array([found.names.index(name) for name in names])
        present = found.present[:, order]
        _seen(names, present, found.n)
        count = len(found.n)
        mean = found.mean[:, order] * present
        both = present[:, :, None] * present[:, None, :]
        cov = found.cov[:, order[:, None], order] * both
        part = Part(number - 1, np.arange(len(names)), np.ones(count))
        _distinct(names, present, found.n, cov)
        cells.append(Cells(found.n, mean, cov, (part,), present, True))
        rough.append(_rough(names, present, found.n, mean, cov))
        constant += float(found.n @ present.sum(1)) * LOG_2PI
        given += given_deviance(table, number, 1, rough[-1], int(found.n.sum()))
        if found.rows is not None:
            units.append(rows_as_units(found.rows[:, order], number - 1, True, rough[-1].mean))
    return Sample(
        tuple(cells),
        constant,
        tuple(rough),
        tuple(int(g.n.sum()) for g in groups),
        units=tuple(units) if units else None,
        given_constant=given,
    )


def _distinct(names: tuple[str, ...], present: Floats, n: Floats, cov: Floats) -> None:
    """Raise `ModelError` for columns that repeat each other in the complete rows, if there are."""
    for i in np.flatnonzero(present.all(axis=1)):
        if n[i] > 2 * len(names) and (np.diag(cov[i]) > 1e-14).all():
            distinct(names, cov[i])


def _seen(names: tuple[str, ...], present: Floats, n: Floats) -> None:
    pairs = np.einsum("r,ri,rj->ij", n, present, present)
    for i, name in enumerate(names):
        if not pairs[i, i]:
            raise ModelError("{column!r} has no values at all; leave it out.", column=name)
        for j in range(i):
            if not pairs[i, j]:
                raise ModelError(
                    "{first!r} and {second!r} are never seen in the same row, so how they go "
                    "together cannot be told.",
                    first=names[j],
                    second=name,
                )


def _rough(names: tuple[str, ...], present: Floats, n: Floats, mean: Floats, cov: Floats) -> Rough:
    """Return means and covariances of the pairs that are seen, pulled to the diagonal if needed."""
    weight = n[:, None] * present
    centre = (weight * mean).sum(0) / weight.sum(0)
    off = (mean - centre) * present
    pairs = np.einsum("r,ri,rj->ij", n, present, present)
    products = np.einsum("r,rij->ij", n, cov) + np.einsum("r,ri,rj->ij", n, off, off)
    found = products / pairs
    diagonal = np.diag(np.diag(found))
    positive(names, diagonal, int(n.sum()))
    share = 1.0
    scale = np.sqrt(np.diag(found))
    r = found / np.outer(scale, scale)
    while np.linalg.eigvalsh(share * r + (1 - share) * np.eye(len(r)))[0] < 1e-3 and share > 1e-3:
        share *= 0.9
    if share == 1.0 and bool(present.all()):
        positive(names, found, int(n.sum()))
    return Rough(names, share * found + (1 - share) * diagonal, centre)
