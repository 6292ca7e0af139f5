"""A look at the columns of a source, for whoever writes the first chain file."""

import re
from datetime import date, datetime
from typing import NamedTuple

from .base import AT, Sheet, empty
from .rows.needs import MISSING
from .rows.types import NUMBER

ROWS = 1000
DATE = r"^(\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})([ T].*)?$"


class Column(NamedTuple):
    """A column of a source: its name, what its first rows look like, and one of their values."""

    name: str
    type: str
    sample: str


def columns(sheet: Sheet) -> list[Column]:
    """Return the columns of a sheet, judged by its first thousand rows."""
    found = sheet.table.limit(ROWS).to_pyarrow()
    if not found.num_rows:
        raise empty(sheet.name)
    drops = {d.column for d in sheet.drops}
    names = [n for n in found.column_names if n != AT and not n.startswith("__")]
    return [_column(n, found[n].to_pylist(), sheet.comma) for n in names if n not in drops]


def _column(name: str, values: list[object], comma: bool) -> Column:
    texts = [str(v).strip() for v in values if v is not None]
    full = [t for t in texts if t.upper() not in MISSING]
    if not full:
        return Column(name, "empty", "")
    dates = any(isinstance(v, date | datetime) for v in values)
    return Column(name, "date" if dates else _type(full, comma), full[0][:40])


def _type(texts: list[str], comma: bool) -> str:
    plain = [t.replace(",", ".", 1) if comma else t for t in texts]
    if all(re.match(NUMBER, t) for t in plain):
        return "number"
    return "date" if all(re.match(DATE, t) for t in texts) else "text"
