"""`anello fit sem` from a file: what comes out, and what is said instead."""

import csv
import json

import duckdb
import numpy as np
import pytest
from click.testing import CliRunner

from anello.cli import app
from anello.model.errors import FormulaError, ModelError, SourceError
from anello.store.fit_sem import fit_sem

TWO = "level: 1\n y1 ~ x\nlevel: 2\n y1 ~ w"


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    rng = np.random.default_rng(5)
    n = 240
    shop = np.arange(n) // 6
    f = rng.normal(size=n) + rng.normal(size=40)[shop]
    columns = {
        "shop": shop,
        "site": ["south" if s % 2 else "north" for s in shop],
        "y1": f + rng.normal(size=n) + 1e4,
        "y2": 0.8 * f + rng.normal(size=n),
        "y3": 1.2 * f + rng.normal(size=n),
        "x": rng.normal(size=n),
        "w": rng.normal(size=40)[shop],
        "words": ["good"] * n,
        "empty": [""] * n,
    }
    columns["holes"] = ["" if i % 5 == 0 else v for i, v in enumerate(columns["y2"])]
    found = tmp_path_factory.mktemp("sem") / "rows.csv"
    with found.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return str(found)


def test_the_answer_is_plain_and_complete(path):
    answer = fit_sem("f =~ y1 + y2 + y3\n f ~ b*x\n twice := 2*b", path)
    json.dumps(answer, allow_nan=False)
    assert {"params", "fit", "converged", "n", "clusters"} <= answer.keys()
    assert (answer["n"], answer["clusters"], answer["converged"]) == (240, None, True)
    row = next(p for p in answer["params"] if p["label"] == "b")
    assert list(row) == [
        *("lhs", "op", "rhs", "level", "group", "label"),
        *("estimate", "se", "z", "p", "std"),
    ]
    assert answer["params"][-1]["op"] == ":="
    assert answer["params"][-1]["estimate"] == pytest.approx(2 * row["estimate"])
    loading = answer["params"][0]
    assert (loading["estimate"], loading["se"], loading["z"]) == (1.0, 0.0, None)


def test_the_model_may_stand_in_a_file(path, tmp_path):
    model = tmp_path / "model.txt"
    model.write_text("y2 ~ x\n")
    assert fit_sem(str(model), path)["fit"] == fit_sem("y2 ~ x", path)["fit"]
    with pytest.raises(SourceError, match="There is no file"):
        fit_sem("nowhere.txt", path)


def test_rows_with_a_hole_are_dropped_or_kept(path):
    model = "f =~ y1 + holes + y3"
    dropped, kept = (fit_sem(model, path, missing=m) for m in ("listwise", "fiml"))
    assert (dropped["n"], dropped["dropped"]) == (192, 48)
    assert (kept["n"], kept["dropped"]) == (240, 0)


def test_clusters_are_counted_and_a_covariate_of_the_cluster_stands_between(path):
    answer = fit_sem(TWO, path, cluster="shop")
    assert answer["clusters"] == 40
    assert {p["level"] for p in answer["params"]} == {1, 2}
    assert answer["fit"]["srmr_within"] is not None


def test_groups_come_in_the_order_of_their_rows(path):
    answer = fit_sem("f =~ y1 + y2 + y3", path, group="site", equal=("loadings",))
    assert answer["groups"] == ["north", "south"]
    assert {p["group"] for p in answer["params"]} == {1, 2}


def test_large_means_do_not_cost_digits(path):
    near = fit_sem("y2 ~ x\n y3 ~ x", path)
    far = fit_sem("y2 ~ x\n y1 ~ x", path)
    assert near["converged"]
    assert far["converged"]
    variance = next(p for p in far["params"] if p["lhs"] == p["rhs"] == "y1")
    assert 1 < variance["estimate"] < 5


def test_parquet_gives_the_same_answer_as_text(path, tmp_path):
    other = tmp_path / "rows.parquet"
    duckdb.sql(f"copy (select * from read_csv('{path}')) to '{other}' (format parquet)")
    for options in ({}, {"group": "site"}):
        answers = [fit_sem("f =~ y1 + y2 + y3", str(p), **options) for p in (path, other)]
        assert answers[0]["fit"] == pytest.approx(answers[1]["fit"], nan_ok=True)
    answers = [fit_sem(TWO, str(p), cluster="shop")["fit"]["loglik"] for p in (path, other)]
    assert answers[0] == pytest.approx(answers[1], rel=1e-12)


def test_a_model_without_degrees_of_freedom_says_that_its_fit_says_nothing(path):
    answer = fit_sem("f =~ y1 + y2 + y3", path)
    assert answer["fit"]["pvalue"] is None
    assert any("no degrees of freedom" in note for note in answer["notes"])


def test_more_parameters_than_clusters_are_noted(tmp_path):
    rng = np.random.default_rng(6)
    rows = rng.normal(size=(60, 3)) + np.repeat(rng.normal(size=(6, 3)), 10, axis=0)
    path = tmp_path / "few.csv"
    lines = [f"{i // 10},{a},{b},{c}" for i, (a, b, c) in enumerate(rows)]
    path.write_text("g,a,b,c\n" + "\n".join(lines))
    answer = fit_sem("level: 1\n a ~ b + c\nlevel: 2\n a ~~ a", str(path), cluster="g")
    assert answer["notes"][-1].startswith("The model") or answer["clusters"] == 6
    model = "level: 1\n a ~~ b + c\n b ~~ c\nlevel: 2\n a ~~ 0*b + 0*c\n b ~~ 0*c"
    assert any("fewer clusters" in n for n in fit_sem(model, str(path), cluster="g")["notes"])


@pytest.mark.parametrize(
    ("model", "options", "error", "said"),
    [
        ("y1 ~ nothing", {}, SourceError, "no column 'nothing'"),
        ("y1 ~ words", {}, SourceError, "holds text"),
        ("y1 ~ empty", {}, ModelError, "no values at all"),
        ("y1 ~", {}, FormulaError, "The line stops here"),
        ("y1 ~ x", {"kind": "path"}, ModelError, "kind"),
        ("y1 ~ x", {"estimator": "WLS"}, ModelError, "estimator"),
        ("y1 ~ x", {"missing": "mean"}, ModelError, "listwise or fiml"),
        ("y1 ~ x", {"missing": "fiml", "estimator": "MLM"}, ModelError, "MLM needs complete"),
        ("y1 ~ x", {"group": "empty"}, ModelError, "has 0 groups"),
        ("y1 ~ x", {"group": "y1"}, ModelError, "many for a comparison"),
        ("y1 ~ x", {"cluster": "shop"}, ModelError, "level: 1 and level: 2"),
        (TWO.replace("w", "y2"), {"cluster": "shop"}, ModelError, "differs inside a cluster"),
        (TWO.replace("~ w", "~~ y1"), {"cluster": "empty"}, ModelError, "No row"),
    ],
)
def test_what_cannot_be_fitted_is_one_sentence(path, model, options, error, said):
    with pytest.raises(error, match=said) as caught:
        fit_sem(model, path, **options)
    assert caught.value.text("it") != caught.value.text("en")


def test_an_infinite_number_is_refused_in_words(tmp_path):
    rows = "\n".join(f"{i},{i * i % 7}" for i in range(30))
    (tmp_path / "endless.csv").write_text(f"y,a\n{rows}\n3,inf\n", "utf-8")
    found = CliRunner().invoke(app, ["fit", "sem", "y ~ a", str(tmp_path / "endless.csv")])
    assert found.exit_code == 2
    assert found.output == "A number of the file is infinite or too large; remove its row.\n"


def test_columns_that_repeat_each_other_are_named_with_missing_rows_too(tmp_path):
    rows = [(i, i * i % 7, 2 * (i * i % 7) + 1 if i % 9 else "") for i in range(60)]
    text = "\n".join(f"{y},{a},{b}" for y, a, b in rows)
    (tmp_path / "twice.csv").write_text(f"y,a,b\n{text}\n", "utf-8")
    for missing in ("listwise", "fiml"):
        with pytest.raises(ModelError, match="a, b repeat each other"):
            fit_sem("y ~ a\ny ~ b", str(tmp_path / "twice.csv"), missing=missing, random_x=True)
