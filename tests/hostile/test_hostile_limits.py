"""A gigabyte in one line, bombs of every kind: one sentence, little memory, no wait."""

import gzip
import json
import re
import shutil
from functools import partial

import pytest
import specimens
from specimens import chain

LITTLE = 350
"""MB that a refusal may take, DuckDB's buffers included."""


def refused(told, codes=(1, 2, 3)):
    """Check that a command ended with one sentence, in little memory."""
    assert told.code in codes, told
    assert "Traceback" not in told.err
    assert re.search(r"[.:)?^]$", told.last), told.err
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e]", told.err)
    assert told.mb < LITTLE, told


@pytest.fixture
def short_lived(tmp_path):
    """A folder that goes when its test has ended, since what lies there is large."""
    yield tmp_path
    shutil.rmtree(tmp_path)


def sevens(folder, name, mb):
    with (folder / name).open("wb") as file:
        file.write(b"unit,wave,y,x\nA,1,")
        for _ in range(mb):
            file.write(b"7" * (1 << 20))
    return folder / name


def zeros(folder, name, mb):
    """Write a file that holds nothing but claims a gigabyte: the disk gives no block for it."""
    with (folder / name).open("wb") as file:
        file.write(b"unit,wave,y,x\n")
        file.truncate(mb << 20)
    return folder / name


def everywhere(told, folder, made, mb):
    """Hand one long line to everything that reads a file."""
    made(folder, "a.csv", mb)
    (folder / "good.csv").write_bytes(specimens.specimen("csv"))
    yield told("check", chain(folder, "path: a.csv"))
    yield told("init", "a.csv", "--out", "new.yaml", "-y")
    yield told("fit", "lmm", "y ~ x + (1|unit)", "a.csv")
    yield told("fit", "agreement", "a.csv", "--items", "x,y", "--group", "unit", "--low", 1,
               "--high", 5)  # fmt: skip
    yield told("fit", "comments", "a.csv", "--text", "y")
    yield told("fit", "comments", "good.csv", "--text", "text", "--corrections", "a.csv")
    yield told("fit", "sem", "a.csv", "good.csv")
    yield told("moments", "y ~ x + (1|unit)", "a.csv", "--out", "new.moments")
    yield told("fit", "moments", "a.csv")
    yield told("check", "a.csv")
    yield told("promise", "show", "a.csv")
    yield told("report", folder)
    (folder / "ledger.jsonl").hardlink_to(folder / "a.csv")
    yield told("ledger", "list", folder)
    (folder / "a.tsv").hardlink_to(folder / "a.csv")
    yield told("check", chain(folder, "path: a.tsv"))
    (folder / "export.lss").hardlink_to(folder / "a.csv")
    (folder / "export.csv").write_text("id,submitdate,lastpage,unit,wave,y,x\n1,2,3,A,1,2,3\n")
    yield told("check", chain(folder, "path: export.csv, kind: limesurvey"))
    assert not {p.name for p in folder.iterdir()} & {"new.yaml", "new.moments"}


@pytest.mark.parametrize(
    ("made", "mb"),
    [
        (zeros, 1024),
        pytest.param(sevens, 24, marks=pytest.mark.slow),
        pytest.param(sevens, 1024, marks=pytest.mark.slow),
    ],
)
def test_a_line_of_a_gigabyte_is_refused_in_little_memory(warm, short_lived, made, mb):
    for told in everywhere(partial(warm.told, folder=short_lived), short_lived, made, mb):
        refused(told)


def test_a_line_that_is_packed_is_refused(warm, tmp_path):
    with gzip.open(tmp_path / "a.csv.gz", "wb", 1) as file:
        file.write(b"unit,wave,y,x\nA,1,")
        for _ in range(96):
            file.write(b"7" * (1 << 20))
    refused(warm.told("fit", "lmm", "y ~ x + (1|unit)", "a.csv.gz", folder=tmp_path))


@pytest.mark.parametrize("columns", [30_000, 600_000])
def test_a_header_of_endless_columns_is_refused(warm, tmp_path, columns):
    names = "unit,wave,y,x," + ",".join(f"c{i}"[:3] for i in range(columns))
    (tmp_path / "a.csv").write_text(f"{names}\nA,1,2,3\n")
    for words in (("check", chain(tmp_path, "path: a.csv")), ("init", "a.csv", "--out", "b.yaml"),
                  ("fit", "lmm", "y ~ x + (1|unit)", "a.csv")):  # fmt: skip
        told = warm.told(*words, folder=tmp_path)
        refused(told)
        assert "columns; at most 20000" in told.err or "more than 2 MB" in told.err


def test_a_table_of_two_thousand_columns_with_long_names_is_read(warm, tmp_path):
    names = ",".join(f"a question with {'a very ' * 9}long name {i}" for i in range(2_000))
    lines = [f"u{i},1,{i}.5,{i % 7}," + "," * 1_999 for i in range(12)]
    assert len(names) > 131_072
    (tmp_path / "a.csv").write_text("\n".join([f"unit,wave,y,x,{names}", *lines]))
    told = warm.told("check", chain(tmp_path, "path: a.csv"), folder=tmp_path)
    assert told.code in (0, 1)
    assert "12" in told.out


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "members",
    [
        [(SHEET, [b" " * (1 << 20)] * 40)],
        [("xl/media/picture.png", [b"\0" * (1 << 20)] * 40)],
        [(SHEET, [b"<c r='A1'><v>1</v></c>" * (1 << 16)] * 13)],
        [(f"{i}.xml", [b"x" * (1 << 20)]) for i in range(40)],
        [("xl/workbook.xml", [b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'lol'>]><l>&a;</l>"])],
        [],
    ],
    ids=["blanks", "picture", "cells", "many", "entities", "nothing"],
)
def test_a_spreadsheet_that_is_a_bomb_is_refused(warm, tmp_path, members):
    specimens.archive(tmp_path / "a.xlsx", members)
    assert (tmp_path / "a.xlsx").stat().st_size < 1 << 19
    refused(warm.told("check", chain(tmp_path, "path: a.xlsx"), folder=tmp_path))


LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
XML = {
    "a billion laughs": f'<!DOCTYPE d [<!ENTITY l0 "lol">{LAUGHS}]><document>&l9;</document>',
    "a file of the machine": '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<document>&x;</document>",
    "an address": '<!DOCTYPE d SYSTEM "http://127.0.0.1:1/x.dtd"><document/>',
    "a parameter": '<!DOCTYPE d [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><document/>',
    "depth": "<document>" + "<a>" * 3_000_000,
    "depth that ends": "<document>" + "<a>" * 900_000 + "</a>" * 900_000 + "</document>",
    "tags": "<document>" + "<a/>" * 1_100_000 + "</document>",
    "an attribute": f"<document a='{'x' * (3 << 20)}'/>",
    "size": "<document>" + "x" * (17 << 20) + "</document>",
    "an encoding": '<?xml version="1.0" encoding="utf-7"?><document/>',
    "another root": "<html/>",
    "nothing": "",
}


@pytest.mark.parametrize("text", XML.values(), ids=XML)
def test_a_structure_file_that_is_a_bomb_is_refused(warm, tmp_path, text):
    (tmp_path / "a.csv").write_text("id,submitdate,lastpage,unit,wave,y,x\n1,2,3,A,1,2,3\n")
    (tmp_path / "a.lss").write_text(text)
    found = chain(tmp_path, "path: a.csv, kind: limesurvey")
    told = warm.told("check", found, folder=tmp_path)
    if text.startswith("<document a="):
        assert told.code in (0, 1)
        assert told.mb < LITTLE
    else:
        refused(told, codes=(1,))
        assert "root:" not in told.err + told.out


NINE = "".join(
    f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
YAML = {
    "a billion laughs": f"a: &a [{','.join('x' * 9)}]\n{NINE}",
    "itself": "&a [*a]\n",
    "merge keys": "a: &a {x: 1}\nb: {<<: *a}\n",
    "an object": "!!python/object/apply:os.system ['echo hacked']",
    "brackets": "[" * 20_000,
    "braces": "a: {" * 1_500,
    "dashes": "- " * 50_000,
    "questions": "? " * 20_000,
    "steps": "\n".join(" " * i + "a:" for i in range(700)),
    "a number": "seed: " + "9" * 100_000,
    "half a pair": 'anello: "\\ud83d"',
    "anchors": "&a " * 10_000 + "x",
    "size": "x: 1\n" * 1_000_000,
    "keys": "".join(f"k{i}: [1,2]\n" for i in range(3_000)),
    "a name that climbs": "anello: 1\nkey: ../../x\n",
}


@pytest.mark.parametrize("text", YAML.values(), ids=YAML)
def test_a_chain_file_that_is_a_bomb_is_refused(warm, tmp_path, text):
    (tmp_path / "a.yaml").write_text(text)
    told = warm.told("check", "a.yaml", folder=tmp_path)
    refused(told, codes=(1,))
    assert "hacked" not in told.out + told.err
    assert [p.name for p in tmp_path.iterdir()] == ["a.yaml"]


def test_a_device_without_end_is_no_chain_file(warm, tmp_path):
    refused(warm.told("check", "/dev/zero", folder=tmp_path))


@pytest.mark.parametrize(
    "text",
    ["[" * 90_000, '{"promise":' * 5_000, json.dumps({"promise": {}, "seal": 1, "before": []}),
     '{"promise": {"campaign": ' + "9" * 5_000 + '}, "seal": "", "before": null}', "\ud83d"],
)  # fmt: skip
def test_a_promise_that_is_a_bomb_is_refused(warm, tmp_path, text):
    (tmp_path / "a.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    refused(warm.told("promise", "show", "a.json", folder=tmp_path), codes=(3,))
    refused(
        warm.told("campaign", "open", "new", "--promise", "a.json", folder=tmp_path), codes=(3,)
    )
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize("text", ["[" * 90_000, "{}", '{"files": 1}', '{"files": {"a": 1}}', "\0"])
def test_a_manifest_that_is_a_bomb_is_refused(warm, tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    refused(warm.told("report", ".", folder=tmp_path), codes=(2,))
