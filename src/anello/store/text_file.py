"""Columns of a file as texts, row by row, for what only words can answer."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import duckdb

from anello.model.errors import SourceError

from .files import open_file, quoted, unreadable


def text_columns(path: Path, columns: Sequence[str]) -> dict[str, list[str | None]]:
    """Return columns of a CSV, TSV or Parquet file as texts in the order of its rows.

    Raises `SourceError` when the file or a column cannot be read.
    """
    file = open_file(path)
    for column in columns:
        if column not in file.kinds:
            near = get_close_matches(column, file.kinds, n=1, cutoff=0.0)
            raise SourceError(
                "{file} has no column {column!r}; did you mean {near!r}?",
                file=path.name,
                column=column,
                near=near[0] if near else "-",
            )
    wanted = list(dict.fromkeys(columns))
    listed = ", ".join(f"cast({quoted(c)} as varchar)" for c in wanted)
    try:
        rows = file.connection.execute(f"select {listed} from {file.name}").fetchall()
    except duckdb.Error as error:
        raise unreadable(path, error) from None
    return {column: [row[i] for row in rows] for i, column in enumerate(wanted)}
