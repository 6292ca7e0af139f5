"""Robust indices with missing values and random covariates, and why lavaan's are not the same.

lavaan forgets what complete rows would tell about the moments of covariates (random_x.R).
"""

import json
from pathlib import Path
from typing import Any

import pytest

from anello.store.fit_sem import fit_sem

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = json.loads((HERE / "random_x.json").read_text())["cases"]


@pytest.fixture(scope="module", params=CASES, ids=lambda c: f"{c['data']} {c['estimator']}")
def pair(request: pytest.FixtureRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    case = request.param
    asked = {"missing": "fiml", "estimator": case["estimator"], "random_x": True}
    path = HERE / f"varied_{case['data']}.csv"
    return fit_sem(case["model"], str(path), kind="sem", **asked)["fit"], case


def test_robust_indices_are_the_formula_with_all_that_complete_rows_would_tell(pair):
    ours, case = pair
    for name, wanted in case["whole"].items():
        assert ours[name] == pytest.approx(wanted, rel=1e-7, abs=1e-8), name


def test_lavaan_prints_the_formula_without_what_complete_rows_tell_of_covariates(pair):
    _, case = pair
    for name, printed in case["lavaan"].items():
        assert case["without"][name] == pytest.approx(printed, rel=1e-8, abs=1e-8), name


def test_the_difference_from_lavaan_is_as_small_as_the_page_says(pair):
    ours, case = pair
    for name, printed in case["lavaan"].items():
        assert abs(ours[name] - printed) < 6e-4, name
