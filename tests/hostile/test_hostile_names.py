"""Names and paths that mean harm: read as what they are, or refused in one sentence."""

import csv
import io
import json
import os
import sqlite3

import duckdb
import pytest
import specimens
from specimens import chain, table

from anello.listen import chain_file, sources
from anello.model.errors import AnelloError, SourceError
from anello.report.tables import safe
from anello.store import database

NAMES = tuple(
    h for h in specimens.HOSTILE if h.strip("\ufeff ") and "\0" not in h and "\n" not in h
)


def read(path):
    found = chain_file.read(path)
    return sources.read(found.sources[0], found, path.parent, database.memory())


def one_sentence(error):
    for language in ("en", "it"):
        text = error.text(language)
        assert text.isprintable() or not {
            c for c in text if ord(c) < 32 or "\u202a" <= c <= "\u202e"
        }
        assert len(text) < 3000
    return error.text("en")


@pytest.mark.parametrize("name", NAMES, ids=[repr(n)[:20] for n in NAMES])
def test_a_column_of_any_name_is_read_or_refused_in_one_sentence(tmp_path, name):
    text = io.StringIO()
    rows = [("unit", "wave", "x", name), *((f"u{i}", 1, i, i + 0.5) for i in range(3))]
    csv.writer(text, lineterminator="\n").writerows(rows)
    (tmp_path / "a.csv").write_text(text.getvalue(), "utf-8")
    try:
        found = read(chain(tmp_path, "path: a.csv", column=json.dumps(name)))
        assert sorted(found.table[name.strip()].to_pyarrow().to_pylist()) == [0.5, 1.5, 2.5]
    except AnelloError as error:
        one_sentence(error)
    with pytest.raises(AnelloError) as missing:
        read(chain(tmp_path, "path: a.csv", column="not_there"))
    one_sentence(missing.value)


def test_units_of_any_name_come_out_as_they_went_in(tmp_path):
    units = [n for n in NAMES if n == " ".join(n.split()) and len(n) < 1000 and n not in
             ("nan", "NA", "")]  # fmt: skip
    text = io.StringIO()
    csv.writer(text).writerows([("unit", "wave", "y", "x"), *((u, 1, 2, 3) for u in units)])
    (tmp_path / "a.csv").write_bytes(text.getvalue().encode("utf-8"))
    found = read(chain(tmp_path, "path: a.csv"))
    assert sorted(found.table.unit.to_pyarrow().to_pylist()) == sorted(units)


def test_a_cell_that_begins_a_formula_is_harmless_in_the_tables_that_leave():
    for text in specimens.HOSTILE:
        cell = safe(text)
        assert not str(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_sentence_shows_no_sign_that_moves_the_cursor_and_is_not_endless():
    told = str(SourceError("{file}: {names} {value!r}", file="\x1b[2Ja\nb", names="x" * 10**6,
                           value="\u202e" + "y" * 10**6))  # fmt: skip
    assert told.startswith("\\x1b[2Ja\\nb: xxx")
    assert "\\u202e" in told
    assert len(told) < 2200


PATHS = (
    "path: ../../../../../../etc/passwd", "path: /etc/passwd", "path: /etc/passwd, kind: csv",
    "path: '/etc/*', kind: tsv", "path: /proc/self/environ, kind: csv",
    "path: /dev/zero, kind: csv",
    "path: link.csv", "path: loop.csv", "path: fifo.csv", 'path: "a\\0b.csv"', "path: inside",
    "path: 'file:///etc/passwd'", "path: 'http://127.0.0.1:1/x.csv'",
    "path: 'sqlite:///../../../../../etc/passwd', table: x",
    "path: 'sqlite:////etc/passwd', table: x",
    "path: 'duckdb:///good.csv', table: x", f"path: {'x' * 300}.csv", "path: '[a-'",
)  # fmt: skip


@pytest.mark.parametrize("source", PATHS, ids=[p[:40] for p in PATHS])
def test_a_path_that_escapes_is_refused_and_nothing_behind_it_is_shown(tmp_path, source):
    (tmp_path / "good.csv").write_text("unit,wave,y,x\nA,1,2,3\n")
    (tmp_path / "link.csv").symlink_to("/etc/passwd")
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    os.mkfifo(tmp_path / "fifo.csv")
    (tmp_path / "inside").mkdir()
    with pytest.raises(AnelloError) as refused:
        read(chain(tmp_path, source))
    assert "root:" not in one_sentence(refused.value)


def test_a_table_beside_the_folder_is_read(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "chains").mkdir()
    (tmp_path / "data" / "a.csv").write_text("unit,wave,y,x\nA,1,2,3\n")
    assert read(chain(tmp_path / "chains", "path: ../data/a.csv")).rows == 1
    assert read(chain(tmp_path / "chains", f"path: {tmp_path / 'data' / 'a.csv'}")).rows == 1


@pytest.mark.parametrize(
    "url",
    ["postgres://eva:geheim@[::1]:1/x", "postgres://eva:geheim@a\u2100b/x",
     "postgres://eva:geheim@127.0.0.1:1/x?password=geheim", "mysql://eva:geheim@x/y"],
)  # fmt: skip
def test_a_password_is_never_shown(tmp_path, url):
    with pytest.raises(AnelloError) as refused:
        read(chain(tmp_path, f"path: '{url}', table: x"))
    assert "geheim" not in one_sentence(refused.value)


@pytest.mark.parametrize("name", ['x"; DROP TABLE till; --', "a'b", "a b", "select", "x;y", "ü"])
def test_a_table_of_any_name_is_read_and_no_other_is_touched(tmp_path, name):
    quoted = '"' + name.replace('"', '""') + '"'
    with sqlite3.connect(tmp_path / "a.db") as base:
        for one in (quoted, "till"):
            base.execute(f"create table {one} (unit text, wave text, y real, x real)")
            base.execute(f"insert into {one} values ('A', '1', 2, 3), ('B', '1', 4, 5)")
    base.close()
    before = (tmp_path / "a.db").read_bytes()
    source = f"path: 'sqlite:///a.db', table: {json.dumps(name)}"
    assert read(chain(tmp_path, source)).rows == 2
    with pytest.raises(AnelloError) as missing:
        read(chain(tmp_path, f"path: 'sqlite:///a.db', table: {json.dumps(name + '1')}"))
    one_sentence(missing.value)
    assert (tmp_path / "a.db").read_bytes() == before


def test_a_view_of_a_database_reads_no_other_file(tmp_path):
    (tmp_path / "secret.csv").write_text("unit,wave,y,x\nA,1,2,3\n")
    with duckdb.connect(str(tmp_path / "a.duckdb")) as base:
        base.execute(f"create view v as select * from read_csv('{tmp_path / 'secret.csv'}')")
    with pytest.raises(SourceError) as refused:
        read(chain(tmp_path, "path: 'duckdb:///a.duckdb', table: v"))
    one_sentence(refused.value)


def test_the_rows_of_the_specimen_are_sound(tmp_path):
    (tmp_path / "a.csv").write_bytes(specimens.specimen("csv"))
    assert read(chain(tmp_path, "path: a.csv", specimens.PEOPLE)).rows == len(table()) - 1
