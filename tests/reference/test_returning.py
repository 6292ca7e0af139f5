"""Regression to the mean in the Civil Service, 2018 to 2019: what the weakest gain for free."""

import csv
from pathlib import Path

import numpy as np
import pytest

from anello.stats.relations.regression_to_mean import returning

SURVEY = Path(__file__).parents[2] / "examples" / "civil_service" / "data" / "org_year.csv"


@pytest.fixture
def matched():
    with SURVEY.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    years = [
        {
            r["name_that_year"].casefold(): float(r["engagement_index"])
            for r in rows
            if r["year"] == y
        }
        for y in ("2018", "2019")
    ]
    names = sorted(years[0].keys() & years[1].keys())
    return [np.array([year[name] for name in names]) for year in years]


def test_the_two_years_go_together(matched):
    first, second = matched
    assert len(first) == 83
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(0.878, abs=5e-4)
    assert [np.std(v, ddof=1) for v in matched] == pytest.approx([7.9, 6.3], abs=0.05)
    assert np.std(second - first, ddof=1) == pytest.approx(3.84, abs=5e-3)


def test_the_weakest_quarter_gains_and_the_strongest_loses(matched):
    first, second = matched
    weakest, strongest = (
        returning(first, second, first <= 58),
        returning(first, second, first >= 66),
    )
    assert (weakest.units, strongest.units) == (22, 22)
    assert weakest.average == pytest.approx(1.40, abs=5e-3)
    assert weakest.change == pytest.approx(3.77, abs=6e-3)
    assert strongest.change == pytest.approx(-1.46, abs=6e-3)


def test_most_of_it_is_what_one_straight_line_expects(matched):
    first, second = matched
    weakest = returning(first, second, first <= 58)
    slope = np.polyfit(first, second, 1)
    line = np.mean(np.polyval(slope, first[first <= 58]) - first[first <= 58])
    assert weakest.expected == pytest.approx(line, abs=1e-9)
    assert weakest.expected - weakest.average > 0.8 * (weakest.change - weakest.average)
