"""The correlation of staff figures and mortality wanders from year to year with the same Trusts.

`link/make_wandering.py` made the moments; with ANELLO_REFERENCE_DATA the raw file must give the
same, and so must the bundled example through the slopes of `link`.
"""

import csv
import json
import os
import runpy
from pathlib import Path

import numpy as np
import pytest

from anello.link.levels import between
from anello.link.rows import Rows

HERE = Path(__file__).parent
FOLDER = HERE / "link"
TRUSTS = HERE.parents[1] / "examples" / "nhs" / "data" / "trust_year.csv"
COUNTS = [141, 140, 136, 134, 134, 132, 130, 126]
FACTS = {
    "engagement_mean_1to5": [-0.26, -0.26, -0.06, -0.08, -0.18, -0.26, -0.20, -0.27],
    "recommend_care_mean_1to5": [-0.37, -0.31, -0.23, -0.11, -0.24, -0.32, -0.28, -0.35],
    "work_stress_share": [0.01, -0.08, -0.10, -0.16, -0.19, -0.19, -0.16, -0.04],
}


def stored():
    return json.loads((FOLDER / "wandering_moments.json").read_text("utf-8"))


def raw():
    folder = os.environ.get("ANELLO_REFERENCE_DATA")
    if not folder:
        pytest.skip("ANELLO_REFERENCE_DATA does not name the folder with trust_year.csv")
    return runpy.run_path(str(FOLDER / "make_wandering.py"))["moments"](Path(folder))


def correlation(n, sums, cross):
    C = np.array(cross) - np.outer(sums, sums) / n
    return C[0, 1] / np.sqrt(C[0, 0] * C[1, 1])


@pytest.mark.parametrize("source", [stored, raw], ids=["moments", "raw file"])
@pytest.mark.parametrize("column", FACTS)
def test_published_correlation_of_every_year(source, column):
    years = source()[column].values()
    assert [correlation(**year) for year in years] == pytest.approx(FACTS[column], abs=0.00501)


def bundled(column, wanted):
    with TRUSTS.open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["year"] == wanted]
    known = [(float(r["shmi"]), float(r[column])) for r in rows if r["shmi"] and r[column]]
    n = len(known)
    zeros = np.zeros(n, dtype=np.int64)
    return Rows(np.arange(n), zeros, np.array(known), np.ones(n), zeros)


@pytest.mark.parametrize("column", ["engagement_mean_1to5", "work_stress_share"])
def test_the_bundled_example_gives_the_same_through_our_slopes(column):
    for year, moments in stored()[column].items():
        found = between(bundled(column, year))
        assert found.standardised == pytest.approx(correlation(**moments), abs=1e-5)


def test_the_same_trusts_nearly_every_year():
    years = [str(y) for y in range(2012, 2020)]
    assert [between(bundled("engagement_mean_1to5", y)).units for y in years] == COUNTS
