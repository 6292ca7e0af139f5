"""Shifts in files: two files or one, and every bad file with its sentence."""

import csv

import pytest

from anello.model.errors import AnelloError
from anello.sample import rota
from anello.sample.shifts import Rota
from anello.store.fit_contagion import fit_contagion, fit_counter

COLUMNS = {"person": "person", "site": "cafe", "day": "day", "shift": "shift"}
BEFORE = COLUMNS | {"pre": "mood_before", "permutations": 99}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Return the staff's rows, each with the first guest's rating of its shift."""
    chain = rota(tmp_path_factory.mktemp("cafes") / "made", seed=2, plan=Rota(cafes=4, days=8))
    guests = {(r["cafe"], r["day"], r["shift"]): r for r in rows(chain.parent / "guests.csv")}
    staff = rows(chain.parent / "shifts.csv")
    both = [r | guests[r["cafe"], r["day"], r["shift"]] for r in staff]
    path = chain.parent / "both.csv"
    written(path, both)
    return path


def rows(file):
    with file.open() as opened:
        return list(csv.DictReader(opened))


def written(path, found):
    with path.open("w", newline="") as opened:
        writer = csv.DictWriter(opened, found[0])
        writer.writeheader()
        writer.writerows(found)
    return str(path)


def test_customers_in_a_file_of_their_own_count_by_the_mean_of_their_shift(file, tmp_path):
    one = fit_counter(str(file), customer="rating", **BEFORE)
    seen = {(r["cafe"], r["day"], r["shift"]): float(r["rating"]) for r in rows(file)}
    guests = [
        {"cafe": c, "day": d, "shift": s, "stars": value + step}
        for (c, d, s), value in seen.items()
        for step in (-1, 0, 1)
    ]
    two = fit_counter(
        str(file), written(tmp_path / "guests.csv", guests), customer="stars", **BEFORE
    )
    assert two["params"][0]["estimate"] == pytest.approx(one["params"][0]["estimate"], abs=1e-12)
    assert two["n"] == one["n"] == 64


def test_a_file_without_a_column_of_sites_is_one_site(file, tmp_path):
    alone = [r for r in rows(file) if r["cafe"] == "C01"]
    path = written(tmp_path / "one.csv", alone)
    here = {k: v for k, v in BEFORE.items() if k != "site"}
    found = fit_contagion(path, post="mood_after", **here)
    named = fit_contagion(path, post="mood_after", **BEFORE)
    assert found["sites"] == 1
    assert found["params"] == named["params"]


def test_a_person_on_two_shifts_at_once_is_named_with_both_rows(file, tmp_path):
    found = rows(file)
    twice = found[0] | {"shift": "late"}
    path = written(tmp_path / "twice.csv", [found[0], *found[1:], twice])
    with pytest.raises(AnelloError, match=f"row 2 and row {len(found) + 2}.*two shifts at once"):
        fit_contagion(path, post="mood_after", **BEFORE)


def test_a_mood_that_is_no_number_is_named_with_its_row(file, tmp_path):
    found = rows(file)
    found[4]["mood_before"] = "fine"
    with pytest.raises(AnelloError, match=r"row 6.*'fine' is not a number"):
        fit_contagion(written(tmp_path / "words.csv", found), post="mood_after", **BEFORE)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"pre": None}, "only taken after"),
        ({"pre": "mood_after"}, "only taken after"),
        ({"pre": "mood_befor"}, "did you mean 'mood_before'"),
        ({"permutations": 5}, "between 99 and"),
        ({"level": 2.0}, "level of an interval"),
        ({"shift": "day"}, "two shifts"),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_one_sentence(file, changed, said):
    with pytest.raises(AnelloError, match=said) as error:
        fit_contagion(str(file), post="mood_after", **(BEFORE | changed))
    assert error.value.text("it") != str(error.value)


def test_customers_who_fit_no_shift_are_refused(file, tmp_path):
    other = written(tmp_path / "x.csv", [{"cafe": "Z", "day": 1, "shift": "noon", "stars": 3}])
    with pytest.raises(AnelloError, match="written alike"):
        fit_counter(str(file), other, customer="stars", **BEFORE)
