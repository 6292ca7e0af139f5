"""Moments of one file, in DuckDB's own SQL: the same sums as `moments`, without starting Ibis."""

from dataclasses import replace

import duckdb
import numpy as np

from anello.model.disclosure import Disclosure
from anello.stats.mixed.design import Design
from anello.stats.moments import Moments

from .aggregates import assemble, better, counted
from .asked import Plan
from .files import File
from .scan import Started, at_once, inner, run, statement, summed
from .unit_level import check_extremes


def moments(file: File, design: Design, disclosure: Disclosure | None = None) -> Moments:
    """Return the moments that `design` needs of a file; see `anello.store.moments.moments`."""
    return gathered(file, Started(file, design, disclosure), disclosure)


def gathered(file: File, started: Started, disclosure: Disclosure | None = None) -> Moments:
    """Return the moments of a scan that was started; scanned again where the first went wrong."""
    first = started.plan
    try:
        return _moments(file, first, started, disclosure)
    except duckdb.OutOfRangeException:
        design = replace(first.design, integers=frozenset())
        again = Started(file, design, disclosure, first.constant)
        return _moments(file, again.plan, again, disclosure)


def _moments(file: File, first: Plan, started: Started, disclosure: Disclosure | None) -> Moments:
    found = _read(file, first, disclosure, started.sql, started.result(), nan=False)
    nan = bool(np.isnan(found.total).any())
    if nan:
        found = _scan(file, first, disclosure, nan)
    again = better(first, found)
    return found if again is None else _scan(file, again, disclosure, nan)


def _scan(file: File, plan: Plan, disclosure: Disclosure | None, nan: bool) -> Moments:
    sql = statement(file, plan, disclosure, at_once(file, plan, disclosure), nan)
    return _read(file, plan, disclosure, sql, run(file, sql), nan)


def _read(
    file: File,
    plan: Plan,
    disclosure: Disclosure | None,
    sql: str,
    answer: duckdb.DuckDBPyConnection,
    nan: bool,
) -> Moments:
    found = answer.fetchnumpy()
    groups = np.asarray(found.pop("g"))
    check_extremes(plan.constant, plan.design.group, groups, found)
    once = {}
    if not at_once(file, plan, disclosure):
        wanted = ", ".join(summed(plan.rest(), plan))
        once = run(file, f"select {wanted} from ({inner(file, plan, nan)})").fetchnumpy()
    rows = (run(file, f"select count(*) from {file.name}").fetchone() or (0,))[0]
    result = assemble(plan, groups, found, once).sorted()
    return counted(result, int(rows), found, disclosure, sql)
