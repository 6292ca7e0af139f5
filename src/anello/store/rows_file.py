"""Rows that are in memory already, as the open file that a fit reads."""

import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .database import bare
from .files import File, kind_of

ROW = "__row"
"""The hidden column with the place of a row in the table that was given, from 0."""
NAME = "given"
WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,14})")
LARGEST = 2.0**53


def file_of(rows: pa.Table, label: str) -> File:
    """Return rows as an open file; `label` stands for it in errors.

    Whole numbers are read as whole numbers, texts that are all whole numbers or all true and false
    too, as a CSV file with the same rows would be read. One thread sums, so that the same rows give
    the same digits.
    """
    columns = {name: _narrow(rows[name]) for name in rows.column_names}
    columns[ROW] = pa.array(np.arange(rows.num_rows, dtype=np.int64))
    connection = bare(threads=1)
    connection.register(NAME, pa.table(columns))
    found = connection.execute(f"describe select * from {NAME}").fetchall()
    kinds = {row[0]: kind_of(row[1]) for row in found if row[0] != ROW}
    return File(Path(label), connection, NAME, kinds)


def _narrow(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_finite(column), column, None)
        whole = pc.and_(pc.equal(pc.round(column), column), pc.less(pc.abs(column), LARGEST))
        return column.cast(pa.int64()) if pc.all(whole).as_py() else column
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    said = [text for text in pc.unique(column).to_pylist() if text is not None]
    if said and all(WHOLE.fullmatch(text) for text in said):
        return column.cast(pa.int64())
    if said and {text.lower() for text in said} <= {"true", "false"}:
        return pc.utf8_lower(column).cast(pa.bool_())
    return column
