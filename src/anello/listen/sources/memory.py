"""Rows that a library handed over as Python values, turned into a sheet."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time

import ibis
import pyarrow as pa

from .base import Reading, twice


def pick(name: str, names: Sequence[str], reading: Reading) -> dict[str, int]:
    """Return the wanted columns with their place; raises `SourceError` when one stands twice."""
    picked: dict[str, int] = {}
    seen: set[str] = set()
    for i, column in enumerate(names):
        if not reading.takes(column):
            continue
        if column in picked and reading.wanted is not None:
            raise twice(name, column)
        if column.lower() not in seen:
            picked[column] = i
        seen.add(column.lower())
    return picked


def table(columns: Mapping[str, Iterable[object]]) -> ibis.Table:
    """Return columns of Python values as a table of texts."""
    texts = {name: [text(v) for v in values] for name, values in columns.items()}
    return ibis.memtable(pa.table({n: pa.array(v, "string") for n, v in texts.items()}))


def text(value: object) -> str | None:
    """Return a cell as the text of a CSV file: 3.0 as 3, dates as 2024-03-26.

    >>> text(3.0), text(0.1), text(date(2024, 3, 26)), text(True), text("")
    ('3', '0.1', '2024-03-26', '1', None)
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).strip() or None
