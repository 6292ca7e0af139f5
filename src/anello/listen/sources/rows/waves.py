"""Which wave a row belongs to: its own key, or a date cut into periods."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise

import ibis
import pyarrow as pa

from anello.model.errors import SourceError
from anello.model.notes import Note
from anello.model.place import Waves, wave_key

from .stack import RAW, Stack

# A year outside the first two is a typo, and so is a date this far from every other one: a calendar
# of all the days between would have millions of waves.
FIRST_YEAR, LAST_YEAR, LONGEST_GAP = 1900, 2199, timedelta(days=30 * 366)
FORMATS = (
    ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d"),
    ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"),
    ("%m/%d/%Y", "%m-%d-%Y"),
)


def cut(
    table: ibis.Table, stack: Stack, waves: Waves, column: str
) -> tuple[ibis.Table, tuple[Note, ...]]:
    """Return the table with `wave`, and what lies outside every wave.

    Dates are read as 2024-03-26 (a time behind it does no harm), or as 26/03/2024 or 03/26/2024
    where only one of the two fits every row of the column.
    """
    if waves.every or waves.periods:
        table = _dated(table, stack, waves, column)
        outside = table.wave.isnull()
    else:
        table = table.rename(wave=RAW)
        outside = ~table.wave.isin(waves.order) if waves.order else ibis.literal(False)
    n = int(table.filter(outside).count().to_pyarrow().as_py())
    notes = (
        Note(
            "{n} row lies outside every wave and was left out.",
            "{n} rows lie outside every wave and were left out.",
            n=n,
        ),
    )
    return (table.filter(~outside), notes) if n else (table, ())


def _dated(table: ibis.Table, stack: Stack, waves: Waves, column: str) -> ibis.Table:
    day = ibis.coalesce(table[RAW].re_extract(r"^([^ T]+)", 1), table[RAW])
    table = table.mutate(__day=day)
    days = table.select("__day").distinct().to_pyarrow()["__day"].to_pylist()
    read = _reader(days, table, stack, column)
    if waves.every:
        _check_span({d: read(d) for d in days}, table, stack, column)
    keys = [_key(read(d), waves) for d in days]
    pairs = {"__key": pa.array(days, "string"), "wave": pa.array(keys, "string")}
    lookup = ibis.memtable(pa.table(pairs))
    joined = table.left_join(lookup, table["__day"] == lookup["__key"])
    return joined.drop("__day", "__key", RAW)


def _check_span(found: dict[str, date], table: ibis.Table, stack: Stack, column: str) -> None:
    """Raise for a date that would stretch the calendar over centuries without a row."""
    for text, day in found.items():
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            row = stack.first(table, table["__day"] == text)[0]
            raise stack.error(
                row,
                "{file}, row {row}, column {column!r}: the year of {value!r} is not one between "
                "{first} and {last}. Correct the date.",
                "{file}, unit {unit!r}, column {column!r}: the year of {value!r} is not one "
                "between {first} and {last}. Correct the date.",
                column=column,
                value=row[RAW],
                first=FIRST_YEAR,
                last=LAST_YEAR,
            )
    lonely = _lonely(found)
    if lonely:
        row = stack.first(table, table["__day"].isin(lonely))[0]
        raise stack.error(
            row,
            "{file}, row {row}, column {column!r}: {value!r} lies more than 30 years from the "
            "other dates. Correct the date.",
            "{file}, unit {unit!r}, column {column!r}: {value!r} lies more than 30 years from the "
            "other dates. Correct the date.",
            column=column,
            value=row[RAW],
        )


def _lonely(found: dict[str, date]) -> list[str]:
    """Return the dates on the emptier side of the first gap that is too long to be one."""
    texts = sorted(found, key=found.__getitem__)
    for i, (before, after) in enumerate(pairwise(texts), start=1):
        if found[after] - found[before] > LONGEST_GAP:
            return min(texts[:i], texts[i:], key=len)
    return []


def _key(day: date, waves: Waves) -> str | None:
    if waves.every:
        return wave_key(waves.every, day)
    return next((w.key for w in waves.periods if w.opens <= day <= w.closes), None)


def _reader(days: list[str], table: ibis.Table, stack: Stack, column: str) -> Callable[[str], date]:
    """Return the one way of reading dates that fits all of `days`."""
    ways = [[_read(d, formats) for d in days] for formats in FORMATS]
    fitting = [formats for formats, read in zip(FORMATS, ways, strict=True) if all(read)]
    if len(fitting) == 1 or (fitting and ways[1] == ways[2]):
        return lambda text: _read(text, fitting[0]) or date.min
    if fitting:
        raise SourceError(
            "{file}, column {column!r}: {value!r} could be a day and a month in either order. "
            "Write dates as 2024-03-26.",
            file=stack.sheets[0].name,
            column=column,
            value=days[0],
        )
    best = max(ways, key=lambda read: sum(r is not None for r in read))
    wrong = next(d for d, read in zip(days, best, strict=True) if read is None)
    row = stack.first(table, table["__day"] == wrong)[0]
    raise stack.error(
        row,
        "{file}, row {row}, column {column!r}: {value!r} is not a date like the others. "
        "Write dates as 2024-03-26.",
        "{file}, unit {unit!r}, column {column!r}: {value!r} is not a date like the others. "
        "Write dates as 2024-03-26.",
        column=column,
        value=row[RAW],
    )


def _read(text: str, formats: tuple[str, ...]) -> date | None:
    for form in formats:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None
