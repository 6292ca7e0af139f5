"""Power of the textbook cases, against R's power.t.test and Fisher's z (make_power.R)."""

import csv
from pathlib import Path

import pytest

from anello.stats.power import correlation, t_test

ROWS = list(csv.DictReader((Path(__file__).parent / "power_from_r.csv").open()))
POWER = {"t_test": t_test.power, "correlation": lambda n, r: correlation.power(r, n)}


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['case']}-{r['n']}-{r['effect']}")
def test_power_is_that_of_r(row):
    found = POWER[row["case"]](int(row["n"]), float(row["effect"]))
    assert found == pytest.approx(float(row["power"]), abs=1e-9)


def test_as_many_units_as_every_table_says():
    assert [correlation.units(r) for r in (0.1, 0.2, 0.3)] == [783, 194, 85]
    assert t_test.units(0.5) == 64
