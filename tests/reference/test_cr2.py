"""Robust errors of our slopes against clubSandwich (R), on a panel with holes.

The data, the R script and its output stand beside each other in `link/`.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from anello.link.levels import between, pooled, within
from anello.link.rows import Rows

FOLDER = Path(__file__).parent / "link"
FITS = {
    "between": between,
    "between_control": between,
    "within": within,
    "within_control": within,
    "within_no_waves": lambda rows: within(rows, wave_effects=False),
    "pooled": pooled,
}


def read(name):
    with (FOLDER / name).open(newline="") as file:
        return list(csv.DictReader(file))


EXPECTED = {row["model"]: row for row in read("cr2_expected.csv")}


def panel(control):
    rows = read("cr2_panel.csv")
    columns = ("y", "x", "z") if control else ("y", "x")
    cells = np.array([[float(r[c]) for c in columns] for r in rows])
    unit = np.array([int(r["unit"]) for r in rows])
    wave = np.array([int(r["wave"]) for r in rows])
    return Rows(unit, wave, cells, np.ones(len(rows)), np.zeros(len(rows), dtype=np.int64))


@pytest.mark.parametrize("model", FITS)
def test_slope_error_and_degrees_of_freedom_agree_with_club_sandwich(model):
    expected = EXPECTED[model]
    slope = FITS[model](panel(control=model.endswith("control")))
    found = slope.confidence
    assert found.estimate == pytest.approx(float(expected["estimate"]), rel=1e-8)
    assert found.se == pytest.approx(float(expected["se"]), rel=1e-8)
    assert found.df == pytest.approx(float(expected["df"]), rel=1e-8)
    assert found.p == pytest.approx(float(expected["p"]), rel=1e-8)
