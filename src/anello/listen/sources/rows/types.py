"""From columns as they were found to keys and numbers, and what is refused on the way."""

import ibis
import ibis.expr.types as ir

from .needs import MISSING

NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
COMMA = r"^([+-]?[0-9]*),([0-9]+)$"
LARGEST = 1e50
"""No figure of an organisation lies beyond it, and squares of squares would overflow."""
BAD = "__bad"
"""The hidden column that says, as `column <unit separator> value`, what is not a number."""


def key(column: ir.Value, missing: tuple[str, ...] = ()) -> ir.StringValue:
    """Return a column as text keys: 2012.0 as 2012, missing values as NULL."""
    text = whole = column.cast("string")
    if not column.type().is_integer():
        cut = text.re_replace(r"^(-?[0-9]+)\.0+$", r"\1")
        whole = text.endswith("0").ifelse(cut, text)
    if column.type().is_timestamp():
        whole = text.re_replace(r"[ T]00:00:00(\.0+)?$", "")
    gone = text.upper().isin(MISSING)
    if missing:
        gone = gone | text.isin(missing) | whole.isin(missing)
    return gone.ifelse(ibis.null("string"), whole)


def number(
    column: ir.Value, missing: tuple[str, ...], comma: bool, dialect: str
) -> tuple[ir.FloatingValue, ir.BooleanValue]:
    """Return a column as float64 with NULL for missing, and where it is not a number.

    `comma` reads 3,5 as 3.5. Nothing beyond `LARGEST` is a number; NaN in a numeric column is
    missing, as in text. SQLite keeps text in numeric columns, so every value is read as text there.
    What tells missing from wrong is only worked out for values that did not turn into numbers.
    """
    kind = column.type()
    if kind.is_boolean():
        column = column.cast("int8")
    if (kind.is_numeric() or kind.is_boolean()) and dialect != "sqlite":
        value = column.cast("float64")
        nan = value.isnan() if kind.is_floating() else ibis.literal(False)
        wrong = (value.abs() > LARGEST) & ~nan
        sound = ~(wrong | nan)
    else:
        value, sound = _parsed(column, comma, dialect)
        wrong = column.notnull() & ~column.cast("string").upper().isin(MISSING)
    if missing:
        gone = key(column).isin(missing).fill_null(False)
        sound, wrong = sound & ~gone, wrong & ~gone
    found = sound.ifelse(value, ibis.null("float64"))
    return found, found.isnull().ifelse(wrong, False).fill_null(False)


def _parsed(
    column: ir.Value, comma: bool, dialect: str
) -> tuple[ir.FloatingValue, ir.BooleanValue]:
    """Return the number that a text says, and where it says one."""
    text = column.cast("string")
    if comma:
        text = text.contains(",").ifelse(text.re_replace(COMMA, r"\1.\2"), text)
    if dialect == "duckdb":
        value = text.try_cast("float64")
        return value, (value.abs() <= LARGEST) & ~text.contains("_")
    source = column if column.type().is_numeric() else text
    value = text.re_search(NUMBER).ifelse(source.cast("float64"), ibis.null("float64"))
    return value, value.abs() <= LARGEST


def first_bad(bad: dict[str, tuple[ir.Value, ir.BooleanValue]]) -> ir.StringValue:
    """Return, for each row, the first column that holds no number, with what it holds."""
    found = [
        where.ifelse(ibis.literal(name + "\x1f") + column.cast("string"), ibis.null("string"))
        for name, (column, where) in bad.items()
    ]
    nothing = ibis.null("string")
    return ibis.coalesce(*found, nothing) if found else nothing
