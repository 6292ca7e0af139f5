"""Tables drawn in text, on every engine that scores must agree on."""

from collections.abc import Callable

import ibis
import pyarrow as pa
import pytest

from anello.listen.sources.base import Rows
from anello.model.chain import Grain, Source

ENGINES = {"duckdb": ibis.duckdb.connect, "sqlite": ibis.sqlite.connect}
TEXT = ("unit", "wave")


def drawn(picture: str) -> pa.Table:
    """Return the table of a picture: a header, then rows of cells; a dot is a missing answer."""
    lines = [line.split() for line in picture.strip().splitlines()]
    columns = {name: [row[i] for row in lines[1:]] for i, name in enumerate(lines[0])}
    for name in set(columns) - set(TEXT):
        columns[name] = [None if cell == "." else float(cell) for cell in columns[name]]
    height = len(lines) - 1
    types = {name: pa.string() if name in TEXT else pa.float64() for name in columns}
    for name in set(TEXT) - set(columns):
        columns[name], types[name] = ["1"] * height, pa.string()
    return pa.table({name: pa.array(v, types[name]) for name, v in columns.items()})


def listened(engine: str, table: pa.Table, grain: Grain = Grain.PERSON) -> Rows:
    db = ENGINES[engine]()
    source = Source("s", "drawn", grain=grain)
    return Rows(source, db.create_table("answers", table), table.num_rows, "0")


@pytest.fixture(params=ENGINES)
def rows(request: pytest.FixtureRequest) -> Callable[..., Rows]:
    """Return a function that puts a drawn table into an engine."""

    def put(picture: str | pa.Table, grain: Grain = Grain.PERSON) -> Rows:
        table = drawn(picture) if isinstance(picture, str) else picture
        return listened(request.param, table, grain)

    return put


@pytest.fixture
def engines() -> dict[str, Callable[..., Rows]]:
    """Return one such function for each engine, to compare them."""
    return {name: lambda t, e=name: listened(e, t) for name in ENGINES}
