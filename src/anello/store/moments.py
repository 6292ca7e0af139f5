"""Moments of any table that Ibis can reach: one expression, computed where the data lie."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import numpy as np

from anello.model.disclosure import Disclosure
from anello.model.errors import ModelError
from anello.stats.mixed.design import Design, Kind, logarithms
from anello.stats.mixed.terms import Algebra, Level, evaluate, label
from anello.stats.moments import Moments

from .aggregates import assemble, better, counted
from .asked import NARROW, SAMPLE, Plan, plan, sums, values

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, Table


def kinds(table: "Table") -> dict[str, Kind]:
    """Return what each column of a table holds."""
    return {name: _kind(kind) for name, kind in table.schema().items()}


def _kind(kind: dt.DataType) -> Kind:
    if kind.is_boolean():
        return Kind.BOOLEAN
    if kind.is_integer():
        return Kind.INTEGER
    if kind.is_floating() or kind.is_decimal():
        return Kind.NUMBER
    return Kind.TEXT if kind.is_string() else Kind.OTHER


def levels(
    table: "Table", columns: tuple[str, ...], reads: tuple[str, ...]
) -> dict[str, tuple[Level, ...]]:
    """Return the sorted levels of `columns` in the rows that miss none of `reads`."""
    kept = table.filter(complete(table, reads))
    found = {}
    for name in columns:
        column = kept.select(name).distinct().to_pyarrow()[name]
        found[name] = tuple(sorted(column.to_pylist()))
    return found


class _Speech(Algebra):
    """Says columns of one Ibis table; whole numbers as 64-bit integers, others as doubles."""

    def __init__(self, table: "Table", integers: frozenset[str]) -> None:
        self.table, self.integers = table, integers

    def column(self, name: str) -> Any:
        return self.table[name].cast("int64" if name in self.integers else "float64")

    def log(self, value: Any) -> Any:
        return value.cast("float64").ln() if hasattr(value, "cast") else np.log(value)

    def equals(self, column: str, level: Level) -> Any:
        return (self.table[column] == level).ifelse(1, 0).cast("int64")


def complete(table: "Table", reads: tuple[str, ...]) -> "BooleanValue":
    """Return the condition that a row misses none of the columns read."""
    condition: Any = ibis.literal(True)
    nan = table.get_backend().has_operation(ops.IsNan)
    for name in reads:
        condition &= table[name].notnull()
        if nan and table.schema()[name].is_floating():
            condition &= ~table[name].isnan()
    return condition


def moments(
    table: "Table", design: Design, group: str | None = None, disclosure: Disclosure | None = None
) -> Moments:
    """Return the moments that `design` needs of a table, by group; no row leaves the engine.

    Rows with a missing value are left out and counted. With a `disclosure` rule a group of fewer
    than k rows never comes out of the engine: it is counted and forgotten. Each column has a
    constant near its mean (of a sample) subtracted inside the query, or products of large numbers
    would lose their digits; integers are summed as integers.
    """
    group = group or design.group
    check_logarithms(table, design)
    means = _means(table, design)
    try:
        return _moments(table, plan(design, means), group, disclosure)
    except Exception as error:
        # Each backend has its own class of error for a product beyond 64 bits.
        if not any(words in str(error).lower() for words in ("overflow", "out of range")):
            raise
    doubles = replace(design, integers=frozenset())
    return _moments(table, plan(doubles, means), group, disclosure)


def _moments(table: "Table", first: Plan, group: str, disclosure: Disclosure | None) -> Moments:
    found = _scan(table, first, group, disclosure)
    again = better(first, found)
    return found if again is None else _scan(table, again, group, disclosure)


def check_logarithms(table: "Table", design: Design) -> None:
    """Raise `ModelError` if a logarithm would be taken of zero or less."""
    kept = table.filter(complete(table, design.reads))
    for node in logarithms(design):
        bad = int(
            (evaluate(node, _Speech(kept, design.integers)) <= 0).sum().to_pyarrow().as_py() or 0
        )
        if bad:
            raise ModelError(
                "log({term}) meets {rows} rows with zero or less; a logarithm needs numbers above "
                "zero.",
                term=label(node),
                rows=bad,
            )


def _means(table: "Table", design: Design) -> tuple[float | None, ...]:
    sample = table.filter(complete(table, design.reads)).limit(SAMPLE)
    speech = _Speech(sample, frozenset())
    flat = plan(design, (None,) * len(design.columns), exact=False)
    means = {name: value.cast("float64").mean() for name, value in values(flat, speech)}
    row = sample.aggregate(**means).to_pyarrow().to_pylist()[0]
    return (None, *(row[name] for name in means))


def expression(
    table: "Table", plan: Plan, group: str, disclosure: Disclosure | None, whole: bool
) -> "Table":
    """Return the one expression: per group n, sums and products (`whole`: of all pairs)."""
    speech = _Speech(table, plan.design.integers)
    columns = dict(values(plan, speech))
    kept = table.filter(complete(table, plan.design.reads)).select(g=table[group], **columns)
    pairs = plan.grouped() + (plan.rest() if whole else ())
    wanted = {name: v.sum().cast("float64") for name, v in sums(pairs, _named(kept))}
    found = kept.group_by("g").aggregate(s0_0=kept.count(), **wanted)
    if disclosure is None:
        return found
    small = found.s0_0 < disclosure.k
    counted = found.mutate(
        all_groups=found.count().over(), all_rows=found.s0_0.sum().over(), small=small
    )
    return counted.filter(~counted.small).drop("small")


def _named(table: "Table") -> dict[str, Any]:
    return {name: table[name] for name in table.columns}


def _scan(table: "Table", plan: Plan, group: str, disclosure: Disclosure | None) -> Moments:
    whole = disclosure is not None or len(plan.rest()) <= NARROW
    query = expression(table, plan, group, disclosure, whole)
    columns = query.to_pyarrow()
    found = {n: columns[n].to_numpy() for n in columns.column_names if n != "g"}
    once = {} if whole else _once(table, plan)
    groups = np.array(columns["g"].to_pylist())
    result = assemble(plan, groups, found, once).sorted()
    rows = int(table.count().to_pyarrow().as_py())
    return counted(result, rows, found, disclosure, str(ibis.to_sql(query)))


def _once(table: "Table", plan: Plan) -> dict[str, Any]:
    kept = table.filter(complete(table, plan.design.reads)).select(
        **dict(values(plan, _Speech(table, plan.design.integers)))
    )
    wanted = {n: v.sum().cast("float64") for n, v in sums(plan.rest(), _named(kept))}
    return {n: np.array(v) for n, v in kept.aggregate(**wanted).to_pyarrow().to_pylist()[0].items()}
