"""Columns of a file in the order of its rows, each as the type that was asked for."""

from collections.abc import Mapping
from typing import Any

import duckdb
import numpy as np

from anello.model.errors import SourceError

from .files import File, quoted, unreadable


def fetched(file: File, types: Mapping[str, str]) -> dict[str, Any]:
    """Return columns by name as arrays of objects, None where a value is missing.

    `types` names the SQL type of each. Raises `SourceError` for a file without rows, and when the
    engine finds out only now that it cannot be read.
    """
    parts = ", ".join(f"{quoted(n)}::{kind} as c{i}" for i, (n, kind) in enumerate(types.items()))
    try:
        table = file.connection.execute(f"select {parts} from {file.name}").arrow()
        columns = table.read_all() if hasattr(table, "read_all") else table
    except duckdb.Error as error:
        raise unreadable(file.path, error) from None
    if not columns.num_rows:
        raise SourceError(
            "{file} is empty: there is no row below the header. Give a source with rows.",
            file=file.path,
        )
    return {n: np.array(columns[f"c{i}"].to_pylist(), object) for i, n in enumerate(types)}
