"""What can be seen of a data file without being told anything: its columns and their values."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa

from ...model.chain import Source
from ..sources import SOURCES, kind_of
from ..sources.base import AT, Reading, empty
from ..sources.rows.needs import MISSING

SAMPLE = 200_000
"""Rows that are looked at; a proposal needs no more."""

SCALES = ((0, 1), (1, 5), (1, 7), (0, 10), (1, 10))
FEW = 11
"""So many different whole values at most look like answers on a scale."""

_NUMBER = "TRY_CAST(replace({c}, ',', '.') AS DOUBLE)"
_ISO = r"'\d{{4}}[-/]\d{{1,2}}[-/]\d{{1,2}}([ T].*)?'"
_FORMATS = "['%d/%m/%Y', '%d.%m.%Y', '%d-%m-%Y', '%m/%d/%Y', '%m-%d-%Y']"
_DAY = (
    f"CASE WHEN regexp_full_match({{c}}, {_ISO}) THEN TRY_CAST(left({{c}}, 10) AS DATE) "
    f"ELSE CAST(try_strptime({{c}}, {_FORMATS}) AS DATE) END"
)


@dataclass(frozen=True)
class Column:
    """A column as seen: how many rows have a value, how many are numbers or days, and which.

    `low` and `high` are the smallest and largest number; `distinct` counts different values.
    """

    name: str
    filled: int
    distinct: int
    numbers: int
    whole: int
    low: float | None
    high: float | None
    days: int

    @property
    def is_number(self) -> bool:
        """Nearly every value is a number (a few words for missing are forgiven)."""
        return self.filled > 0 and self.numbers >= 0.9 * self.filled

    @property
    def is_whole(self) -> bool:
        """Every number is a whole one."""
        return self.is_number and self.whole == self.numbers

    @property
    def is_day(self) -> bool:
        """Every value is a day, as in 2024-03-31."""
        return 0 < self.filled == self.days

    @property
    def is_id(self) -> bool:
        """The name says that it numbers people or rows instead of measuring something."""
        name = self.name.lower()
        named = name in {"id", "row", "index", "n"} or name.endswith(("_id", " id", "_code"))
        return named and self.is_whole

    @property
    def scale(self) -> tuple[int, int] | None:
        """The narrowest usual scale that holds every value, if they look like answers."""
        if not self.is_whole or self.distinct > FEW or self.low is None or self.high is None:
            return None
        return next((s for s in SCALES if s[0] <= self.low and self.high <= s[1]), None)


@dataclass(frozen=True)
class Table:
    """A data file as seen: its columns, and the rows looked at (at most `SAMPLE`)."""

    path: Path
    rows: int
    columns: tuple[Column, ...]
    values: pa.Table

    def column(self, name: str) -> Column | None:
        """Return the column called `name`, if there is one."""
        return next((c for c in self.columns if c.name == name), None)

    def groups(self, *expressions: str) -> int:
        """Return how many different combinations of SQL `expressions` there are."""
        rows = duckdb.connect().from_arrow(self.values)
        return len(rows.project(", ".join(expressions)).distinct())


def look(paths: Iterable[Path]) -> tuple[Table, ...]:
    """Read what can be seen of files of any kind that `sources` knows.

    Raises `SourceError` when one is missing, empty, or of no known kind.
    """
    return tuple(_look(path) for path in paths)


def _look(path: Path) -> Table:
    values = _opened(path)
    rows = duckdb.connect().from_arrow(values)
    columns = tuple(_column(rows, name) for name in values.column_names)
    return Table(path, values.num_rows, columns, values)


def _opened(path: Path) -> pa.Table:
    """Return the first rows as text, by the same shelf that later reads all of them."""
    source = Source("look", path.name)
    kind = SOURCES[kind_of(source, path.parent)]
    db = ibis.duckdb.connect(autoinstall_known_extensions=False)
    with tempfile.TemporaryDirectory(prefix="anello-") as scratch:
        sheet = kind.sheet(str(path), Reading(source, db, None, Path(scratch)))
        table = sheet.table
        names = [n for n in table.columns if n != AT and not n.startswith("__")]
        texts = {name: table[name].cast("string").strip() for name in names}
        known = {
            n: t.upper().isin(MISSING).ifelse(ibis.null("string"), t) for n, t in texts.items()
        }
        try:
            values = table.select(**known).limit(SAMPLE).to_pyarrow()
        except duckdb.Error as error:
            raise sheet.explain(sheet.name, error) from None
    if not values.num_rows:
        raise empty(path.name)
    return values


def _column(rows: duckdb.DuckDBPyRelation, name: str) -> Column:
    c, number = quoted(name), _NUMBER.format(c=quoted(name))
    facts = rows.aggregate(
        f"count({c}), count(DISTINCT {c}), count({number}), "
        f"count(*) FILTER ({number} = floor({number})), min({number}), max({number}), "
        f"count({day(name)})"
    ).fetchone()
    return Column(name, *(facts or (0, 0, 0, 0, None, None, 0)))


def day(name: str) -> str:
    """Return a column as a day in SQL, read as `sources` would read it; NULL where it is none."""
    return _DAY.format(c=quoted(name))


def quoted(name: str) -> str:
    """Return a column name as SQL.

    >>> print(quoted('a "b"'))
    "a ""b\"""
    """
    return '"' + name.replace('"', '""') + '"'
