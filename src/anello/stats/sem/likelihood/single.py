"""One level, no missing values: a group is its size, its means and its covariances."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from anello.stats.sem.language.table import Table

from .cells import Cells, Part
from .matrices import Floats
from .sample import LOG_2PI, Rough, Sample, Units, positive


@dataclass(frozen=True, eq=False)
class GroupSums:
    """n rows of the variables `names`: their mean (p) and their covariance (p x p, divisor n).

    `rows` (n x p) are the rows themselves, for robust errors only.
    """

    names: tuple[str, ...]
    n: int
    mean: Floats
    cov: Floats
    rows: Floats | None = None


def group_sums(names: tuple[str, ...], rows: Floats, *, keep: bool = False) -> GroupSums:
    """Return the sums of complete rows (n x p); `keep` keeps the rows for robust errors."""
    centre = rows.mean(0)
    off = rows - centre
    return GroupSums(names, len(rows), centre, off.T @ off / len(rows), rows if keep else None)


def single(table: Table, groups: tuple[GroupSums, ...], *, centred: bool = False) -> Sample:
    """Return the sample of one group after the other; raises `ModelError` for unfit matrices.

    `centred` prepares the rows for the fourth moments of MLM.
    """
    cells, rough, units = [], [], []
    constant = given_part = 0.0
    for number, found in enumerate(groups, 1):
        names = table.blocks[number, 1].observed
        order = np.array([found.names.index(name) for name in names])
        mean, cov = found.mean[order], found.cov[np.ix_(order, order)]
        positive(names, cov, found.n)
        part = Part(number - 1, np.arange(len(names)), np.ones(1))
        cells.append(
            Cells(np.array([float(found.n)]), mean[None], cov[None], (part,), None, table.means)
        )
        rough.append(Rough(names, cov, mean))
        constant += found.n * len(names) * LOG_2PI
        given_part += given_deviance(table, number, 1, rough[-1], found.n)
        if found.rows is not None:
            rows = found.rows[:, order]
            if centred:
                given = [
                    names.index(r.lhs) for r in table.of(number, 1) if r.given and r.own_variance
                ]
                units.append(deviations_as_units(rows, number - 1, table.means, given))
            else:
                units.append(rows_as_units(rows, number - 1, table.means, mean))
    return Sample(
        tuple(cells),
        constant,
        tuple(rough),
        tuple(g.n for g in groups),
        exact=True,
        units=tuple(units) if units else None,
        given_constant=given_part,
    )


def given_deviance(table: Table, group: int, level: int, rough: Rough, n: int) -> float:
    """Return -2 log L of the given variables that stay as the data have them."""
    rows = table.of(group, level)
    names = [r.lhs for r in rows if r.given and r.own_variance]
    other = table.blocks.get((group, 3 - level))
    names = [name for name in names if other is None or name not in other.observed]
    if not names:
        return 0.0
    where = [rough.names.index(name) for name in names]
    _, logdet = np.linalg.slogdet(rough.cov[np.ix_(where, where)])
    return float(n * (len(names) * (LOG_2PI + 1) + logdet))


def rows_as_units(rows: Floats, block: int, located: bool, mean: Floats) -> Units:
    """Return the rows as cells of weight 1; NaN is missing."""

    def portions() -> Iterator[tuple[Cells, ...]]:
        size = 4096
        for start in range(0, len(rows), size):
            some = rows[start : start + size]
            present = (~np.isnan(some)).astype(float)
            count, p = some.shape
            part = Part(block, np.arange(p), np.ones(count))
            filled = np.nan_to_num(some)
            scatter = np.zeros((count, p, p))
            if not located:
                off = (filled - mean) * present
                scatter = off[:, :, None] * off[:, None, :]
            whole = None if present.all() else present
            yield (Cells(np.ones(count), filled, scatter, (part,), whole, located),)

    return portions


def deviations_as_units(rows: Floats, block: int, located: bool, given: list[int]) -> Units:
    """Return complete rows as cells of their deviations, less what the given variables explain.

    A cell's T is (y - ybar)(y - ybar)' - (yhat - ybar)(yhat - ybar)', with yhat the regression on
    the given variables: their own moments do not vary from sample to sample.
    """
    centre = rows.mean(0)

    def portions() -> Iterator[tuple[Cells, ...]]:
        off = rows - centre
        x = off[:, given]
        hat = x @ np.linalg.lstsq(x, off, rcond=None)[0] if given else np.zeros_like(off)
        for start in range(0, len(rows), 4096):
            y, h = off[start : start + 4096], hat[start : start + 4096]
            left = y - h
            scatter = y[:, :, None] * y[:, None, :] - h[:, :, None] * h[:, None, :]
            if located:
                scatter -= left[:, :, None] * left[:, None, :]
            part = Part(block, np.arange(y.shape[1]), np.ones(len(y)))
            yield (Cells(np.ones(len(y)), left + centre, scatter, (part,), None, located),)

    return portions
