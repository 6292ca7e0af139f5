"""`anello fit lmm` on a file: what it answers, and what it says of files it cannot read."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anello.model.errors import FormulaError, ModelError, SourceError
from anello.store.fit_lmm import fit_lmm

# Four shops of two: shop means 2 3 6 9, MSB = 20, MSW = 2, so tau = 9 and sigma2 = 2.
ROWS = "shop,score\na,1\na,3\nb,2\nb,4\nc,5\nc,7\nd,8\nd,10\n"


def _file(folder: Path, text: str, name: str = "rows.csv") -> str:
    path = folder / name
    path.write_bytes(text.encode())
    return str(path)


def test_the_answer_has_exactly_the_promised_keys_and_is_json(tmp_path):
    found = fit_lmm("score ~ 1 + (1|shop)", _file(tmp_path, ROWS))
    assert list(found) == [
        "model", "formula", "method", "n", "groups", "loglik", "criterion", "aic", "bic", "sigma",
        "df", "robust", "ci", "weights", "params", "fixed", "varcomp", "converged", "singular",
        "gradient", "dropped", "seconds",
    ]  # fmt: skip
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert list(found["params"][0]) == ["term", "estimate", "se", "df", "p", "low", "high"]
    assert [list(row) for row in found["varcomp"]] == [
        ["group", "var1", "var2", "variance", "sd", "corr"]
    ] * 2
    assert list(found["seconds"]) == ["scan", "fit"]


def test_four_shops_by_hand(tmp_path):
    found = fit_lmm("score ~ 1 + (1|shop)", _file(tmp_path, ROWS))
    assert (found["n"], found["groups"], found["method"]) == (8, {"shop": 4}, "REML")
    assert found["params"][0]["estimate"] == pytest.approx(5)
    assert found["varcomp"] == [
        {"group": "shop", "var1": "(Intercept)", "var2": None,
         "variance": pytest.approx(9), "sd": pytest.approx(3), "corr": None},
        {"group": "Residual", "var1": None, "var2": None,
         "variance": pytest.approx(2), "sd": pytest.approx(2**0.5), "corr": None},
    ]  # fmt: skip


def test_rows_with_a_missing_value_are_counted(tmp_path):
    text = ROWS + "a,\n,4\nb,NA\n"
    found = fit_lmm("score ~ 1 + (1|shop)", _file(tmp_path, text))
    assert (found["n"], found["dropped"]) == (8, 3)


@pytest.mark.parametrize(
    ("name", "turn"),
    [
        ("rows.csv", lambda t: t),
        ("rows.csv", lambda t: "\ufeff" + t),
        ("rows.csv", lambda t: t.replace(",", ";")),
        ("rows.csv", lambda t: t.replace("\n", "\r\n")),
        ("rows.tsv", lambda t: t.replace(",", "\t")),
        ("rows.CSV", lambda t: t.replace("shop", '"shop"')),
    ],
)
def test_the_usual_kinds_of_text_file_give_the_same_answer(tmp_path, name, turn):
    found = fit_lmm("score ~ 1 + (1|shop)", _file(tmp_path, turn(ROWS), name))
    assert found["varcomp"][0]["variance"] == pytest.approx(9)


def test_packed_text_and_parquet_give_the_same_answer(tmp_path):
    packed, columns = tmp_path / "rows.csv.gz", tmp_path / "rows.parquet"
    packed.write_bytes(gzip.compress(ROWS.encode()))
    lines = [line.split(",") for line in ROWS.split()[1:]]
    table = {"shop": [line[0] for line in lines], "score": [int(line[1]) for line in lines]}
    pq.write_table(pa.table(table), columns)
    for path in (packed, columns):
        found = fit_lmm("score ~ 1 + (1|shop)", str(path))
        assert found["varcomp"][0]["variance"] == pytest.approx(9)


def test_a_correlation_with_an_effect_that_does_not_vary_does_not_exist(tmp_path):
    text = "shop,x,score\n" + "".join(
        f"{s},{x},{m + 2 * x + e}\n"
        for s, m in zip("abcdef", (1, 5, 2, 8, 3, 9), strict=True)
        for x, e in ((0, 0.5), (1, -0.5), (2, -0.5), (3, 0.5))
    )
    found = fit_lmm("score ~ x + (x|shop)", _file(tmp_path, text))
    covariance = found["varcomp"][2]
    assert found["singular"] is True
    assert (covariance["var1"], covariance["var2"]) == ("(Intercept)", "x")
    assert found["varcomp"][1]["variance"] == 0
    assert covariance["sd"] is None


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("", "rows.csv", "is empty"),
        (ROWS, "rows.docx", "is not a kind of file"),
        ("not parquet", "rows.parquet", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path, text, name, words):
    with pytest.raises(SourceError, match=words):
        fit_lmm("score ~ 1 + (1|shop)", _file(tmp_path, text, name))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SourceError, match=r"There is no file .*nowhere\.csv"):
        fit_lmm("score ~ 1 + (1|shop)", str(tmp_path / "nowhere.csv"))


def test_a_word_among_many_numbers_is_found_with_its_row(tmp_path):
    lines = [f"s{i % 50},{i % 7}" for i in range(60_000)]
    lines[45_000] = "s1,seven"
    path = _file(tmp_path, "shop,score\n" + "\n".join(lines) + "\n")
    with pytest.raises(SourceError) as found:
        fit_lmm("score ~ 1 + (1|shop)", path)
    assert f"{path}, row 45002, column 'score': 'seven' is not a number" in str(found.value)


def test_an_unknown_column_is_named_with_the_nearest(tmp_path):
    with pytest.raises(FormulaError, match="did you mean 'score'"):
        fit_lmm("scores ~ 1 + (1|shop)", _file(tmp_path, ROWS))


def test_nothing_left_to_fit_is_said(tmp_path):
    with pytest.raises(ModelError, match="No row is left"):
        fit_lmm("score ~ x + (1|shop)", _file(tmp_path, "shop,x,score\na,,1\nb,2,\n"))


def test_a_column_without_any_value_is_named(tmp_path):
    with pytest.raises(ModelError, match="The column 'x' holds no value in any row"):
        fit_lmm("score ~ x + (1|shop)", _file(tmp_path, "shop,x,score\na,,1\nb,,2\n"))


def test_it_starts_without_what_it_does_not_need():
    code = (
        "import sys, anello.store.fit_lmm; "
        "print({'ibis', 'pandas', 'pyarrow', 'scipy', 'rich', 'babel'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("groups", ["(1|g)", "(1|g) + (1|h)"])
def test_an_outcome_that_follows_exactly_is_one_sentence(tmp_path, groups):
    text = "g,h,x,y\na,1,1,2\na,2,2,4\nb,1,3,6\nb,2,5,10\nc,1,4,8\nc,2,7,14\n"
    with pytest.raises(ModelError, match="tell the outcome exactly, so there is no noise"):
        fit_lmm(f"y ~ x + {groups}", _file(tmp_path, text))
