"""Sums for structural equation models, in DuckDB's own SQL: no row is needed outside the engine.

Only robust errors read rows (or scatter by cluster), because they need more than second moments.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anello.model.disclosure import Disclosure
from anello.model.errors import ModelError, SourceError
from anello.stats.mixed.design import Kind
from anello.stats.sem.likelihood.fiml import PatternSums, pattern_sums
from anello.stats.sem.likelihood.single import GroupSums
from anello.stats.sem.likelihood.two_level import ClusterSums
from anello.stats.sem.likelihood.two_level_missing import ClusterPatterns, cluster_patterns

from .files import File, literal, loaded, quoted
from .scan import complete

Floats = NDArray[np.float64]
NEAR = 2.0


@dataclass(frozen=True, eq=False)
class Columns:
    """What a model reads: numbers of level 1 and of level 2 only, cluster, group ("" if none)."""

    within: tuple[str, ...]
    between: tuple[str, ...] = ()
    cluster: str = ""
    group: str = ""
    given: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """Return every number."""
        return (*self.within, *self.between)

    @property
    def every(self) -> tuple[str, ...]:
        """Return every column, each once."""
        marks = tuple(name for name in (self.cluster, self.group) if name)
        return tuple(dict.fromkeys((*self.numbers, *marks)))


def opened(file: File, columns: Columns) -> File:
    """Return the file ready to be summed; raises `SourceError` for columns it cannot sum."""
    for name in columns.every:
        if name not in file.kinds:
            raise SourceError(
                "{file} has no column {column!r}; it has: {known}.",
                file=file.path,
                column=name,
                known=", ".join(list(file.kinds)[:30]),
            )
    for name in columns.numbers:
        if file.kinds[name] in (Kind.TEXT, Kind.OTHER):
            sql = f"select count({quoted(name)}) from {file.name}"
            if file.connection.execute(sql).fetchone() == (0,):
                raise ModelError("{column!r} has no values at all; leave it out.", column=name)
            raise SourceError(
                "{file}, column {column!r} holds text; a structural model needs numbers.",
                file=file.path,
                column=name,
            )
    return loaded(file, columns.every)


def groups(file: File, columns: Columns) -> tuple[str, ...]:
    """Return the groups in the order of their first rows, as text."""
    if not columns.group:
        return ("",)
    name = quoted(columns.group)
    if file.name == "held":
        source, number = file.name, "rowid"
    else:
        where = literal(str(file.path))
        source, number = f"read_parquet({where}, file_row_number=true)", "file_row_number"
    sql = (
        f"select {name}::varchar from {source} where {name} is not null "
        f"group by 1 order by min({number})"
    )
    found = tuple(row[0] for row in file.connection.execute(sql).fetchall())
    if len(found) < 2:
        raise ModelError(
            "{column!r} has {n} groups; comparing groups takes at least two.",
            column=columns.group,
            n=len(found),
        )
    if len(found) > 50:
        raise ModelError(
            "{column!r} has {n} groups; that is many for a comparison, a cluster column may be "
            "meant.",
            column=columns.group,
            n=len(found),
        )
    return found


def rows_of(file: File) -> int:
    """Return the number of rows of the file."""
    return int((file.connection.execute(f"select count(*) from {file.name}").fetchone() or (0,))[0])


def _where(
    file: File, columns: Columns, group: str, reads: tuple[str, ...], nan: bool = True
) -> str:
    parts = [complete(file, reads, nan)] if reads else ["true"]
    for mark in (columns.cluster, columns.group):
        parts += [f"{quoted(mark)} is not null"] if mark else []
    if group:
        parts.append(f"{quoted(columns.group)}::varchar = {literal(group)}")
    return " and ".join(parts)


def _centres(file: File, names: tuple[str, ...], where: str) -> list[float]:
    """Return a constant near each mean, 0 where the mean is near 0 as it is (and costs no time)."""
    wanted = ", ".join(
        f"avg({quoted(name)}::double), stddev_pop({quoted(name)}::double)" for name in names
    )
    row = file.connection.execute(
        f"select {wanted} from (select * from {file.name} where {where} limit 20000)"
    ).fetchone()
    found = [value or 0.0 for value in row or ()]
    pairs = zip(found[::2], found[1::2], strict=True)
    return [centre if abs(centre) > NEAR * spread else 0.0 for centre, spread in pairs]


def _moved(names: tuple[str, ...], centres: list[float]) -> list[str]:
    return [
        f"({quoted(n)}::double - ({c!r}))" if c else f"{quoted(n)}::double"
        for n, c in zip(names, centres, strict=True)
    ]


def _pairs(p: int) -> list[tuple[int, int]]:
    return [(i, j) for i in range(p) for j in range(i, p)]


def complete_sums(file: File, columns: Columns, group: str, *, robust: bool) -> GroupSums:
    """Return the sums of the complete rows of one group."""
    names = columns.within
    where = _where(file, columns, group, names)
    centres = _centres(file, names, where)
    inner = ", ".join(f"{v} as c{i}" for i, v in enumerate(_moved(names, centres)))
    pairs = _pairs(len(names))
    wanted = [f"sum(c{i})" for i in range(len(names))]
    wanted += [f"sum(c{i}*c{j})" for i, j in pairs]
    sql = (
        f"select count(*), {', '.join(wanted)} from (select {inner} from {file.name} where {where})"
    )
    row = file.connection.execute(sql).fetchone() or (0,)
    n = int(row[0])
    if n < 2:
        raise ModelError(
            "Only {n} rows have all the values that the model needs{group}.",
            n=n,
            group=f" ({columns.group} = {group})" if group else "",
        )
    sums = np.array(row[1 : len(names) + 1], dtype=float) / n
    cov = _square(len(names), np.array(row[len(names) + 1 :], dtype=float)[None])[0] / n
    rows = numbers(file, names, where) if robust else None
    return GroupSums(names, n, np.array(centres) + sums, cov - np.outer(sums, sums), rows)


def _square(p: int, flat: Floats) -> Floats:
    """Return symmetric matrices (J x p x p) from their pairs (J x p(p+1)/2)."""
    found = np.zeros((len(flat), p, p))
    for k, (i, j) in enumerate(_pairs(p)):
        found[:, i, j] = found[:, j, i] = flat[:, k]
    return found


def numbers(file: File, names: tuple[str, ...], where: str) -> Floats:
    """Return rows as numbers (n x p), NaN where a value is missing."""
    wanted = ", ".join(f"{quoted(n)}::double as c{i}" for i, n in enumerate(names))
    found = file.connection.execute(f"select {wanted} from {file.name} where {where}").fetchnumpy()
    columns = [np.ma.filled(np.ma.asarray(found[f"c{i}"]), np.nan) for i in range(len(names))]
    return np.array(columns, dtype=float).T


def pattern_rows(file: File, columns: Columns, group: str, *, robust: bool) -> PatternSums:
    """Return the sums of one group by pattern of missing values; given variables must be there."""
    names = columns.within
    where = _where(file, columns, group, columns.given)
    rows = numbers(file, names, where)
    if not len(rows):
        raise ModelError(
            "Only {n} rows have all the values that the model needs{group}.",
            n=0,
            group=f" ({columns.group} = {group})" if group else "",
        )
    return pattern_sums(names, rows, keep=robust)


def cluster_sums(
    file: File,
    columns: Columns,
    group: str,
    *,
    robust: bool,
    disclosure: Disclosure | None = None,
) -> ClusterSums:
    """Return the sums of one group by cluster, and its pooled scatter inside clusters.

    With a `disclosure` rule a cluster of fewer than k rows is left out inside the query: the mean
    of one person is that person's answer, and must not arrive. Two narrow scans: by cluster, and
    products over all rows. Looking for NaN in every row would cost a third of them: it is seen in
    the sums.
    """
    fewest = 1 if disclosure is None else disclosure.k
    where = _where(file, columns, group, columns.numbers)
    centres = _centres(file, columns.numbers, where)
    quick = _where(file, columns, group, columns.numbers, nan=False)
    found, total = _scanned(file, columns, centres, quick, robust, fewest)
    if np.isnan(total).any():
        found, total = _scanned(file, columns, centres, where, robust, fewest)
    sizes = np.asarray(found["n"], dtype=float)
    if not len(sizes):
        raise ModelError("No row has all the values that the model needs.")
    p, q = len(columns.within), len(columns.between)
    own = np.array([found[f"s{i}"] for i in range(p, p + q)], dtype=float).reshape(q, len(sizes)).T
    own = own / sizes[:, None]
    sums = np.column_stack([sizes @ own, total[len(_pairs(p)) :]])
    _constant(columns, own, sizes, sums)
    means = np.array([found[f"s{i}"] for i in range(p)], dtype=float).T / sizes[:, None]
    products = _square(p, total[: len(_pairs(p))][None])[0]
    scatter = None
    if robust:
        flat = np.array([found[f"x{k}"] for k in range(len(_pairs(p)))], dtype=float).T
        scatter = _square(p, flat) - sizes[:, None, None] * means[:, :, None] * means[:, None, :]
    middle = np.array(centres)
    return ClusterSums(
        columns.within,
        columns.between,
        sizes,
        means + middle[:p],
        own + middle[p:],
        products - (sizes[:, None] * means).T @ means,
        scatter,
    )


def _scanned(
    file: File, columns: Columns, centres: list[float], where: str, robust: bool, fewest: int
) -> tuple[dict[str, NDArray[Any]], Floats]:
    """Return the sums by cluster, and over all rows products, then the squares of level 2."""
    p, every = len(columns.within), len(columns.numbers)
    wanted = [f"sum(c{i}) as s{i}" for i in range(every)]
    wanted += _products(p) if robust else []
    inner = _inner(columns.numbers, centres)
    source = f"(select {quoted(columns.cluster)} as g, {inner} from {file.name} where {where})"
    if fewest > 1:
        large = f"select g from {source} group by g having count(*) >= {fewest}"
        source = f"(select * from {source} where g in ({large}))"
    sql = f"select count(*) as n, {', '.join(wanted)} from {source} group by g order by g"
    found = dict(file.connection.execute(sql).fetchnumpy())
    totals = [*_products(p), *(f"sum(c{i}*c{i})" for i in range(p, every))]
    row = file.connection.execute(f"select {', '.join(totals)} from {source}").fetchone()
    return found, np.array([0.0 if v is None else v for v in row or ()], dtype=float)


def cluster_pattern_rows(
    file: File, columns: Columns, group: str, *, robust: bool
) -> ClusterPatterns:
    """Return the sums of one group by cluster and pattern of missing values."""
    where = _where(file, columns, group, (*columns.given, *columns.between))
    rows = numbers(file, columns.numbers, where)
    name = quoted(columns.cluster)
    keys = file.connection.execute(
        f"select {name} as g from {file.name} where {where}"
    ).fetchnumpy()["g"]
    if not len(rows):
        raise ModelError("No row has all the values that the model needs.")
    _, cluster = np.unique(np.asarray(keys), return_inverse=True)
    z = rows[:, len(columns.within) :] - rows[:, len(columns.within) :].mean(0)
    first = np.unique(cluster, return_index=True)[1]
    sizes = np.bincount(cluster).astype(float)
    _constant(columns, z[first], sizes, np.column_stack([z.sum(0), (z**2).sum(0)]))
    return cluster_patterns(columns.within, columns.between, rows, cluster, keep=robust)


def _inner(names: tuple[str, ...], centres: list[float]) -> str:
    moved = _moved(names, centres[: len(names)])
    return ", ".join(f"{value} as c{i}" for i, value in enumerate(moved))


def _products(p: int) -> list[str]:
    return [f"sum(c{i}*c{j}) as x{k}" for k, (i, j) in enumerate(_pairs(p))]


def _constant(columns: Columns, own: Floats, sizes: Floats, total: Floats) -> None:
    """Refuse a variable of level 2 that changes inside a cluster.

    If it did not, one value per cluster would give the same sum and sum of squares as all rows.
    """
    for i, name in enumerate(columns.between):
        sums = np.array([sizes @ own[:, i], sizes @ own[:, i] ** 2])
        scale = max(float(total[i, 1]), float(sums[1]), 1e-300)
        rows = sizes.sum()
        far = (
            abs(sums[0] - total[i, 0]) / np.sqrt(rows * scale) + abs(sums[1] - total[i, 1]) / scale
        )
        if far > 1e-10:
            raise ModelError(
                "{column!r} stands on level 2 only but differs inside a cluster; take its mean "
                "by cluster, or put it on level 1 too.",
                column=name,
            )
