"""A column said to be of the unit is refused when it varies inside one."""

import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anello import cli
from anello.model.errors import ModelError
from anello.store.fit_lmm import fit_lmm

SIZES = {"Bari": 40, "Como": 70, "Roma": 55, "Pisa": 90, "Lodi": 65}
ROWS = [
    (shop, week, size, "large" if size > 60 else "small", size * 2 + (week * size) % 7 + week)
    for shop, size in SIZES.items()
    for week in range(1, 6)
]
HEADER = "shop,week,size,kind,sales"


def written(folder, rows, name="rows.csv"):
    path = folder / name
    if name.endswith(".parquet"):
        columns = zip(*rows, strict=True)
        pq.write_table(pa.table(dict(zip(HEADER.split(","), columns, strict=True))), path)
    else:
        path.write_text("\n".join([HEADER, *(",".join(map(str, row)) for row in rows)]) + "\n")
    return str(path)


def mistyped(column, value, shop="Roma", week=3):
    at = HEADER.split(",").index(column)
    return [(*row[:at], value, *row[at + 1 :]) if row[:2] == (shop, week) else row for row in ROWS]


@pytest.mark.parametrize("name", ["rows.csv", "rows.parquet"])
def test_one_mistyped_size_is_named_with_its_shop_and_both_values(tmp_path, name):
    path = written(tmp_path, mistyped("size", 550), name)
    with pytest.raises(ModelError) as refused:
        fit_lmm("sales ~ size + (1 | shop)", path, unit_level=("size",))
    assert str(refused.value) == (
        "'size' is said to be unit-level, but inside shop Roma it runs from 55 to 550 (groups in "
        "which it varies: 1). Correct the rows, or do not call it unit-level."
    )


def test_a_word_that_varies_is_named_too(tmp_path):
    path = written(tmp_path, mistyped("kind", "tiny"))
    with pytest.raises(ModelError, match="inside shop Roma it runs from small to tiny"):
        fit_lmm("sales ~ week + kind + (1 | shop)", path, unit_level=("kind",))


def test_a_column_that_stays_in_its_unit_changes_nothing(tmp_path):
    path = written(tmp_path, ROWS)
    said, plain = (
        fit_lmm("sales ~ week + size + (1 | shop)", path, **asked)
        for asked in ({"unit_level": ("size",)}, {})
    )
    assert {**said, "seconds": 0} == {**plain, "seconds": 0}


def test_rows_that_are_left_out_are_not_looked_at(tmp_path):
    rows = [(*row[:4], "") if row[:2] == ("Roma", 3) else row for row in mistyped("size", 550)]
    found = fit_lmm("sales ~ size + (1 | shop)", written(tmp_path, rows), unit_level=("size",))
    assert found["dropped"] == 1


def test_a_value_that_is_no_number_is_left_out_and_not_called_varying(tmp_path):
    rows = [(a, b, float(c), d, float(e)) for a, b, c, d, e in mistyped("size", float("nan"))]
    path = written(tmp_path, rows, "rows.parquet")
    found = fit_lmm("sales ~ size + (1 | shop)", path, unit_level=("size",))
    assert (found["n"], found["dropped"]) == (24, 1)


def test_with_several_groups_one_in_which_it_stays_is_enough(tmp_path):
    formula = "sales ~ size + (1 | shop) + (1 | week)"
    assert fit_lmm(formula, written(tmp_path, ROWS), unit_level=("size",))["n"] == 25
    path = written(tmp_path, mistyped("size", 550))
    with pytest.raises(ModelError, match="inside shop Roma it runs from 55 to 550"):
        fit_lmm(formula, path, unit_level=("size",))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("sixe", "There is no column 'sixe' in the data; did you mean 'size'?"),
        ("kind", "'kind' does not stand in the formula, so there is nothing to check"),
    ],
)
@pytest.mark.parametrize("groups", ["(1 | shop)", "(1 | shop) + (1 | week)"])
def test_a_column_that_is_not_in_the_model_is_refused(tmp_path, name, sentence, groups):
    with pytest.raises(ModelError, match=sentence.replace("?", r"\?")):
        fit_lmm(f"sales ~ size + {groups}", written(tmp_path, ROWS), unit_level=(name,))


def test_the_option_may_be_repeated_and_ends_with_2(tmp_path, monkeypatch, capsys):
    path = written(tmp_path, mistyped("size", 550))
    words = ["--unit-level", "kind", "--unit-level", "size", "--lang", "it"]
    formula = "sales ~ kind + size + (1 | shop)"
    monkeypatch.setattr(sys, "argv", ["anello", "fit", "lmm", formula, path, *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "dentro shop Roma va da 55 a 550" in capsys.readouterr().err
