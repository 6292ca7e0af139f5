"""Tables of a database stay where they are."""

import sqlite3
from importlib.util import find_spec

import duckdb
import ibis
import pytest
from rows_of import chain, read, sales

from anello.model.errors import MissingExtraError, SourceError

ROWS = [("Milano", 2023, 10.5), ("Roma", 2023, None), ("Roma", 2024, 3)]


@pytest.fixture(params=["sqlite", "duckdb"])
def engine(request):
    return request.param


def write(engine, folder, rows, kinds="shop TEXT, wave INTEGER, sales DOUBLE"):
    path = folder / "till.db"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path) if engine == "sqlite" else duckdb.connect(str(path))
    connection.execute(f"CREATE TABLE figures ({kinds})")
    connection.executemany("INSERT INTO figures VALUES (?, ?, ?)", rows)
    connection.commit()
    connection.close()
    return f'path: "{engine}:///till.db", table: figures'


def test_a_table_is_read_and_stays_in_its_database(tmp_path, engine):
    rows = read(chain(source=write(engine, tmp_path, ROWS)), tmp_path)
    assert sales(rows) == {("Milano", "2023"): 10.5, ("Roma", "2023"): None, ("Roma", "2024"): 3.0}
    assert rows.table.get_backend().name == engine
    assert rows.rows == 3


def test_dates_of_a_database_are_cut_into_waves(tmp_path, engine):
    days = [("Milano", "2024-03-31", 1.0), ("Milano", "2024-04-01", 2.0)]
    source = write(engine, tmp_path, days, "shop TEXT, wave DATE, sales DOUBLE")
    rows = read(chain(source=source, waves=", every: quarter"), tmp_path)
    assert sales(rows) == {("Milano", "2024-Q1"): 1.0, ("Milano", "2024-Q2"): 2.0}


def test_a_filter_and_a_merger_work_inside_the_database(tmp_path, engine):
    merges = ", merges: [{from: [Milano], into: Roma, since: '2023', backdate: true}]"
    source = write(engine, tmp_path, ROWS) + ", where: {wave: '2023'}"
    rows = read(chain(source=source, units=merges), tmp_path)
    assert sales(rows) == {("Roma", "2023"): 10.5}
    assert rows.table.get_backend().name == engine


def test_text_in_a_number_names_unit_and_wave(tmp_path):
    source = write("sqlite", tmp_path, [*ROWS, ("Bari", 2023, "many")])
    with pytest.raises(SourceError) as error:
        read(chain(source=source), tmp_path)
    assert str(error.value).startswith(
        "till.db (figures), unit 'Bari', wave '2023', column 'sales': 'many' is not a number."
    )


def test_a_unit_twice_in_a_wave_is_counted(tmp_path, engine):
    source = write(engine, tmp_path, [*ROWS, ROWS[0]])
    with pytest.raises(SourceError, match="'Milano' stands 2 times in wave '2023'"):
        read(chain(source=source), tmp_path)


def test_a_figure_beyond_all_measure_is_refused(tmp_path, engine):
    source = write(engine, tmp_path, [("Roma", 2023, 1e60)])
    with pytest.raises(SourceError, match=r"unit 'Roma', wave '2023', column 'sales': '1\S*60'"):
        read(chain(source=source), tmp_path)


def test_the_fingerprint_follows_the_figures_not_their_order(tmp_path, engine):
    def fingerprint(rows):
        return read(chain(source=write(engine, tmp_path, rows)), tmp_path).fingerprint

    whole = fingerprint(ROWS)
    assert fingerprint(ROWS[::-1]) == whole
    swapped = [("Milano", 2023, 3), ("Roma", 2023, None), ("Roma", 2024, 10.5)]
    assert fingerprint(swapped) != whole


def test_an_empty_table_and_an_unknown_one_are_said(tmp_path, engine):
    source = write(engine, tmp_path, [ROWS[0]])
    with pytest.raises(SourceError, match=r"no table 'figure'; there are: figures\."):
        read(chain(source=source.replace("figures", "figure")), tmp_path)
    with pytest.raises(SourceError, match=r"say which table .* there are: figures\."):
        read(chain(source=source.replace(", table: figures", "")), tmp_path)


def test_a_database_that_is_missing_is_not_made(tmp_path, engine):
    with pytest.raises(SourceError, match=r"nowhere\.db does not exist"):
        read(chain(source=f'path: "{engine}:///nowhere.db", table: t'), tmp_path)
    assert not (tmp_path / "nowhere.db").exists()


def test_something_else_called_a_database_is_refused(tmp_path, engine):
    (tmp_path / "till.db").write_text("shop,wave,sales\n" * 100)
    with pytest.raises(SourceError, match=r"^till\.db cannot be read: "):
        read(chain(source=f'path: "{engine}:///till.db", table: figures'), tmp_path)


def test_an_unknown_database_is_refused(tmp_path):
    with pytest.raises(SourceError, match="of the kind 'oracle' cannot be read"):
        read(chain(source='path: "oracle://eva:secret@host/db", table: t'), tmp_path)


@pytest.mark.skipif(find_spec("psycopg") is not None, reason="the postgres extra is installed")
def test_a_missing_extra_is_one_sentence_with_the_command(tmp_path):
    with pytest.raises(MissingExtraError) as error:
        read(chain(source='path: "postgres://eva:secret@host/db", table: t'), tmp_path)
    assert str(error.value) == ('Postgres needs one more package: pip install "anello[postgres]".')


def test_nothing_of_a_database_reaches_the_engine_of_the_files(tmp_path):
    found = chain(source=write("sqlite", tmp_path, ROWS))
    rows = read(found, tmp_path)
    assert isinstance(rows.table.get_backend(), ibis.backends.sqlite.Backend)
