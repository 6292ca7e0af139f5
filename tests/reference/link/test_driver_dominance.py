"""Dominance, groups, draws and yardstick of themes beside R's brute force."""

import csv
from pathlib import Path

import numpy as np
import pytest

from anello.link.fit_drivers import fit_drivers
from anello.stats.relations.dominance import dominance
from anello.stats.relations.subsets import all_r2

HERE = Path(__file__).parent
SHOPS = str(HERE / "drivers_units.csv")
THEMES = "y ~ a + b + copy + kind"


def by_r(what):
    with (HERE / "drivers_dominance.csv").open(newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["what"] == what]
    return {(r["a"], r["b"]) if r["b"] else r["a"]: float(r["value"]) for r in rows}


def correlations(name):
    with (HERE / f"drivers_{name}.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    R = np.array([[float(x) for x in row[1:]] for row in rows[1:]])
    turn = [*range(1, len(R)), 0]
    return R[np.ix_(turn, turn)], rows[0][2:]


def column(fitted, key):
    return {row["term"]: row[key] for row in fitted["params"]}


@pytest.mark.parametrize("name", ["swiss", "attitude"])
def test_the_three_grades_of_dominance(name):
    C, themes = correlations(name)
    G = len(themes)
    found = dominance(all_r2(C[:, :, None], (1,) * G)[:, 0], G)
    assert dict(zip(themes, found.general, strict=True)) == pytest.approx(
        by_r(f"{name}_lmg"), rel=1e-10
    )
    for (theme, size), gain in by_r(f"{name}_conditional").items():
        assert found.conditional[themes.index(theme), int(size)] == pytest.approx(gain, abs=1e-12)
    for (one, other), grade in by_r(f"{name}_complete").items():
        assert found.complete[themes.index(one), themes.index(other)] == grade


def test_a_column_of_text_enters_as_one_theme_and_a_missing_row_is_dropped():
    found = fit_drivers(THEMES, SHOPS, bootstrap=1)
    assert column(found, "lmg") == pytest.approx(by_r("pooled"), rel=1e-10)
    assert (found["n"], found["dropped"]) == (119, 1)


def test_near_copies_are_shared_out_as_one():
    found = fit_drivers(THEMES, SHOPS, bootstrap=1)
    assert {"+".join(g["terms"]): g["lmg"] for g in found["groups"]} == pytest.approx(
        by_r("groups"), rel=1e-10
    )


def test_means_of_shops_and_what_is_left_inside_them():
    between = fit_drivers(THEMES, SHOPS, unit="shop", level="between", bootstrap=1)
    within = fit_drivers("y ~ a + b + copy", SHOPS, unit="shop", level="within", bootstrap=1)
    assert column(between, "lmg") == pytest.approx(by_r("between"), rel=1e-10)
    assert column(within, "lmg") == pytest.approx(by_r("within"), rel=1e-10)


def test_shops_drawn_anew_spread_the_shares_as_r_does():
    """Both sides have 4,000 draws: limits agree to a fifth of a standard deviation."""
    found = fit_drivers(THEMES, SHOPS, unit="shop", bootstrap=4000)
    sd = by_r("boot_sd")
    for key, what in (("low", "boot_low"), ("high", "boot_high")):
        ours, theirs = column(found, key), by_r(what)
        assert all(abs(ours[t] - theirs[t]) < 0.2 * sd[t] for t in sd)
    first = by_r("boot_first")
    assert column(found, "p_first") == pytest.approx(first, abs=0.03)


def test_a_column_of_random_numbers_gets_what_r_gives_it():
    """The 95th percentile of 2,000 columns beside that of 4,000: each moves by 3 to 5 per cent."""
    found = fit_drivers("y ~ a + b", SHOPS, bootstrap=1)
    rows = fit_drivers(THEMES, SHOPS, bootstrap=1)["n"]
    assert rows == 119
    assert found["yardstick"] == pytest.approx(by_r("noise_95")[""], rel=0.15)
