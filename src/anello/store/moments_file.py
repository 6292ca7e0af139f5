"""Moments of one file, in DuckDB's own SQL: the same sums as `moments`, without starting Ibis."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import numpy as np

from anello.model.disclosure import Disclosure
from anello.model.errors import ModelError
from anello.stats.mixed.design import Design, Kind, logarithms
from anello.stats.mixed.terms import Algebra, Level, evaluate, label
from anello.stats.moments import Moments

from .aggregates import NARROW, SAMPLE, Plan, assemble, better, counted, plan, sums, values
from .files import File, literal, quoted, unreadable


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL that is computed with as if it were a number."""

    text: str

    def __add__(self, other: "Sql | float") -> "Sql":
        return Sql(f"({self.text} + {_text(other)})")

    def __radd__(self, other: float) -> "Sql":
        return Sql(f"({other!r} + {self.text})")

    def __sub__(self, other: "Sql | float") -> "Sql":
        return Sql(f"({self.text} - {_text(other)})")

    def __rsub__(self, other: float) -> "Sql":
        return Sql(f"({other!r} - {self.text})")

    def __mul__(self, other: "Sql | float") -> "Sql":
        return Sql(f"({self.text} * {_text(other)})")

    def __rmul__(self, other: float) -> "Sql":
        return Sql(f"({other!r} * {self.text})")

    def __truediv__(self, other: "Sql | float") -> "Sql":
        return Sql(f"({self.text} / {_text(other)}::double)")

    def __rtruediv__(self, other: float) -> "Sql":
        return Sql(f"({other!r} / {self.text}::double)")

    def __pow__(self, other: "Sql | float") -> "Sql":
        return Sql(f"pow({self.text}, {_text(other)})")

    def __rpow__(self, other: float) -> "Sql":
        return Sql(f"pow({other!r}, {self.text})")


def _text(value: "Sql | float") -> str:
    return value.text if isinstance(value, Sql) else f"({value!r})"


class _Speech(Algebra):
    """Says columns in SQL; whole numbers as 64-bit integers, others as doubles."""

    def __init__(self, integers: frozenset[str]) -> None:
        self.integers = integers

    def column(self, name: str) -> Sql:
        return Sql(f"{quoted(name)}::{'bigint' if name in self.integers else 'double'}")

    def log(self, value: Any) -> Any:
        return Sql(f"ln({value.text}::double)") if isinstance(value, Sql) else np.log(value)

    def equals(self, column: str, level: Level) -> Sql:
        value = literal(level) if isinstance(level, str) else repr(level)
        return Sql(f"({quoted(column)} = {value})::bigint")


def complete(file: File, reads: tuple[str, ...], nan: bool = True) -> str:
    """Return the SQL condition that a row misses none of the columns read.

    Looking for NaN costs a tenth of the scan; without `nan` it is left to be seen in the sums.
    """
    parts = [f"{quoted(name)} is not null" for name in reads]
    if not nan:
        return " and ".join(parts)
    numbers = (name for name in reads if file.kinds[name] is Kind.NUMBER)
    return " and ".join([*parts, *(f"not isnan({quoted(name)}::double)" for name in numbers)])


def levels(
    file: File, columns: tuple[str, ...], reads: tuple[str, ...]
) -> dict[str, tuple[Level, ...]]:
    """Return the sorted levels of `columns` in the rows that miss none of `reads`."""
    where = complete(file, reads)
    found = {}
    for name in columns:
        rows = _run(
            file, f"select distinct {quoted(name)} from {file.name} where {where}"
        ).fetchall()
        found[name] = tuple(sorted(row[0] for row in rows))
    return found


def moments(file: File, design: Design, disclosure: Disclosure | None = None) -> Moments:
    """Return the moments that `design` needs of a file; see `anello.store.moments.moments`."""
    _check_logarithms(file, design)
    means = _means(file, design)
    try:
        return _moments(file, plan(design, means), disclosure)
    except duckdb.OutOfRangeException:
        return _moments(file, plan(replace(design, integers=frozenset()), means), disclosure)


def _moments(file: File, first: Plan, disclosure: Disclosure | None) -> Moments:
    found = _scan(file, first, disclosure, nan=False)
    nan = bool(np.isnan(found.total).any())
    if nan:
        found = _scan(file, first, disclosure, nan)
    again = better(first, found)
    return found if again is None else _scan(file, again, disclosure, nan)


def _run(file: File, sql: str) -> duckdb.DuckDBPyConnection:
    try:
        return file.connection.execute(sql)
    except duckdb.OutOfRangeException:
        raise
    except duckdb.Error as error:
        raise unreadable(file.path, error) from None


def _check_logarithms(file: File, design: Design) -> None:
    for node in logarithms(design):
        argument = _text(evaluate(node, _Speech(design.integers)))
        where = complete(file, design.reads)
        sql = f"select count(*) from {file.name} where {where} and {argument} <= 0"
        bad = (_run(file, sql).fetchone() or (0,))[0]
        if bad:
            raise ModelError(
                "log({term}) meets {rows} rows with zero or less; a logarithm needs numbers above "
                "zero.",
                term=label(node),
                rows=bad,
            )


def _means(file: File, design: Design) -> tuple[float | None, ...]:
    flat = plan(design, (None,) * len(design.columns), exact=False)
    columns = list(values(flat, _Speech(frozenset())))
    means = ", ".join(f"avg({_text(value)}) as {name}" for name, value in columns)
    rows = f"select * from {file.name} where {complete(file, design.reads)} limit {SAMPLE}"
    row = _run(file, f"select {means} from ({rows})").fetchone()
    return (None, *(row or ()))


def _inner(file: File, plan: Plan, nan: bool) -> str:
    columns = (f"{_text(v)} as {n}" for n, v in values(plan, _Speech(plan.design.integers)))
    chosen = ", ".join((f"{quoted(plan.design.group)} as g", *columns))
    return f"select {chosen} from {file.name} where {complete(file, plan.design.reads, nan)}"


def _summed(pairs: tuple[tuple[int, int], ...], plan: Plan) -> Iterator[str]:
    names = {f"c{i}": Sql(f"c{i}") for i in range(1, len(plan.shift))}
    yield from (f"sum({_text(value)})::double as {name}" for name, value in sums(pairs, names))


def statement(
    file: File, plan: Plan, disclosure: Disclosure | None, whole: bool, nan: bool = True
) -> str:
    """Return the one statement: per group n, sums and products (`whole`: of all pairs)."""
    pairs = plan.grouped() + (plan.rest() if whole else ())
    wanted = ", ".join(("g", "count(*) as s0_0", *_summed(pairs, plan)))
    sql = f"select {wanted} from ({_inner(file, plan, nan)}) group by g"
    if disclosure is None:
        return sql
    counts = "count(*) over () as all_groups, sum(s0_0) over () as all_rows"
    return f"select * from (select *, {counts} from ({sql})) where s0_0 >= {disclosure.k}"


def _scan(file: File, plan: Plan, disclosure: Disclosure | None, nan: bool) -> Moments:
    whole = disclosure is not None or len(plan.rest()) <= NARROW or file.name == "held"
    sql = statement(file, plan, disclosure, whole, nan)
    found = _run(file, sql).fetchnumpy()
    groups = np.asarray(found.pop("g"))
    once = {}
    if not whole:
        wanted = ", ".join(_summed(plan.rest(), plan))
        once = _run(file, f"select {wanted} from ({_inner(file, plan, nan)})").fetchnumpy()
    rows = (_run(file, f"select count(*) from {file.name}").fetchone() or (0,))[0]
    result = assemble(plan, groups, found, once).sorted()
    return counted(result, int(rows), found, disclosure, sql)
