"""Our meta-analyses against metafor, on the generated studies in this folder (see metafor.R)."""

import json
from pathlib import Path
from typing import Any

import pytest

from anello.link.fit_meta import fit_meta

HERE = Path(__file__).parent
STORED: dict[str, Any] = json.loads((HERE / "metafor.json").read_text())
DIGITS = 2e-7


def met(ours: float | None, theirs: float | None, digits: float = DIGITS) -> None:
    """Assert equality to the digits, and that a constant wrong just beyond them is seen."""
    assert theirs is not None
    assert ours == pytest.approx(theirs, rel=digits, abs=1e-9)
    if abs(theirs) > 1e-3:
        assert ours != pytest.approx(theirs * (1 + 5 * digits), rel=digits, abs=1e-9)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def name(model: dict[str, Any]) -> str:
    return f"{model['spec']} {model['method']} {model.get('knapp_hartung', model.get('t_test'))}"


@pytest.fixture(params=STORED["two"], ids=name)
def two(request: pytest.FixtureRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    theirs = request.param
    spec, measure = theirs["spec"].split(" : ")
    options = {"method": theirs["method"], "knapp_hartung": theirs["knapp_hartung"]}
    return fit_meta(spec, str(HERE / theirs["file"]), measure=measure, **options), theirs


@pytest.fixture(params=STORED["three"], ids=name)
def three(request: pytest.FixtureRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    theirs = request.param
    spec, measure = theirs["spec"].split(" : ")
    options = {"method": theirs["method"], "knapp_hartung": theirs["t_test"]}
    return fit_meta(spec, str(HERE / theirs["file"]), measure=measure, **options), theirs


def test_coefficients_and_their_intervals_are_those_of_metafor(two):
    ours, theirs = two
    assert ours["k"] == theirs["k"]
    for key in ("estimate", "se", "statistic", "low", "high"):
        for mine, other in zip(ours["params"], listed(theirs[key]), strict=True):
            met(mine[key], other)
    for mine, other in zip(ours["params"], listed(theirs["p"]), strict=True):
        assert mine["p"] == pytest.approx(other, rel=1e-5, abs=1e-15)


def test_terms_carry_the_names_of_r(two):
    ours, theirs = two
    names = [t.replace("intrcpt", "(Intercept)") for t in listed(theirs["term"])]
    assert [p["term"] for p in ours["params"]] == names


def test_heterogeneity_is_that_of_metafor(two):
    ours, theirs = two
    met(ours["tau2"], theirs["tau2"])
    met(ours["i2"], theirs["i2"])
    met(ours["h2"], theirs["h2"])
    met(ours["q"]["statistic"], theirs["q"])
    assert ours["q"]["p"] == pytest.approx(theirs["q_p"], rel=1e-6)
    if theirs["method"] in ("REML", "ML"):
        met(ours["se_tau2"], theirs["se_tau2"])


def test_the_interval_of_tau2_is_the_q_profile_of_metafor(two):
    ours, theirs = two
    if theirs["tau2_low"] is None:
        assert ours["tau2_low"] is None
    else:
        met(ours["tau2_low"], theirs["tau2_low"])
        met(ours["tau2_high"], theirs["tau2_high"])


def test_moderators_are_tested_as_metafor_tests_them(two):
    ours, theirs = two
    if theirs["qm"] is None:
        assert ours["moderators"] is None
    else:
        met(ours["moderators"]["statistic"], theirs["qm"])
        assert ours["moderators"]["p"] == pytest.approx(theirs["qm_p"], rel=1e-5)
    if theirs["r2"] is not None and theirs["method"] != "FE":
        assert ours["r2"] == pytest.approx(theirs["r2"], rel=1e-5)


def test_likelihood_and_criteria_are_those_of_metafor(two):
    ours, theirs = two
    met(ours["loglik"], theirs["loglik"])
    met(ours["aic"], theirs["aic"])
    met(ours["bic"], theirs["bic"])


def test_the_prediction_interval_is_that_of_metafor(two):
    ours, theirs = two
    if theirs["pi_low"] is not None:
        met(ours["prediction"]["low"], theirs["pi_low"])
        met(ours["prediction"]["high"], theirs["pi_high"])


def test_three_levels_have_the_variances_and_coefficients_of_metafor(three):
    ours, theirs = three
    assert ours["converged"] is True
    for key, other in zip(("sigma2_between", "sigma2_within"), theirs["sigma2"], strict=True):
        met(ours[key], other, 1e-6)
    for key in ("estimate", "se", "low", "high"):
        for mine, other in zip(ours["params"], listed(theirs[key]), strict=True):
            met(mine[key], other)
    met(ours["q"]["statistic"], theirs["q"])
    assert ours["loglik"] == pytest.approx(theirs["loglik"], rel=1e-9)
    if theirs["pi_low"] is not None:
        met(ours["prediction"]["low"], theirs["pi_low"])
