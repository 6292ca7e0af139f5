"""Every source on the shelf keeps the contract before its author writes a test."""

import datetime
import sqlite3

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
import xlsxwriter
from pandas import DataFrame

from anello.listen import chain_file, sources
from anello.listen.sources import SOURCES
from anello.model.chain import Source
from anello.model.errors import AnelloError, SourceError

NAMES = ("store", "year", "area", "income", "cases")
ROWS = [("Milano", 2023, "North", 10.5, 40), ("Roma", 2023, "South", None, 5),
        ("Roma", 2024, "South", 3.0, 7)]  # fmt: skip
CHAIN = """
anello: 1
key: shops
units: {{column: store, peers: area}}
waves: {{column: year}}
sources: {{till: {{path: "{path}", kind: {kind}{more}}}}}
constructs: {{sales: {{side: money}}}}
measures: {{sales: {{column: income, base: cases}}}}
links: []
"""


def cells(separator: str, before: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> str:
    rows = [(*before, *("" if v is None else str(v) for v in row)) for row in ROWS]
    return "\n".join(separator.join(row) for row in ((*names, *NAMES), *rows)) + "\n"


def write_csv(path):
    path.write_text(cells(","))


def write_tsv(path):
    path.write_text(cells("\t"))


def write_xlsx(path):
    with xlsxwriter.Workbook(path) as book:
        tab = book.add_worksheet()
        for i, row in enumerate([NAMES, *ROWS]):
            tab.write_row(i, 0, ["" if v is None else v for v in row])


def write_parquet(path):
    pq.write_table(pa.table(dict(zip(NAMES, zip(*ROWS, strict=True), strict=True))), path)


def write_sav(path):
    pyreadstat.write_sav(DataFrame(ROWS, columns=list(NAMES)), str(path))


def write_qualtrics(path):
    header, *rows = cells(",").splitlines()
    ids = ",".join('"{""ImportId"":""x""}"' for _ in NAMES)
    path.write_text("\n".join([header, ",".join(f"What {n}?" for n in NAMES), ids, *rows]))


def write_limesurvey(path):
    path.write_text(
        cells(",", ("1", "2024-01-01 10:00:00", "3", "en"),
              ("id", "submitdate", "lastpage", "startlanguage"))
    )  # fmt: skip


def write_sqlite(path):
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (store TEXT, year INT, area TEXT, income REAL, cases INT)")
    connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", ROWS)
    connection.commit()
    connection.close()


WRITERS = {
    "csv": (write_csv, "a.csv", ""),
    "tsv": (write_tsv, "a.tsv", ""),
    "xlsx": (write_xlsx, "a.xlsx", ""),
    "parquet": (write_parquet, "a.parquet", ""),
    "spss": (write_sav, "a.sav", ""),
    "qualtrics": (write_qualtrics, "a.csv", ""),
    "limesurvey": (write_limesurvey, "a.csv", ""),
    "database": (write_sqlite, "sqlite:///a.db", ", table: t"),
}


@pytest.fixture(params=SOURCES)
def kind(request):
    return request.param


def chain(kind, said="auto"):
    _, path, more = WRITERS[kind]
    return chain_file.read_text(CHAIN.format(path=path, kind=said, more=more))


def written(kind, folder):
    write, path, _ = WRITERS[kind]
    write(folder / path.removeprefix("sqlite:///"))
    return chain(kind)


def read(found, folder):
    return sources.read(found.sources[0], found, folder, ibis.duckdb.connect())


def test_every_kind_has_an_example_here():
    assert list(WRITERS) == list(SOURCES)


def test_a_kind_lives_in_the_file_of_its_key(kind):
    assert SOURCES[kind].__name__ == f"anello.listen.sources.{kind}"


def test_every_kind_gives_the_same_rows(tmp_path, kind):
    rows = read(written(kind, tmp_path), tmp_path)
    found = rows.table.order_by("unit", "wave").to_pyarrow()
    assert found.to_pylist() == [
        {"unit": "Milano", "wave": "2023", "area": "North", "income": 10.5, "cases": 40.0},
        {"unit": "Roma", "wave": "2023", "area": "South", "income": None, "cases": 5.0},
        {"unit": "Roma", "wave": "2024", "area": "South", "income": 3.0, "cases": 7.0},
    ]
    types = dict(rows.table.schema().items())
    assert {str(types[n]).lstrip("!") for n in ("unit", "wave", "area")} == {"string"}
    assert {str(types[n]).lstrip("!") for n in ("income", "cases")} == {"float64"}
    assert (rows.rows, rows.notes, len(rows.fingerprint)) == (3, (), 64)


def test_a_kind_is_found_by_itself_and_can_be_said(tmp_path, kind):
    found = written(kind, tmp_path)
    assert sources.kind_of(found.sources[0], tmp_path) == kind
    assert read(chain(kind, kind), tmp_path).rows == 3


def test_a_missing_column_is_answered_with_the_nearest_name(tmp_path, kind):
    write, path, more = WRITERS[kind]
    write(tmp_path / path.removeprefix("sqlite:///"))
    text = CHAIN.replace("column: income", "column: incom").format(path=path, kind=kind, more=more)
    with pytest.raises(SourceError, match="has no column 'incom'; did you mean 'income'"):
        read(chain_file.read_text(text), tmp_path)


def test_a_missing_file_is_said(tmp_path, kind):
    with pytest.raises(SourceError, match=r"a\.\w+ does not exist"):
        read(chain(kind, kind), tmp_path)


def test_a_file_of_something_else_is_refused_in_one_sentence(tmp_path, kind):
    _, path, _ = WRITERS[kind]
    (tmp_path / path.removeprefix("sqlite:///")).write_bytes(bytes(range(256)) * 8)
    with pytest.raises(AnelloError) as error:
        read(chain(kind, kind), tmp_path)
    assert "a." in str(error.value)
    assert str(error.value) != error.value.text("it")


def test_every_kind_shows_its_columns(tmp_path, kind):
    found = written(kind, tmp_path)
    shown = {c.name: (c.type, c.sample) for c in sources.columns(found.sources[0], tmp_path)}
    assert shown["store"] == ("text", "Milano")
    assert shown["income"] == ("number", "10.5")


def test_an_unknown_kind_is_refused(tmp_path):
    source = Source("till", "a.csv", kind="ods")
    with pytest.raises(SourceError, match="no kind of source called 'ods'"):
        sources.kind_of(source, tmp_path)


def test_a_file_with_a_strange_ending_asks_for_its_kind(tmp_path):
    (tmp_path / "a.dat").write_text(f"{datetime.date(2024, 1, 1)}")
    with pytest.raises(SourceError, match="an ending that no kind of source claims"):
        sources.kind_of(Source("till", "a.dat"), tmp_path)
