"""The scan of one file in DuckDB's own SQL: what `moments_file` reads, and its early start.

Nothing here needs numpy, so that the scan can run while numpy is still being loaded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf, log, nan
from threading import Thread
from typing import Any

import duckdb

from anello.model.disclosure import Disclosure
from anello.model.errors import ModelError
from anello.stats.mixed.design import Design, Kind, logarithms
from anello.stats.mixed.terms import Algebra, Level, Node, evaluate, label

from .asked import NARROW, SAMPLE, Plan, plan, sums, values
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
        return Sql(f"ln({value.text}::double)") if isinstance(value, Sql) else _log(value)

    def equals(self, column: str, level: Level) -> Sql:
        value = literal(level) if isinstance(level, str) else repr(level)
        return Sql(f"({quoted(column)} = {value})::bigint")


def _log(value: float) -> float:
    return log(value) if value > 0 else -inf if value == 0 else nan


def spoken(node: Node, integers: frozenset[str]) -> str:
    """Return an expression on columns as SQL; those in `integers` are whole numbers."""
    return _text(evaluate(node, _Speech(integers)))


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
        rows = run(
            file, f"select distinct {quoted(name)} from {file.name} where {where}"
        ).fetchall()
        found[name] = tuple(sorted(row[0] for row in rows))
    return found


def run(file: File, sql: str) -> duckdb.DuckDBPyConnection:
    """Run one statement; a `SourceError` for what DuckDB cannot read."""
    try:
        return file.connection.execute(sql)
    except duckdb.OutOfRangeException:
        raise
    except duckdb.Error as error:
        raise unreadable(file.path, error) from None


def check_logarithms(file: File, design: Design) -> None:
    """Raise `ModelError` if a logarithm would be taken of zero or less."""
    for node in logarithms(design):
        argument = _text(evaluate(node, _Speech(design.integers)))
        where = complete(file, design.reads)
        sql = f"select count(*) from {file.name} where {where} and {argument} <= 0"
        bad = (run(file, sql).fetchone() or (0,))[0]
        if bad:
            raise ModelError(
                "log({term}) meets {rows} rows with zero or less; a logarithm needs numbers above "
                "zero.",
                term=label(node),
                rows=bad,
            )


def sampled(file: File, design: Design) -> tuple[float | None, ...]:
    """Return the means of the first rows: constants to subtract before anything is multiplied."""
    flat = plan(design, (None,) * len(design.columns), exact=False)
    columns = list(values(flat, _Speech(frozenset())))
    means = ", ".join(f"avg({_text(value)}) as {name}" for name, value in columns)
    rows = f"select * from {file.name} where {complete(file, design.reads)} limit {SAMPLE}"
    row = run(file, f"select {means} from ({rows})").fetchone()
    return (None, *(row or ()))


def inner(file: File, plan: Plan, nan: bool) -> str:
    """Return the rows to sum: the group and every shifted column."""
    columns = (f"{_text(v)} as {n}" for n, v in values(plan, _Speech(plan.design.integers)))
    kept = (f"{quoted(name)} as u{i}" for i, name in enumerate(plan.constant))
    chosen = ", ".join((f"{quoted(plan.design.group)} as g", *columns, *kept))
    return f"select {chosen} from {file.name} where {complete(file, plan.design.reads, nan)}"


def summed(pairs: tuple[tuple[int, int], ...], plan: Plan) -> Iterator[str]:
    """Yield one sum for every pair of columns."""
    names = {f"c{i}": Sql(f"c{i}") for i in range(1, len(plan.shift))}
    yield from (f"sum({_text(value)})::double as {name}" for name, value in sums(pairs, names))


def statement(
    file: File, plan: Plan, disclosure: Disclosure | None, whole: bool, nan: bool = True
) -> str:
    """Return the one statement: per group n, sums and products (`whole`: of all pairs)."""
    pairs = plan.grouped() + (plan.rest() if whole else ())
    ends = (f"min(u{i}) as low{i}, max(u{i}) as high{i}" for i in range(len(plan.constant)))
    wanted = ", ".join(("g", "count(*) as s0_0", *summed(pairs, plan), *ends))
    sql = f"select {wanted} from ({inner(file, plan, nan)}) group by g"
    if disclosure is None:
        return sql
    counts = "count(*) over () as all_groups, sum(s0_0) over () as all_rows"
    return f"select * from (select *, {counts} from ({sql})) where s0_0 >= {disclosure.k}"


def at_once(file: File, plan: Plan, disclosure: Disclosure | None) -> bool:
    """Return whether one statement sums all pairs; else those that need no group come apart."""
    return disclosure is not None or len(plan.rest()) <= NARROW or file.name == "held"


class Started:
    """A first scan that runs on a thread of its own; `result` waits for it."""

    def __init__(
        self,
        file: File,
        design: Design,
        disclosure: Disclosure | None = None,
        constant: tuple[str, ...] = (),
    ) -> None:
        check_logarithms(file, design)
        self.plan = replace(plan(design, sampled(file, design)), constant=constant)
        whole = at_once(file, self.plan, disclosure)
        self.sql = statement(file, self.plan, disclosure, whole, nan=False)
        self._file = file
        self._failed: list[Exception] = []
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            run(self._file, self.sql)
        except Exception as error:
            self._failed.append(error)

    def result(self) -> duckdb.DuckDBPyConnection:
        """Return the connection with the answer; raises what the scan raised."""
        self._thread.join()
        if self._failed:
            raise self._failed[0]
        return self._file.connection
