"""Our numbers against lme4 and lmerTest, on the generated rows in this folder (see lme4.R)."""

import json
from pathlib import Path
from typing import Any

import pytest

from anello.store.fit_lmm import fit_lmm

HERE = Path(__file__).parent
MODELS: list[dict[str, Any]] = json.loads((HERE / "lme4.json").read_text())["models"]


@pytest.fixture(params=MODELS, ids=lambda m: f"{m['formula']} {m['method']}")
def pair(request: pytest.FixtureRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    theirs = request.param
    ours = fit_lmm(theirs["formula"], str(HERE / "lme4_rows.csv"), ml=theirs["method"] == "ML")
    return ours, theirs


def test_the_log_likelihood_agrees_to_nine_digits_or_is_higher(pair):
    ours, theirs = pair
    assert ours["loglik"] >= theirs["loglik"] - 1e-9 * abs(theirs["loglik"])
    assert ours["loglik"] == pytest.approx(theirs["loglik"], rel=1e-7)
    assert (ours["n"], ours["groups"]) == (theirs["n"], {_group(ours): theirs["groups"]})
    assert ours["converged"] is True


def test_terms_carry_the_names_and_numbers_of_lme4(pair):
    ours, theirs = pair
    assert [p["term"] for p in ours["params"]] == [p["term"] for p in theirs["params"]]
    for mine, other in zip(ours["params"], theirs["params"], strict=True):
        assert mine["estimate"] == pytest.approx(other["estimate"], rel=1e-6, abs=1e-7)
        assert mine["se"] == pytest.approx(other["se"], rel=1e-6)


def test_degrees_of_freedom_are_those_of_lmertest(pair):
    ours, theirs = pair
    for mine, other in zip(ours["params"], theirs["params"], strict=True):
        assert mine["df"] == pytest.approx(other["df"], rel=1e-4)
        assert mine["p"] == pytest.approx(other["p"], rel=1e-3, abs=1e-12)


def test_variance_components_agree_to_six_digits(pair):
    ours, theirs = pair
    assert ours["singular"] == theirs["singular"]
    for mine, other in zip(ours["varcomp"], theirs["varcomp"], strict=True):
        assert [mine[k] for k in ("group", "var1", "var2")] == [
            other[k] for k in ("group", "var1", "var2")
        ]
        assert mine["variance"] == pytest.approx(other["variance"], rel=1e-6, abs=1e-7)
        if other["sd"] is not None:
            assert mine["sd"] == pytest.approx(other["sd"], rel=1e-6, abs=2e-5)


def _group(result: dict[str, Any]) -> str:
    return next(iter(result["groups"]))
