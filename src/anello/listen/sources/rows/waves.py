"""Which wave a row belongs to: its own key, or a date cut into periods."""

from collections.abc import Callable
from datetime import date, datetime

import ibis
import pyarrow as pa

from anello.model.errors import SourceError
from anello.model.notes import Note
from anello.model.place import Waves

from .stack import RAW, Stack

KEYS: dict[str, Callable[[date], str]] = {
    "day": date.isoformat,
    "week": lambda day: "{}-W{:02d}".format(*day.isocalendar()),
    "month": lambda day: f"{day:%Y-%m}",
    "quarter": lambda day: f"{day.year}-Q{(day.month + 2) // 3}",
    "year": lambda day: f"{day.year:04d}",
}
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
    keys = [_key(read(d), waves) for d in days]
    pairs = {"__key": pa.array(days, "string"), "wave": pa.array(keys, "string")}
    lookup = ibis.memtable(pa.table(pairs))
    joined = table.left_join(lookup, table["__day"] == lookup["__key"])
    return joined.drop("__day", "__key", RAW)


def _key(day: date, waves: Waves) -> str | None:
    if waves.every:
        return KEYS[waves.every](day)
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
