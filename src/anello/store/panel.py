"""The panel: unit x wave means and counts of every measure, the disclosure rule inside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anello.model.chain import Grain, Measure
from anello.model.disclosure import Disclosure
from anello.model.errors import SourceError
from anello.model.invariance import Invariance
from anello.model.topics import fewest

Array = NDArray[np.float64]
DIGITS = 12


@dataclass(frozen=True)
class Panel:
    """What `link` sees: arrays of shape units x waves, never a row of a person.

    `mean` is NaN where nothing was measured or fewer than k people answered. `n` counts the
    answers behind a mean (the base column of a unit-level figure; NaN when none is declared).
    `coverage` is the share of the period that a figure covers, NaN when not declared. `groups`
    holds labels such as the peer group, "" where unknown. `icc2` is the reliability of the unit
    means of a person-level measure. `withheld` counts the cells hidden by the rule, `response` is
    the share of those asked who answered. `invariance` says of a measure whether its questions were
    understood alike in all waves, where that was asked.
    """

    units: tuple[str, ...]
    waves: tuple[str, ...]
    mean: dict[str, Array]
    n: dict[str, Array]
    icc2: dict[str, float | None] = field(default_factory=dict)
    coverage: dict[str, Array] = field(default_factory=dict)
    groups: dict[str, NDArray[np.object_]] = field(default_factory=dict)
    persons: frozenset[str] = frozenset()
    withheld: dict[str, int] = field(default_factory=dict)
    response: dict[str, Array] = field(default_factory=dict)
    invariance: dict[str, Invariance] = field(default_factory=dict)


@dataclass(frozen=True)
class Cells:
    """The aggregates of one source as columns: unit, wave, and per measure mean and n."""

    table: pa.Table
    measures: tuple[Measure, ...]
    withheld: dict[str, int]


def cells(scored: ir.Table, measures: Sequence[Measure], disclosure: Disclosure) -> Cells:
    """Return the means of each unit and wave by one GROUP BY where the scores lie.

    A mean of fewer than `disclosure.k` people (`comments` for texts) is turned to NULL inside the
    query: it never arrives. Scores with known bounds are summed as whole numbers at twelve digits
    of their range, so the sum is exact and the same in any order.
    """
    aggregates: dict[str, ir.Value] = {}
    for m in measures:
        aggregates |= _aggregates(
            scored, m, fewest(m.scoring, disclosure) if m.grain is Grain.PERSON else 1
        )
    grouped = scored.group_by("unit", "wave").aggregate(**aggregates)
    table = grouped.to_pyarrow()
    withheld = {}
    for m in measures:
        hidden = table[f"{m.key}__hidden"].to_pylist()
        withheld[m.key] = sum(bool(h) for h in hidden)
    return Cells(table, tuple(measures), withheld)


def _aggregates(scored: ir.Table, m: Measure, k: int) -> dict[str, ir.Value]:
    value = scored[m.key].cast("float64")
    n = value.count()
    known = n >= k
    weight = f"{m.key}__w"
    if weight in scored.columns:
        w = scored[weight].cast("float64")
        mean = (value * w).sum() / ibis.ifelse(value.isnull(), None, w).sum()
    else:
        mean = _sum(value, m) / n
    return {
        f"{m.key}__mean": ibis.ifelse(known, mean, None),
        f"{m.key}__n": ibis.ifelse(known, n, 0),
        f"{m.key}__hidden": (n > 0) & (n < k),
    }


def _sum(value: ir.NumericValue, m: Measure) -> ir.NumericValue:
    if m.grain is Grain.UNIT or m.low is None or m.high is None:
        return value.sum()
    top = max(abs(m.low), abs(m.high), 100.0)
    scale = 10.0 ** (DIGITS - int(np.ceil(np.log10(top))))
    return (value * scale).round().cast("int64").sum().cast("float64") / scale


def facts(table: ir.Table, columns: Iterable[str], given: str = "") -> pa.Table:
    """Return one value of each column for each unit and wave.

    `given` names a column with the unit before mergers, if the table has one: a merged unit has
    the value of the one that had its name already, else of the first in the alphabet. Raises
    `SourceError` when such a column, which speaks of the unit, has two values inside one.
    """
    wanted = [c for c in dict.fromkeys(columns) if c in table.columns]
    ends = {c: table[c].max() for c in wanted} | {f"{c}__least": table[c].min() for c in wanted}
    former = [given] if given in table.columns else []
    found = table.group_by("unit", "wave", *former).aggregate(**ends).to_pyarrow()
    for column in wanted:
        _refuse_varying(found, column)
    return _of_today(found, given).select(["unit", "wave", *wanted])


def _of_today(found: pa.Table, given: str) -> pa.Table:
    if given not in found.column_names:
        return found
    first: dict[tuple[str, str], tuple[bool, str, int]] = {}
    cells = zip(*(found[c].to_pylist() for c in ("unit", "wave", given)), strict=True)
    for i, (unit, wave, former) in enumerate(cells):
        place = (former != unit, former, i)
        first[unit, wave] = min(first.get((unit, wave), place), place)
    return found.take([i for _, _, i in first.values()])


def _refuse_varying(found: pa.Table, column: str) -> None:
    ends = zip(found[f"{column}__least"].to_pylist(), found[column].to_pylist(), strict=True)
    for i, (least, most) in enumerate(ends):
        if least != most:
            raise SourceError(
                "Unit {unit!r}, wave {wave!r}: the column {column!r} has two values, {one!r} and "
                "{other!r}. A column that speaks of the unit must be the same in all its rows.",
                unit=found["unit"][i].as_py(),
                wave=found["wave"][i].as_py(),
                column=column,
                one=least,
                other=most,
            )


def assemble(
    parts: Sequence[tuple[Cells, pa.Table]], waves: Sequence[str], groups: Sequence[str]
) -> Panel:
    """Return the panel of all sources: every unit met in any of them, waves in time order.

    `parts` pairs the cells of a source with its `facts` (base, coverage and group columns).
    """
    units = tuple(sorted({u for c, _ in parts for u in c.table["unit"].to_pylist()}))
    frame = _Frame({u: i for i, u in enumerate(units)}, {w: i for i, w in enumerate(waves)})
    panel = Panel(units, tuple(waves), {}, {})
    for part, known in parts:
        panel = _add(panel, frame, part, known)
    labels = {g: _labels(frame, [f for _, f in parts], g) for g in groups}
    return replace(panel, groups=labels)


@dataclass(frozen=True)
class _Frame:
    units: dict[str, int]
    waves: dict[str, int]

    def spread(self, table: pa.Table, column: str) -> Array:
        out = np.full((len(self.units), len(self.waves)), np.nan)
        rows, cols, keep = self.place(table)
        values = table[column].to_numpy(zero_copy_only=False).astype(float)
        out[rows, cols] = values[keep]
        return out

    def place(self, table: pa.Table) -> tuple[list[int], list[int], list[int]]:
        pairs = zip(table["unit"].to_pylist(), table["wave"].to_pylist(), strict=True)
        found = [
            (self.units[u], self.waves[w], i)
            for i, (u, w) in enumerate(pairs)
            if u in self.units and w in self.waves
        ]
        return [f[0] for f in found], [f[1] for f in found], [f[2] for f in found]


def _add(panel: Panel, frame: _Frame, part: Cells, known: pa.Table) -> Panel:
    mean, n, coverage = dict(panel.mean), dict(panel.n), dict(panel.coverage)
    response = dict(panel.response)
    persons = set(panel.persons)
    for m in part.measures:
        mean[m.key] = frame.spread(part.table, f"{m.key}__mean")
        if m.grain is Grain.PERSON:
            mean[m.key] = steady(mean[m.key])
            n[m.key] = frame.spread(part.table, f"{m.key}__n")
            persons.add(m.key)
        else:
            n[m.key] = _column(frame, known, m.base)
        if m.coverage is not None:
            coverage[m.key] = _column(frame, known, m.coverage.column) / m.coverage.full
        if m.response is not None:
            response[m.key] = _column(frame, known, m.response)
    return replace(
        panel,
        mean=mean,
        n=n,
        coverage=coverage,
        response=response,
        persons=frozenset(persons),
        withheld=panel.withheld | part.withheld,
    )


def steady(values: Array) -> Array:
    """Round to eleven digits: sums over threads differ in the last ones from run to run.

    >>> float(steady(np.array(0.1 + 0.2)))
    0.3
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where(values == 0, 0.0, np.floor(np.log10(np.abs(values))))
        scale = 10.0 ** (10 - size)
        return np.asarray(np.round(values * scale) / scale)


def _column(frame: _Frame, known: pa.Table, column: str | None) -> Array:
    if column is None or column not in known.column_names:
        return np.full((len(frame.units), len(frame.waves)), np.nan)
    return frame.spread(known, column)


def _labels(frame: _Frame, tables: Sequence[pa.Table], column: str) -> NDArray[np.object_]:
    out = np.full((len(frame.units), len(frame.waves)), "", dtype=object)
    for table in tables:
        if column in table.column_names:
            rows, cols, keep = frame.place(table)
            values = table[column].to_pylist()
            out[rows, cols] = ["" if values[i] is None else str(values[i]) for i in keep]
    return out
