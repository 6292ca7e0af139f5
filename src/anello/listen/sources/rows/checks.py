"""What makes a source unfit: text in a number, a value off its scale, a unit said two ways."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from anello.model.chain import Grain, Measure, Source
from anello.model.errors import SourceError

from ..base import AT
from .stack import PERSON, Stack
from .types import BAD

Bounds = dict[str, tuple[float | None, float | None]]


def check(
    table: ibis.Table,
    stack: Stack,
    measures: Sequence[Measure],
    source: Source,
    texts: Sequence[str] = (),
) -> None:
    """Raise `SourceError` for the first row that cannot be used.

    `texts` are the columns of groups that the chain reads where they are present.
    """
    _check_numbers(table, stack)
    _check_bounds(table, stack, bounds(measures))
    if source.grain is Grain.UNIT and source.rollup is None:
        _check_once(table, stack)
    else:
        _check_people(table, stack)
        _check_same(table, stack, [*texts, *(m.response for m in measures if m.response)])


def bounds(measures: Sequence[Measure]) -> Bounds:
    """Return the lowest and highest value that each number column may hold."""
    found: Bounds = {}
    for m in measures:
        found |= {column: (0.0, None) for column in (m.base, m.weight) if column}
        found |= {m.response: (0.0, 1.0)} if m.response else {}
        found |= {m.coverage.column: (0.0, m.coverage.full)} if m.coverage else {}
    for m in measures:
        for item in m.items if not m.reads_text else ():
            low, high = found.get(item.column, (None, None))
            low = m.low if low is None else max(low, m.low) if m.low is not None else low
            high = m.high if high is None else min(high, m.high) if m.high is not None else high
            found[item.column] = (low, high)
    return {column: pair for column, pair in found.items() if pair != (None, None)}


def _check_numbers(table: ibis.Table, stack: Stack) -> None:
    for row in stack.first(table, table[BAD].notnull()):
        column, value = str(row[BAD]).split("\x1f", 1)
        raise stack.error(
            row,
            stack.sheets[0].not_a_number,
            "{file}, unit {unit!r}, wave {wave!r}, column {column!r}: {value!r} is not a number. "
            "Correct it or list it under `missing`.",
            column=column,
            value=_short(value),
        )


def _check_bounds(table: ibis.Table, stack: Stack, bounds: Bounds) -> None:
    outside = [_outside(table, column, *pair) for column, pair in bounds.items()]
    if not outside:
        return
    for row in stack.first(table, ibis.or_(*outside)):
        column = next(c for c, pair in bounds.items() if _is_outside(row[c], *pair))
        low, high = ("-" if limit is None else f"{limit:g}" for limit in bounds[column])
        raise stack.error(
            row,
            "{file}, row {row}, column {column!r}: {value} lies outside the scale from {low} to "
            "{high}. Correct it, or list it under `missing`.",
            "{file}, unit {unit!r}, wave {wave!r}, column {column!r}: {value} lies outside the "
            "scale from {low} to {high}. Correct it, or list it under `missing`.",
            column=column,
            value=f"{row[column]:g}",
            low=low,
            high=high,
        )


def _outside(
    table: ibis.Table, column: str, low: float | None, high: float | None
) -> ir.BooleanValue:
    value = table[column]
    found = [] if low is None else [value < low]
    found += [] if high is None else [value > high]
    return ibis.or_(*found).fill_null(False)


def _is_outside(value: float | None, low: float | None, high: float | None) -> bool:
    if value is None:
        return False
    return (low is not None and value < low) or (high is not None and value > high)


def _check_once(table: ibis.Table, stack: Stack) -> None:
    sizes = table.group_by("unit", "wave").aggregate(n=table.count())
    order = [sizes.unit, sizes.wave]
    if stack.placed:
        sizes = table.group_by("unit", "wave").aggregate(n=table.count(), at=table[AT].min())
        order = [sizes["at"]]
    found = sizes.filter(sizes.n > 1).order_by(order).limit(1).to_pyarrow().to_pylist()
    for cell in found:
        same = (table.unit == cell["unit"]) & (table.wave == cell["wave"])
        rows = stack.first(table, same, most=2)
        raise stack.error(
            rows[0],
            "{file}, row {row}, and {other}, row {second}: {unit!r} stands twice in wave "
            "{wave!r}. Keep one, or set `grain: person` if each row is a person.",
            "{file}: {unit!r} stands {n} times in wave {wave!r}. Keep one row for each unit and "
            "wave, or set `grain: person` if each row is a person.",
            **_twice(stack, rows, int(cell["n"])),
        )


def _check_people(table: ibis.Table, stack: Stack) -> None:
    """Raise when somebody has two rows in a wave; groups are promised of people, not of rows."""
    if PERSON not in table.columns:
        return
    named = table.filter(table[PERSON].notnull())
    first = {"at": named[AT].min()} if stack.placed else {}
    sizes = named.group_by(PERSON, "wave").aggregate(n=named.count(), **first)
    order = ["at"] if stack.placed else ["wave", PERSON]
    found = sizes.filter(sizes.n > 1).order_by(order).limit(1).to_pyarrow().to_pylist()
    for cell in found:
        same = (table[PERSON] == cell[PERSON]) & (table.wave == cell["wave"])
        rows = stack.first(table, same, most=2)
        raise stack.error(
            rows[0],
            "{file}, row {row}, and {other}, row {second}, are of one person in wave {wave!r}; a "
            "mean of a unit counts people, each once. Name a finer wave, or keep one row.",
            "{file}: somebody has {n} rows in wave {wave!r}; a mean of a unit counts people, each "
            "once. Name a finer wave, or keep one row for each person.",
            **_twice(stack, rows, int(cell["n"])),
        )


def _twice(stack: Stack, rows: list[dict], n: int) -> dict[str, object]:  # type: ignore[type-arg]
    first, second = rows[0], rows[-1]
    if not stack.placed:
        return {"n": n}
    return {
        "other": stack.name(second),
        "second": stack.row(second),
        "unit": first["unit"],
        "wave": first["wave"],
    }


def _check_same(table: ibis.Table, stack: Stack, columns: Sequence[str]) -> None:
    """Raise when what is said of a unit differs between its people in one wave."""
    said = [c for c in dict.fromkeys(columns) if c in table.columns]
    if not said:
        return
    cells = table.group_by("unit", "wave").aggregate(
        **{f"__differs{i}": table[c].min() != table[c].max() for i, c in enumerate(said)}
    )
    for i, column in enumerate(said):
        order = [cells.unit, cells.wave]
        found = cells.filter(cells[f"__differs{i}"]).order_by(order).limit(1)
        for cell in found.to_pyarrow().to_pylist():
            raise _differing(table, stack, column, cell)


def _differing(table: ibis.Table, stack: Stack, column: str, cell: dict) -> SourceError:  # type: ignore[type-arg]
    same = (table.unit == cell["unit"]) & (table.wave == cell["wave"])
    first = stack.first(table, same & table[column].notnull())[0]
    second = stack.first(table, same & (table[column] != first[column]))[0]
    place = {"place": stack.name(first), "first": stack.row(first)} if stack.placed else {}
    return stack.error(
        second,
        "{file}, row {row}, column {column!r}: {value!r}, but {place}, row {first}, says {other!r} "
        "of the same unit and wave. Correct one, or choose people with `where`.",
        "{file}, unit {unit!r}, wave {wave!r}, column {column!r}: both {other!r} and {value!r}, "
        "but a unit has one value in a wave. Correct one, or choose people with `where`.",
        column=column,
        value=_plain(second[column]),
        other=_plain(first[column]),
        **place,
    )


def _plain(value: object) -> object:
    return _short(value) if isinstance(value, str) else value


def _short(value: str) -> str:
    return value if len(value) <= 40 else value[:37] + "..."
