"""`anello fit diary`, `mediation` and `ar1` on files, good and bad."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from anello.cli import app
from anello.store.fit_ar1 import fit_ar1
from anello.store.fit_diary import fit_diary


def write(path, rows, header="id,day,prompt,x,m,y,word"):
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def file(tmp_path):
    rng = np.random.default_rng(1)
    rows = []
    for i in range(12):
        for day in range(1, 9):
            x, m, y = rng.normal(i / 5, 1, 3)
            rows.append(f"p{i},{day},1,{x:.3f},{m:.3f},{y + x / 2:.3f},{'ab'[day % 2]}")
    return write(tmp_path / "diary.csv", rows)


def answer(*arguments):
    return CliRunner().invoke(app, ["fit", *map(str, arguments)])


@pytest.mark.parametrize(
    "arguments",
    [
        ("diary", "y ~ x + word", "--slopes", "fixed"),
        ("diary", "y ~ x + lag(m)", "--day", "day"),
        ("diary", "y ~ x", "--centring", "latent"),
        ("mediation", "y ~ m ~ x", "--slopes", "fixed", "--draws", 500),
        ("ar1", "y", "--time", "day"),
        ("ar1", "y ~ x", "--day", "day", "--prompt", "prompt", "--night", "2"),
    ],
    ids=str,
)
def test_every_model_prints_json_without_nan(file, arguments):
    verb, formula, *rest = arguments
    done = answer(verb, formula, file, "--person", "id", "--json", *rest)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["persons"] == 12
    assert all(p["estimate"] is not None for p in found["params"])


def test_a_lag_drops_the_first_day_of_each_person(file):
    found = fit_diary("y ~ lag(x)", str(file), person="id", day="day", slopes="fixed")
    assert (found["n"], found["dropped"]) == (84, 12)
    assert found["params"][1]["term"] == "lag(x, 1)"


def test_whole_days_bring_prompts_together(tmp_path):
    rows = [f"p{i},{d},{k},{d * (i + 1) if k == 1 else ''},,{(i + d) % 3 if k == 2 else ''},a"
            for i in range(4) for d in range(1, 7) for k in (1, 2)]  # fmt: skip
    path = str(write(tmp_path / "d.csv", rows))
    found = fit_diary(
        "y ~ x", path, person="id", day="day", prompt="prompt", by="day", slopes="fixed"
    )
    assert found["n"] == 24
    assert found["compliance"]["share"] == 1.0


def test_the_steps_of_time_may_be_of_any_length_as_long_as_they_are_told(file):
    one = fit_ar1("y", str(file), person="id", time="day")
    other = fit_ar1("y", str(file), person="id", day="day")
    assert other["phi"] == pytest.approx(one["phi"], abs=1e-9)


HEADER = "id,day,x,y"
BAD = {
    "one prompt a person": (["a,1,1,2", "b,1,2,3", "c,2,4,1"], "Nobody has two complete rows"),
    "one person": ([f"a,{d},{d % 3},{d % 4}" for d in range(9)], "a single person"),
    "all missing": (["a,1,,2", "a,2,,1", "b,1,,3"], "No row is left"),
    "constant x": ([f"{p},{d},{5 + (p == 'a')},{d % 3}" for p in "ab" for d in range(6)],
                   "never changes inside a person"),
    "constant y": ([f"{p},{d},{d % 3},7" for p in "ab" for d in range(6)], "same value"),
    "one day": (["a,1,1,2", "b,1,2,3", "c,1,3,1"], "one day"),
    "doubled prompt": ([f"{p},{d},{d % 3},{d % 2}" for p in "ab" for d in (1, 2, 3, 3)],
                       "row 4 and row 5, column 'id'"),
    "words for y": (["a,1,1,2", "a,2,2,high", "b,1,2,1", "b,2,1,3"],
                    "row 3, column 'y': 'high' is not a number"),
    "empty": ([], "no row below the header"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_rows_get_one_clear_sentence_in_both_languages(tmp_path, case):
    rows, said = BAD[case]
    path = write(tmp_path / "bad.csv", rows, HEADER)
    for language in ("en", "it"):
        done = answer("diary", "y ~ x", path, "--person", "id", "--day", "day", "--lang", language)
        assert done.exit_code == 2
        assert "Traceback" not in done.output
        assert (said in done.output) == (language == "en"), done.output


def test_a_file_out_of_order_is_the_same_diary(tmp_path, file):
    lines = file.read_text().splitlines()
    mixed = write(tmp_path / "mixed.csv", lines[:0:-1])
    one = fit_ar1("y", str(file), person="id", time="day")
    other = fit_ar1("y", str(mixed), person="id", time="day")
    assert one["loglik"] == pytest.approx(other["loglik"], abs=1e-9)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("diary", "y ~ m ~ x"), "anello fit mediation"),
        (("mediation", "y ~ x"), "y ~ m ~ x"),
        (("ar1", "y"), "`time`, or `day`"),
        (("ar1", "y", "--time", "word"), "'b' is not a number"),
        (("diary", "y ~ xx"), "did you mean 'x'"),
        (("diary", "y ~ lag(x)"), "name the column of the day"),
        (("diary", "y ~ raw(x)"), "Every term is a control"),
        (("diary", "y ~ x", "--confounder", "2"), "between 0 and 1"),
    ],
    ids=str,
)
def test_a_wrong_wish_gets_one_clear_sentence(file, arguments, said):
    verb, formula, *rest = arguments
    done = answer(verb, formula, file, "--person", "id", *rest, "--lang", "en")
    assert done.exit_code == 2
    assert said in done.output
