"""Several sheets stacked by name into one typed table whose rows can still be found."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import ibis
import ibis.expr.types as ir

from anello.model.errors import AnelloError, SourceError

from ..base import AT, UNIT_LABEL, Drop, Reading, Sheet, empty, unreadable
from .needs import Needs
from .types import BAD, first_bad, key, number

RAW = "__wave"
PERSON = "__person"


@dataclass(frozen=True)
class Stack:
    """The typed rows of one source; `starts` are the places at which each sheet begins.

    `table` has `unit`, `__wave` (as found), the chain's columns, `__bad`, one `__where<i>` for
    each filter, one `__drop<i>` for each rule of the kind, `__person` where the chain names that
    column, and `__at` unless a database is read.
    """

    table: ibis.Table
    sheets: tuple[Sheet, ...]
    starts: tuple[int, ...]

    @property
    def placed(self) -> bool:
        """Return whether rows have a number that a person could look up."""
        return all(sheet.row is not None for sheet in self.sheets)

    @property
    def drops(self) -> tuple[Drop, ...]:
        """Return the rules by which rows are no answers; the same for every sheet."""
        return self.sheets[0].drops

    def name(self, row: Mapping[str, object]) -> str:
        """Return the file (or table) that a row came from."""
        return self._sheet(row)[0].name

    def row(self, row: Mapping[str, object]) -> int:
        """Return the number of a row as a person sees it."""
        sheet, at = self._sheet(row)
        return sheet.row(at) if sheet.row else 0

    def _sheet(self, row: Mapping[str, object]) -> tuple[Sheet, int]:
        at = int(str(row.get(AT, 0)))
        i = bisect_right(self.starts, at) - 1
        return self.sheets[i], at - self.starts[i]

    def first(self, table: ibis.Table, where: ir.BooleanValue, most: int = 1) -> list[dict]:  # type: ignore[type-arg]
        """Return the first rows of `table` for which `where` is true."""
        order = [AT] if self.placed else ["unit", RAW if RAW in table.columns else "wave"]
        found: list[dict] = table.filter(where).order_by(order).limit(most).to_pyarrow().to_pylist()  # type: ignore[type-arg]
        return found

    def error(
        self, row: Mapping[str, object], file: str, database: str, /, **values: object
    ) -> SourceError:
        """Return the error for one row: the sentence `file` with its row number, or `database`."""
        if self.placed:
            return SourceError(file, file=self.name(row), row=self.row(row), **values)
        wave = row.get("wave", row.get(RAW))
        return SourceError(database, file=self.name(row), unit=row["unit"], wave=wave, **values)


def stack(sheets: Sequence[Sheet], needs: Needs, reading: Reading) -> Stack:
    """Stack sheets: views for what stays where it is, one DuckDB table for everything else."""
    _check_alike(sheets, needs)
    if sheets[0].row is None:
        return Stack(_typed(sheets[0], needs), tuple(sheets), (0,))
    if all(sheet.stays for sheet in sheets):
        return _viewed(sheets, needs)
    return _copied(sheets, needs, reading)


def _viewed(sheets: Sequence[Sheet], needs: Needs) -> Stack:
    starts, parts, at = [], [], 0
    for sheet in sheets:
        starts.append(at)
        part = _typed(sheet, needs)
        parts.append(part.mutate(**{AT: part[AT] + at}))
        rows = count(sheet)
        at += rows
    table = parts[0] if len(parts) == 1 else ibis.union(*parts)
    return Stack(table, tuple(sheets), tuple(starts))


def count(sheet: Sheet) -> int:
    """Return the rows of a sheet; raises `SourceError` when there are none."""
    try:
        rows = int(sheet.table.count().to_pyarrow().as_py())
    except duckdb.Error as error:
        raise unreadable(sheet.name, error) from None
    if not rows:
        raise empty(sheet.name)
    return rows


def _copied(sheets: Sequence[Sheet], needs: Needs, reading: Reading) -> Stack:
    db, name, starts, at = reading.db, f"found {reading.source.key}", [], 0
    # A join in place of a long IN would mix up the rows, and with them their numbers.
    db.raw_sql("SET disabled_optimizers = 'in_clause'")
    for i, sheet in enumerate(sheets):
        starts.append(at)
        try:
            if i == 0:
                db.create_table(name, _typed(sheet, needs), overwrite=True)
            else:
                db.insert(name, _typed(sheet, needs))
        except AnelloError:
            raise
        except Exception as error:
            raise sheet.explain(sheet.name, error) from None
        total = int(db.table(name).count().to_pyarrow().as_py())
        if total == at:
            raise empty(sheet.name)
        at = total
    db.raw_sql("RESET disabled_optimizers")
    table = db.table(name)
    return Stack(table.mutate(**{AT: table.rowid()}), tuple(sheets), tuple(starts))


def _typed(sheet: Sheet, needs: Needs) -> ibis.Table:
    found, missing = _trimmed(sheet), needs.missing
    dialect = found.get_backend().name
    wrote = (*needs.texts, *needs.comments, *([needs.spoken] if needs.spoken else []))
    texts = {name: key(found[name], missing) for name in wrote if name in found.columns}
    if needs.name and needs.name in found.columns:
        texts["unit_name"] = key(found[needs.name], missing)
    elif UNIT_LABEL in found.columns:
        texts["unit_name"] = key(found[UNIT_LABEL], missing)
    numbers, bad = {}, {}
    for name in needs.numbers:
        numbers[name], where = number(found[name], missing, sheet.comma, dialect)
        bad[name] = (found[name], where)
    more = {f"__where{i}": key(found[c]) for i, (c, _) in enumerate(needs.where)}
    more |= {f"__drop{i}": key(found[d.column]) for i, d in enumerate(sheet.drops)}
    if needs.person is not None:
        more[PERSON] = key(found[needs.person], missing)
    if AT in found.columns:
        more[AT] = found[AT]
    return found.select(
        unit=key(found[needs.unit], missing),
        **{RAW: key(found[needs.wave], missing)},
        **texts,
        **numbers,
        **{BAD: first_bad(bad)},
        **more,
    )


def _trimmed(sheet: Sheet) -> ibis.Table:
    """Return a sheet with no blanks around its texts; sheets that are copied come that way."""
    if not sheet.stays:
        return sheet.table
    types = sheet.table.schema().items()
    texts = {name: sheet.table[name].strip() for name, kind in types if kind.is_string()}
    return sheet.table.mutate(**texts) if texts else sheet.table


def _check_alike(sheets: Sequence[Sheet], needs: Needs) -> None:
    """Raise when one of several files lacks a column that another one has."""
    for name in needs.wanted:
        having = [s for s in sheets if name in s.names]
        lacking = [s for s in sheets if name not in s.names]
        if having and lacking:
            raise SourceError(
                "{file} has no column {column!r}, but {other} has. "
                "Files that are read together need the same columns.",
                file=lacking[0].name,
                column=name,
                other=having[0].name,
            )
