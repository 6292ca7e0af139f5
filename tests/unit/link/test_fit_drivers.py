"""`anello fit drivers`: what it refuses, in one sentence, and what it notes."""

import csv
import json

import numpy as np
import pytest
from click.testing import CliRunner

from anello.cli import app
from anello.link.driver_rows import read_formula
from anello.link.fit_drivers import fit_drivers
from anello.model.errors import AnelloError


@pytest.fixture
def shops(tmp_path):
    """Write 12 shops of 4 months; `fee` stands still, `sum` adds two others up."""
    rng = np.random.default_rng(1)
    path = tmp_path / "shops.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["shop", "month", "y", "a", "b", "sum", "fee", "my team", "who"])
        for shop in range(12):
            for month in range(4):
                a, b, c = rng.normal(size=3).round(3).tolist()
                row = [f"s{shop}", month, round(a + c, 3), a, b, round(a + b, 3), 5, c, f"p{month}"]
                writer.writerow(row)
    return str(path)


@pytest.mark.parametrize(
    ("formula", "options", "sentence"),
    [
        ("y ~ a + fee", {}, "'fee' does not vary at this level"),
        ("y ~ a + b + sum", {}, "'sum' can be computed from a, b"),
        ("y ~ a + bb", {}, "no column 'bb'"),
        ("who ~ a", {}, "'who' holds no numbers"),
        ("y ~ a * b", {}, r"\+ is missing here"),
        ("y a", {}, "~ is missing here"),
        ("y ~ a + a", {}, "'a' stands twice"),
        ("y ~ a +", {}, "name of a column belongs here"),
        ("y ~ y", {}, "'y' stands twice"),
        ("y ~ a", {"level": "between"}, "add `--unit`"),
        ("y ~ a", {"level": "sideways"}, "not a level"),
        ("y ~ a", {"bootstrap": 0}, "at least one draw"),
        ("y ~ a + shop", {"unit": "shop", "level": "between"}, "cannot tell 12 columns apart"),
        ("y ~ a + who", {"unit": "shop", "level": "between"}, "'whop1' does not vary"),
    ],
)
def test_what_cannot_be_shared_out_is_refused(shops, formula, options, sentence):
    with pytest.raises(AnelloError, match=sentence) as refused:
        fit_drivers(formula, shops, **options)
    assert refused.value.text("it") != refused.value.text("en")


def test_sixteen_themes_are_too_many(tmp_path):
    path = tmp_path / "wide.csv"
    names = [f"x{i}" for i in range(16)]
    rows = np.random.default_rng(1).normal(size=(60, 17)).tolist()
    path.write_text("\n".join([",".join(["y", *names]), *(",".join(map(str, r)) for r in rows)]))
    with pytest.raises(AnelloError, match="at most 15"):
        fit_drivers("y ~ " + " + ".join(names), str(path))


def test_one_theme_has_everything(shops):
    found = fit_drivers("y ~ a", shops, bootstrap=20)
    (theme,) = found["params"]
    assert theme["lmg"] == pytest.approx(found["r2"])
    assert theme["p_first"] == 1.0


def test_names_that_are_no_words_stand_in_backticks(shops):
    assert read_formula("y ~ `my team` + a") == ("y", ("my team", "a"))
    assert fit_drivers("y ~ `my team` + a", shops, bootstrap=2)["params"][0]["term"] == "my team"


def test_means_of_months_come_out_too_when_they_are_named(shops):
    once = fit_drivers("y ~ a + b", shops, unit="shop", level="within", bootstrap=2)
    twice = fit_drivers("y ~ a + b", shops, unit="shop", level="within", wave="month", bootstrap=2)
    assert once["r2"] != twice["r2"]
    assert (once["n"], once["units"]) == (48, 12)


def test_what_a_careful_reader_would_ask_is_noted(shops):
    assert fit_drivers("y ~ a + b", shops, bootstrap=5)["notes"] == []
    assert "rows_of_units" in fit_drivers("y ~ a + b", shops, unit="shop", bootstrap=5)["notes"]
    by_month = fit_drivers("y ~ a", shops, unit="month", level="between", bootstrap=50)
    assert by_month["notes"][0] == "few_units"


def test_the_command_line_answers_in_json_and_refuses_with_2(shops):
    good = CliRunner().invoke(app, ["fit", "drivers", "y ~ a + b", shops, "--json"])
    assert json.loads(good.stdout)["draws"] == 1000
    bad = CliRunner().invoke(app, ["fit", "drivers", "y ~ fee", shops, "--lang", "it"])
    assert bad.exit_code == 2
    assert "non varia" in bad.stderr


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("level", ["pooled", "within"])
def test_an_infinite_value_is_refused_before_anything_is_reckoned(tmp_path, level):
    path = tmp_path / "endless.csv"
    rows = "\n".join(f"{i},{i * i % 7},u{i % 4}" for i in range(20))
    path.write_text(f"y,a,u\n{rows}\n3,inf,u1\n", "utf-8")
    with pytest.raises(AnelloError, match="holds inf, which is too large"):
        fit_drivers("y ~ a", str(path), unit="u", level=level)
