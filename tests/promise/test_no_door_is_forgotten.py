"""Everything a release holds is read by the attacker, or it is written down here why not.

Who adds a file, a table or a column must come by: either the attacker reads it, or a reason stands
in these lists.
"""

import json
import os
import re
import subprocess
import sys
from fnmatch import fnmatch

import pyarrow.csv
import pyarrow.parquet as pq
import pypdf
import pytest

from anello.report.attack import READ

ATTACKED = {
    "unit_means": {"measure", "unit", "wave", "n_band", "n", "mean", "code"},
    "quality": {"measure", "wave", "n_band", "units", "n", "withheld", "mean", "sd", "alpha",
                "omega", "icc1", "icc2", "rwg", "response_rate"},
}  # fmt: skip
"""Tables of means of people, and the columns the attacker knows of."""
NOT_MEANS = {
    "links": "functions of the unit means, which are told",
    "variants": "the same coefficients in other samples",
    "invariance": "how well a model fits, over 100 people a wave or more; lines of the ledger",
    "drivers": "shares of variance over units",
    "lags": "coefficients over units and waves",
    "loops": "coefficients over units and waves",
    "paths": "coefficients over units and waves",
    "power": "chances, computed from variances over units",
    "money": "coefficients times prices",
    "studies": "coefficients of at least ten persons, each study a line of the ledger",
    "published": "numbers of published studies",
    "topics": "counts of comments in bands of ten and more; tone to one decimal",
    "comment_accuracy": "how often labels agreed, over all units",
}
COLUMNS_NOT_READ = {
    "alpha": "over all units", "omega": "over all units", "icc1": "over all units",
    "icc2": "over all units", "rwg": "a mean over units", "response_rate": "of units, declared",
    "withheld": "a count of units", "n": "the low end of n_band",
}  # fmt: skip
FILES = {
    "manifest.json": "the scales, labels and hashes; read",
    "evidence.json": "the coefficients of `links` again",
    "tables/*.parquet": "read, or the table has a reason",
    "tables/*.csv": "the same tables; held equal below",
    "figures/chain.*.svg": "the coefficients of `links` drawn; names no unit",
    "figures/link-*.svg": "the coefficients of `links` drawn; names no unit",
    "report.html": "names no unit", "report.it.html": "names no unit",
    "board.pdf": "names no unit", "board.it.pdf": "names no unit",
    "literature.html": "numbers of published studies",
    "literature.it.html": "numbers of published studies",
}  # fmt: skip


def anello(*words, cwd):
    done = subprocess.run(
        [sys.executable, "-c", "from anello.cli import main; main()", *map(str, words)],
        cwd=cwd, capture_output=True, text=True, check=False,
        env={**os.environ, "ANELLO_LANG": "en"},
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return done


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    place = tmp_path_factory.mktemp("pretend")
    anello("sample", "pretend", cwd=place)
    anello("run", "pretend/chain.yaml", "--out", "release", cwd=place)
    return place / "release"


def names(released):
    return sorted(p.relative_to(released).as_posix() for p in released.rglob("*") if p.is_file())


def unknown(found):
    return [n for n in found if not any(fnmatch(n, pattern) for pattern in FILES)]


def test_every_file_is_known(released):
    assert unknown(names(released)) == []


def test_a_new_kind_of_file_would_be_noticed(released):
    assert unknown([*names(released), "tables/people.xlsx"]) == ["tables/people.xlsx"]


def test_every_table_is_attacked_or_has_a_reason(released):
    tables = {p.stem for p in (released / "tables").iterdir()}
    assert set(READ) == set(ATTACKED)
    assert tables == set(ATTACKED) | set(NOT_MEANS)


@pytest.mark.parametrize("table", READ)
def test_every_column_of_an_attacked_table_is_known(released, table):
    columns = set(pq.read_table(released / "tables" / f"{table}.parquet").column_names)
    assert columns <= ATTACKED[table]


def test_every_column_that_is_not_read_has_a_reason():
    used = {"measure", "unit", "wave", "n_band", "mean", "code", "units", "sd"}
    assert set().union(*ATTACKED.values()) == used | set(COLUMNS_NOT_READ)


@pytest.mark.parametrize("table", sorted(READ))
def test_csv_and_parquet_say_the_same(released, table):
    by_machine = pq.read_table(released / "tables" / f"{table}.parquet")
    types = pyarrow.csv.ConvertOptions(
        column_types=by_machine.schema, strings_can_be_null=True, null_values=[""]
    )
    by_people = pyarrow.csv.read_csv(released / "tables" / f"{table}.csv", convert_options=types)
    for name in by_machine.column_names:
        one, other = by_machine[name].to_pylist(), by_people[name].to_pylist()
        assert [v or None for v in one] == [v or None for v in other], name


def test_nothing_but_the_tables_speaks_of_a_single_unit(released):
    units = set(pq.read_table(released / "tables" / "unit_means.parquet")["unit"].to_pylist())
    singles = {u for label in units for u in label.split(" + ")}
    pattern = re.compile("|".join(rf"\b{re.escape(u)}\b" for u in sorted(singles)))
    named = {}
    for name in names(released):
        if not name.startswith("tables/"):
            found = set(pattern.findall(text_of(released / name)))
            if found:
                named[name] = found
    assert len(singles) >= 38
    assert named == {}


def test_no_table_that_is_not_attacked_speaks_of_a_single_unit(released):
    units = set(pq.read_table(released / "tables" / "unit_means.parquet")["unit"].to_pylist())
    singles = {u for label in units for u in label.split(" + ")} | units
    for table in sorted(set(NOT_MEANS) - {"topics"}):
        held = pq.read_table(released / "tables" / f"{table}.parquet")
        for column in held.columns:
            assert not singles & {v for v in column.to_pylist() if isinstance(v, str)}, table


def text_of(path):
    if path.suffix == ".pdf":
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    return path.read_text("utf-8")


def test_the_release_of_the_pretend_company_gives_no_answer_away(released):
    done = anello("attack", "release", "--json", cwd=released.parent)
    found = json.loads(done.stdout)
    assert [f["sentence"] for f in found["findings"]] == []
    assert done.returncode == 0
    assert len(found["rows"]) == 96
    assert found["figures"] > 3000
