"""Parquet files: queried where they lie, never copied into memory."""

import re
from pathlib import Path

import pyarrow.parquet as pq

from .base import AT, Reading, Sheet, unreadable

ENDINGS: tuple[str, ...] = (".parquet", ".pq")


def claims(path: str) -> bool:
    """Return whether a path ends as a Parquet file does."""
    return path.lower().endswith(ENDINGS)


def sheet(path: str, reading: Reading) -> Sheet:
    """Open a Parquet file; row 1 is its first record, for there is no header row."""
    name = Path(path).name
    escaped = re.sub(r"([*?\[])", r"[\1]", path).replace("'", "''")
    try:
        names = tuple(pq.read_schema(path).names)
        table = reading.db.sql(
            f"SELECT * FROM read_parquet('{escaped}', file_row_number = true)"
        ).rename({AT: "file_row_number"})
    except Exception as error:
        raise unreadable(name, error) from None
    picked = [n for n in names if reading.takes(n)]
    return Sheet(name, names, table.select(*picked, AT), row=lambda at: at + 1, stays=True)
