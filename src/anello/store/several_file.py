"""Sums by several groups and by their pairs from one file, in DuckDB's own SQL.

One query for each factor, one for each pair of factors and one over all rows; levels are numbered
inside the database, so that pairs come back as small integers.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import numpy as np

from anello.model.errors import ModelError
from anello.stats.mixed.several.gathered import Cells, Factor, Gathered
from anello.stats.mixed.several.layout import Layout
from anello.stats.moments import Floats

from .asked import Plan, near, plan
from .files import File, quoted
from .scan import check_logarithms, complete, inner, run, sampled


@dataclass(frozen=True, slots=True)
class _Scan:
    """What every query reads: `rows` is the SQL of the rows used, weights as `w`."""

    file: File
    layout: Layout
    plan: Plan
    rows: str
    weighted: bool

    def total(self, one: str, other: str) -> str:
        """Return the SQL of a (weighted) sum of products."""
        parts = [name for name in ("w" if self.weighted else "", one, other) if name]
        return f"sum({' * '.join(parts)})::double" if parts else "count(*)::double"


def gather(file: File, layout: Layout, weights: str | None = None, outer: bool = False) -> Gathered:
    """Return what a fit needs of a file; `outer` also sums all products by the outermost group.

    Raises `ModelError` for weights that are missing, zero or negative.
    """
    if weights is not None:
        _check_weights(file, layout, weights)
    check_logarithms(file, layout.design)
    first = plan(layout.design, sampled(file, layout.design), exact=weights is None)
    try:
        return _gather(file, layout, first, weights, outer)
    except duckdb.OutOfRangeException:
        flat = replace(layout, design=replace(layout.design, integers=frozenset()))
        return _gather(file, flat, replace(first, whole=_none(first)), weights, outer)


def _none(plan: Plan) -> tuple[bool, ...]:
    return tuple(False for _ in plan.whole)


def _gather(file: File, layout: Layout, first: Plan, weights: str | None, outer: bool) -> Gathered:
    scan = _scan(file, layout, first, weights)
    total, n, logs = _whole(scan)
    again = _better(first, total, n)
    if again is not None:
        scan = _scan(file, layout, again, weights)
        total, n, logs = _whole(scan)
    factors = tuple(_factor(scan, k) for k in range(len(layout.factors)))
    pairs = [(k, m) for k in range(len(factors)) for m in range(k + 1, len(factors))]
    rows = (run(file, f"select count(*) from {file.name}").fetchone() or (0,))[0]
    found = Gathered(
        columns=tuple(column.name for column in layout.design.columns),
        shift=np.array(scan.plan.shift),
        total=total,
        n=n,
        factors=factors,
        cells=tuple(_cells(scan, factors, k, m) for k, m in pairs),
        dropped=int(rows) - n,
        sql=scan.rows,
    )
    if outer and weights is None and n:
        found = replace(found, outer=_outer(scan, found.outermost))
    return _scaled(found, logs) if weights is not None and n else found


def _check_weights(file: File, layout: Layout, weights: str) -> None:
    if weights not in file.kinds:
        raise ModelError(
            "There is no column {column!r} of weights in the data; they have: {names}.",
            column=weights,
            names=", ".join(file.kinds),
        )
    value = quoted(weights)
    where = complete(file, layout.design.reads)
    try:
        found = file.connection.execute(
            f"select count(*) from {file.name} where {where} and "
            f"({value} is null or not ({value}::double > 0) or isinf({value}::double))"
        ).fetchone()
    except duckdb.ConversionException:
        raise ModelError("The weights {column!r} are not numbers.", column=weights) from None
    bad = (found or (0,))[0]
    if bad:
        raise ModelError(
            "The weights {column!r} are missing, zero, negative or infinite in {rows} rows; every "
            "row needs a weight above zero.",
            column=weights,
            rows=bad,
        )


def _scan(file: File, layout: Layout, plan: Plan, weights: str | None) -> _Scan:
    groups = dict.fromkeys(name for by in layout.factors for name in by)
    extra = [f"{quoted(name)} as {_group(layout, name)}" for name in groups]
    if weights is not None:
        extra.append(f"{quoted(weights)}::double as w")
    rows = inner(file, plan, nan=True).removeprefix("select ")
    return _Scan(file, layout, plan, f"select {', '.join(extra)}, {rows}", weights is not None)


def _group(layout: Layout, name: str) -> str:
    names = list(dict.fromkeys(name for by in layout.factors for name in by))
    return f"g{names.index(name)}"


def _whole(scan: _Scan) -> tuple[Floats, int, float]:
    """Return the m x m sums over all rows, the number of rows and the sum of log weights."""
    m = len(scan.plan.shift)
    pairs = [(i, j) for i in range(m) for j in range(i, m)]
    wanted = ", ".join(scan.total(_name(i), _name(j)) for i, j in pairs)
    logs = "sum(ln(w))" if scan.weighted else "0.0"
    row = run(scan.file, f"select count(*), {logs}, {wanted} from ({scan.rows})").fetchone() or ()
    n, logs_sum, *values = row
    total = np.zeros((m, m))
    for (i, j), value in zip(pairs, values, strict=True):
        total[i, j] = total[j, i] = value if value is not None else 0.0
    return total, int(n), float(logs_sum or 0.0)


def _name(i: int) -> str:
    return f"c{i}" if i else ""


def _products(scan: _Scan, left: tuple[int, ...], right: tuple[int, ...]) -> Iterator[str]:
    for i in left:
        for j in right:
            yield f"{scan.total(_name(i), _name(j))} as s{i}_{j}"


def _factor(scan: _Scan, k: int) -> Factor:
    """Return the sums by one factor; its levels are kept in the database, numbered."""
    by = scan.layout.factors[k]
    keys = [_group(scan.layout, name) for name in by]
    left, m = scan.layout.summed(k), len(scan.plan.shift)
    listed = ", ".join(keys)
    wanted = ", ".join(_products(scan, left, tuple(range(m))))
    run(
        scan.file,
        f"create or replace temp table factor{k} as select *, "
        f"row_number() over (order by {listed}) - 1 as id from "
        f"(select {listed}, {wanted} from ({scan.rows}) group by {listed})",
    )
    found = run(scan.file, f"select * from factor{k} order by id").fetchnumpy()
    sums = np.array([[_array(found[f"s{i}_{j}"]) for j in range(m)] for i in left])
    levels = tuple(np.asarray(found[key]) for key in keys)
    return Factor(by, levels, left, sums.reshape(len(left), m, len(levels[0])))


def _array(values: Any) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _cells(scan: _Scan, factors: tuple[Factor, ...], k: int, m: int) -> Cells:
    """Return the sums by pairs of levels of two factors."""
    one, other = factors[k], factors[m]
    keys = [_group(scan.layout, name) for name in dict.fromkeys((*one.by, *other.by))]
    listed = ", ".join(keys)
    wanted = ", ".join(_products(scan, one.columns, other.columns))
    joins = " ".join(_join(scan, factor, name) for factor, name in ((one, k), (other, m)))
    found = run(
        scan.file,
        f'select factor{k}.id as at, factor{m}.id as "to", cells.* from '
        f"(select {listed}, {wanted} from ({scan.rows}) group by {listed}) as cells {joins}",
    ).fetchnumpy()
    sums = np.array([[_array(found[f"s{i}_{j}"]) for j in other.columns] for i in one.columns])
    at, to = (np.asarray(found[name], dtype=np.int64) for name in ("at", "to"))
    return Cells(k, m, at, to, sums)


def _join(scan: _Scan, factor: Factor, k: int) -> str:
    keys = (_group(scan.layout, name) for name in factor.by)
    same = " and ".join(f"cells.{key} = factor{k}.{key}" for key in keys)
    return f"join factor{k} on {same}"


def _outer(scan: _Scan, k: int) -> Floats:
    """Return all products by one factor, m x m x J, in the order of its levels."""
    by = scan.layout.factors[k]
    listed = ", ".join(_group(scan.layout, name) for name in by)
    m = len(scan.plan.shift)
    pairs = [(i, j) for i in range(m) for j in range(i, m)]
    wanted = ", ".join(f"{scan.total(_name(i), _name(j))} as s{i}_{j}" for i, j in pairs)
    found = run(
        scan.file,
        f"select {wanted} from ({scan.rows}) group by {listed} order by {listed}",
    ).fetchnumpy()
    sums = np.zeros((m, m, len(found["s0_0"])))
    for i, j in pairs:
        sums[i, j] = sums[j, i] = _array(found[f"s{i}_{j}"])
    return sums


def _better(plan: Plan, total: Floats, n: int) -> Plan | None:
    """Return a plan with the true means when the sample's lay too far away for full precision."""
    if n == 0 or not np.isfinite(total).all() or total[0, 0] <= 0:
        return None
    mean = total[0] / total[0, 0]
    spread = np.diag(total) / total[0, 0] - mean**2
    if not (mean[1:] ** 2 > 1e6 * np.maximum(spread[1:], 1e-300)).any():
        return None
    found = zip(plan.design.columns, plan.shift, mean, plan.whole, strict=True)
    shift = tuple(0.0 if c.indicator else near(float(s + a), w) for c, s, a, w in found)
    return replace(plan, shift=shift) if shift != plan.shift else None


def _scaled(found: Gathered, logs: float) -> Gathered:
    """Return weighted sums as if the weights had a mean of one."""
    scale = found.n / found.total[0, 0]
    total = found.total * scale
    total[0, 0] = found.n
    return replace(
        found,
        total=total,
        factors=tuple(replace(f, sums=f.sums * scale) for f in found.factors),
        cells=tuple(replace(c, sums=c.sums * scale) for c in found.cells),
        scale=float(scale),
        log_weights=logs + found.n * float(np.log(scale)),
    )
