"""DuckDB inside the process: nothing is fetched from outside, nothing written beside the data."""

from tempfile import gettempdir
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

SETTINGS: dict[str, str | bool | int] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
QUIET = "set enable_progress_bar = false"


def memory() -> "Backend":
    """Return a fresh Ibis backend on DuckDB, in memory."""
    # Importing Ibis costs half a second, which `anello fit` on a file does not need to pay.
    import ibis  # noqa: PLC0415

    backend = ibis.duckdb.connect(":memory:", temp_directory=gettempdir(), **SETTINGS)
    backend.raw_sql(QUIET)
    return backend


def bare(**settings: str | bool | int) -> duckdb.DuckDBPyConnection:
    """Return a fresh DuckDB connection, in memory, without Ibis.

    >>> bare().execute("select 6 * 7").fetchone()
    (42,)
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        **SETTINGS,
        "temp_directory": gettempdir(),
        **settings,
    }
    connection = duckdb.connect(":memory:", config=config)
    connection.execute(QUIET)
    return connection
