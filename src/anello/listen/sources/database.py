"""Tables of a database by URL: they stay where they are, and only aggregates are fetched."""

import json
from collections.abc import Callable
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from anello.model.errors import MissingExtraError, SourceError

from .base import Reading, Sheet, empty, unreadable

ENDINGS: tuple[str, ...] = ()
STEPS = 100_000


def claims(path: str) -> bool:
    """Return whether a path is a URL."""
    return "://" in path


def located(url: str, folder: Path) -> str:
    """Return a URL whose file, if it has one, counts from the folder of the chain file.

    >>> located("sqlite:///till.db", Path("/srv/eva"))
    'sqlite:////srv/eva/till.db'
    """
    scheme, _, rest = url.partition("://")
    if scheme not in ("sqlite", "duckdb"):
        return url
    return f"{scheme}:///{(folder / rest.removeprefix('/')).absolute()}"


def place(url: str, folder: Path) -> str:
    """Return where a database lies, the same for every way to write it.

    >>> place("sqlite:///./till.db", Path("/srv")) == place("sqlite://till.db", Path("/srv"))
    True
    >>> place("postgresql://eva:secret@Db.example/till", Path("/srv"))
    'postgres://db.example/till'
    """
    scheme, _, rest = located(url, folder).partition("://")
    if scheme in ("sqlite", "duckdb"):
        return str(Path(rest).resolve())
    shown = _shown(url).partition("://")[2]
    return f"{'postgres' if scheme == 'postgresql' else scheme}://{shown.lower()}"


def sheet(path: str, reading: Reading) -> Sheet:
    """Open a table in place."""
    scheme, _, rest = path.partition("://")
    if scheme not in ENGINES:
        raise SourceError(
            "databases of the kind {scheme!r} cannot be read; known are: {known}.",
            scheme=scheme,
            known=", ".join(ENGINES),
        )
    shown = _shown(path)
    try:
        connection = ENGINES[scheme](rest if scheme in ("sqlite", "duckdb") else path)
        table = _table(connection, reading.source.table, shown)
    except (SourceError, MissingExtraError):
        raise
    except Exception as error:
        raise unreadable(shown, _silent(error, rest)) from None
    name = f"{shown} ({reading.source.table})"
    if not table.limit(1).count().to_pyarrow().as_py():
        raise empty(name)
    picked = [c for c in table.columns if reading.takes(c)]
    part = (reading.source.table or "").rpartition(".")[2].lower()
    rows = table.select(*picked) if picked else table
    return Sheet(name, table.columns, rows, None, stays=True, part=part)


def _silent(error: Exception, rest: str) -> Exception:
    """Return an error whose words hold neither the password of a URL nor what stands around it.

    >>> _silent(ValueError("netloc 'eva:secret@x' is odd"), "eva:secret@x/till")
    ValueError("netloc '...@x' is odd")
    """
    who = rest.rpartition("@")[0]
    if not who:
        return error
    text = str(error)
    for secret in (who, who.partition(":")[2]):
        text = text.replace(secret, "...") if secret else text
    return ValueError(text)


def _shown(url: str) -> str:
    """Return a URL as it may be shown: never with its password.

    >>> _shown("postgres://eva:secret@db.example/till?password=secret")
    'postgres://db.example/till'
    """
    scheme, _, rest = url.partition("://")
    if scheme in ("sqlite", "duckdb"):
        return Path(rest).name
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"


def _table(connection: BaseBackend, name: str | None, shown: str) -> ibis.Table:
    names = sorted(connection.list_tables())
    database, _, last = (name or "").rpartition(".")
    if name in names:
        return connection.table(name)
    if database:
        return connection.table(last, database=database)
    if not name:
        raise SourceError(
            "{file}: say which table to read with `table`; there are: {names}.",
            file=shown,
            names=", ".join(names[:12]) or "-",
        )
    raise SourceError(
        "{file} has no table {table!r}; there are: {names}.",
        file=shown,
        table=name,
        names=", ".join(names[:12]) or "-",
    )


def _file(path: str) -> Path:
    found = Path(path.removeprefix("/") if path.startswith("//") else path)
    if not found.is_file():
        raise SourceError(
            "{path} does not exist. Correct `path`; it counts from the folder of the chain file.",
            path=found.name,
        )
    return found


def _sqlite(path: str) -> BaseBackend:
    """Open a file of SQLite so that Ctrl-C is heard inside a query, which a view may make endless.

    SQLite steps out of the query every so often; only then does Python learn that it was called.
    """
    connection = ibis.sqlite.connect(_file(path))
    connection.con.set_progress_handler(lambda: 0, STEPS)
    return connection


def _duckdb(path: str) -> BaseBackend:
    connection = ibis.duckdb.connect(
        _file(path), read_only=True, autoinstall_known_extensions=False
    )
    connection.raw_sql("set enable_external_access = false")
    return connection


def _postgres(url: str) -> BaseBackend:
    if find_spec("psycopg") is None:
        raise MissingExtraError('Postgres needs one more package: pip install "anello[postgres]".')
    return ibis.connect(url.replace("postgresql://", "postgres://", 1))


def _spark(url: str) -> BaseBackend:
    """Open the tables of a Spark session, shared by all sources of the same process."""
    if find_spec("pyspark") is None:
        raise MissingExtraError('Spark needs one more package: pip install "anello[spark]".')
    # PySpark is an extra, and loading it takes a second that nobody else should pay.
    from pyspark.sql import SparkSession  # noqa: PLC0415

    builder = SparkSession.builder.appName("anello")
    return ibis.pyspark.connect(builder.master(master(url)).getOrCreate())


def master(url: str) -> str:
    """Return the master of Spark that a URL names.

    >>> master("spark://master.example:7077"), master("spark://local[2]")
    ('spark://master.example:7077', 'local[2]')
    """
    rest = url.partition("://")[2]
    return rest if rest.startswith("local") else url


ENGINES: dict[str, Callable[[str], BaseBackend]] = {
    "sqlite": _sqlite,
    "duckdb": _duckdb,
    "postgres": _postgres,
    "postgresql": _postgres,
    "spark": _spark,
}


def fingerprint(table: ibis.Table) -> str:
    """Return a sha256 over the aggregates of each unit and wave, whatever the order of rows.

    No row leaves the database for it. The rows of a study have no unit and wave; there their first
    role takes the place of both. Two tables whose counts, sums, extremes and weighted row sums all
    agree in every unit and wave have the same fingerprint, though single answers may differ.
    """
    exact = table.get_backend().name != "sqlite"
    aggregates: dict[str, ir.Scalar] = {"rows": table.count()}
    whole: ir.NumericValue = ibis.literal(0.0)
    for i, name in enumerate(table.columns):
        column = table[name]
        if not column.type().is_floating():
            aggregates |= {f"{name} first": column.min(), f"{name} last": column.max()}
            aggregates[f"{name} different"] = column.nunique()
            if column.type().is_string():
                aggregates[f"{name} letters"] = column.length().sum()
            continue
        aggregates |= {f"{name} n": column.count(), f"{name} sum": _sum(column, exact)}
        aggregates |= {f"{name} min": column.min(), f"{name} max": column.max()}
        whole = whole + column.fill_null(-0.5) * (i + 1)
    if isinstance(whole, ir.NumericColumn):
        aggregates["rows squared"] = _sum(whole * whole, exact)
    by = ["unit", "wave"] if "unit" in table.columns else [table.columns[0]]
    cells = table.group_by(by).aggregate(**aggregates).to_pyarrow().to_pylist()
    lines = sorted(json.dumps({k: _digits(v) for k, v in c.items()}, sort_keys=True) for c in cells)
    return sha256("\n".join(lines).encode()).hexdigest()


def _sum(column: ir.NumericValue, exact: bool) -> ir.Scalar:
    """Return a sum that is the same in any order, where the engine has exact decimals."""
    return column.clip(-1e22, 1e22).cast("decimal(38, 9)").sum() if exact else column.sum()


def _digits(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)
