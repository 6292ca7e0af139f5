"""The tables of a release, each as CSV for people and Parquet for machines."""

import csv
import io
from collections.abc import Callable, Iterable

import pyarrow as pa
import pyarrow.parquet as pq

from anello.model.disclosure import band
from anello.model.evidence import Evidence, Verdict

from .reading import Pair, Reading, standard
from .rows import counted, digits

Cell = str | int | float | None
Row = tuple[Cell, ...]
Columns = tuple[tuple[str, pa.DataType], ...]

TEXT, WHOLE, REAL = pa.string(), pa.int64(), pa.float64()


def _columns(text: str = "", whole: str = "", real: str = "") -> Columns:
    kinds = ((text, TEXT), (whole, WHOLE), (real, REAL))
    return tuple((name, kind) for names, kind in kinds for name in names.split())


CLAIM = _columns("source target", "lag") + _columns("level only")

COLUMNS: dict[str, Columns] = {
    "links": CLAIM
    + _columns("verdict grade design method", "units waves n")
    + _columns("n_band", "", "estimate low high standardised standardised_low standardised_high")
    + _columns("", "", "worth_acting_on step se df p q"),
    "variants": CLAIM + _columns("name label", "units waves n", "standardised low high"),
    "unit_means": _columns("measure unit wave n_band", "n", "mean"),
    "quality": _columns("measure wave n_band", "units n withheld", "mean sd alpha omega icc1 icc2")
    + _columns("", "", "rwg response_rate"),
    "drivers": _columns("outcome theme level", "units", "r beta lmg weight r2"),
    "lags": _columns("source target", "lag units n", "standardised low high q"),
}


def _claim(pair: Pair, e: Evidence) -> Row:
    cut = "; ".join(f"{column} = {value}" for column, value in pair.link.only)
    return (e.claim.source, e.claim.target, e.claim.lag, e.level.value, cut)


def _links(reading: Reading) -> Iterable[Row]:
    for pair in reading.pairs:
        for e in pair.rows:
            n, n_band = counted(e)
            told = (e.verdict.value, e.grade, e.design.key, e.method, e.units, e.waves, n, n_band)
            size = (e.estimate, e.low, e.high, *(standard(e) or (None, None, None)))
            odds = e.odds if e.verdict != Verdict.DESCRIBED_ONLY else None
            doubt = (e.se, e.df, odds.p if odds else None, odds.q if odds else None)
            yield *_claim(pair, e), *told, *size, e.worth, e.step, *doubt


def _variants(reading: Reading) -> Iterable[Row]:
    for pair in reading.pairs:
        for e in pair.rows:
            for v in e.variants:
                n = band(v.n)[0] if e.persons else v.n
                counts = (v.units, v.waves, n)
                yield *_claim(pair, e), v.name, v.label, *counts, v.standardised, v.low, v.high


def _people(reading: Reading, measure: str, n: int | None) -> tuple[int | None, str | None]:
    if n is None or not reading.persons(measure):
        return n, None
    low, high = band(n)
    return low, f"{low}-{high}"


def _unit_means(reading: Reading) -> Iterable[Row]:
    for m in reading.findings.means:
        n, n_band = _people(reading, m.measure, m.n)
        yield m.measure, m.unit, m.wave, n_band, n, m.mean


def _quality(reading: Reading) -> Iterable[Row]:
    for q in reading.findings.quality:
        n, n_band = _people(reading, q.measure, q.n)
        shape = (q.mean, q.sd, q.alpha, q.omega, q.icc1, q.icc2, q.rwg, q.response_rate)
        yield q.measure, q.wave, n_band, q.units, n, q.withheld, *shape


def _drivers(reading: Reading) -> Iterable[Row]:
    for d in reading.findings.drivers:
        yield d.outcome, d.theme, d.level, d.units, d.r, d.beta, d.lmg, d.weight, d.r2


def _lags(reading: Reading) -> Iterable[Row]:
    for p in reading.findings.lags:
        n = band(p.n)[0] if reading.persons(p.source) or reading.persons(p.target) else p.n
        yield p.source, p.target, p.lag, p.units, n, p.standardised, p.low, p.high, p.q


ROWS: dict[str, Callable[[Reading], Iterable[Row]]] = {
    "links": _links,
    "variants": _variants,
    "unit_means": _unit_means,
    "quality": _quality,
    "drivers": _drivers,
    "lags": _lags,
}


def table(reading: Reading, name: str) -> pa.Table:
    """Return one table of the release; numbers have 12 significant digits, NaN is null."""
    rows = [_clean(row) for row in ROWS[name](reading)]
    fields = [pa.field(column, kind) for column, kind in COLUMNS[name]]
    columns = [[row[i] for row in rows] for i in range(len(fields))]
    arrays = [pa.array(c, type=f.type) for c, f in zip(columns, fields, strict=True)]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _clean(row: Row) -> Row:
    return tuple(digits(cell) if isinstance(cell, float) else cell for cell in row)


def safe(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers.

    >>> safe("=1+1"), safe("Acute"), safe(-0.2)
    ("'=1+1", 'Acute', -0.2)
    """
    risky = isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{cell}" if risky else cell


def as_csv(content: pa.Table) -> bytes:
    """Write a table as CSV: UTF-8, comma, one line a row, empty for unknown."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(content.column_names)
    rows = zip(*(column.to_pylist() for column in content.columns), strict=True)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def as_parquet(content: pa.Table) -> bytes:
    """Write a table as Parquet with every setting fixed, so that equal tables are equal bytes."""
    sink = io.BytesIO()
    pq.write_table(
        content, sink, version="2.6", compression="snappy", use_dictionary=True,
        write_statistics=True, data_page_version="1.0", row_group_size=1 << 20, store_schema=True,
    )  # fmt: skip
    return sink.getvalue()


def files(reading: Reading) -> dict[str, bytes]:
    """Return every table of the release as file name -> bytes."""
    found: dict[str, bytes] = {}
    for name in COLUMNS:
        content = table(reading, name)
        found[f"tables/{name}.csv"] = as_csv(content)
        found[f"tables/{name}.parquet"] = as_parquet(content)
    return found
