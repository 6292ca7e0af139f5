"""The diary models give R's numbers: lme4, lmerTest, nlme, glmmTMB and lavaan on the same rows."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from anello.stats.diary.ar1 import Problem, inertia, steps
from anello.stats.diary.within_between import centred, within_between
from anello.store.fit_ar1 import fit_ar1
from anello.store.fit_diary import fit_diary
from anello.store.fit_mediation import fit_mediation

HERE = Path(__file__).parent
R = json.loads((HERE / "diary.json").read_text("utf-8"))
REAL = json.loads((HERE / "real.json").read_text("utf-8"))
PART = {"intercept": "", "control": "", "within": "_w", "between": "_b"}


def file(name):
    return str(HERE / f"{name}.csv")


@pytest.mark.parametrize("method", ["REML", "ML"])
@pytest.mark.parametrize("slopes", ["random", "fixed"])
def test_inside_and_between_are_those_of_lme4(slopes, method):
    theirs = R["levels"][f"{slopes} {method}"]
    ours = fit_diary(
        "y ~ x + z + day", file("levels"), person="id", day="day", slopes=slopes, ml=method == "ML"
    )
    assert ours["n"] == theirs["n"]
    assert ours["loglik"] == pytest.approx(theirs["loglik"], abs=1e-8)
    for p in ours["params"]:
        if p["level"] != "difference":
            r = theirs["effects"][p["term"] + PART[p["level"]]]
            assert p["estimate"] == pytest.approx(r["estimate"], abs=1e-6)
            assert p["se"] == pytest.approx(r["se"], rel=1e-5)
            assert p["df"] == pytest.approx(r["df"], rel=1e-4)
    assert [v["variance"] for v in ours["varcomp"]] == pytest.approx(theirs["vcov"], abs=1e-6)


def test_latent_person_means_are_those_of_lavaan():
    ours = fit_diary("y ~ x", file("levels"), person="id", centring="latent")
    theirs = {(p["op"], p["level"]): p for p in R["latent"]["params"]}
    assert ours["loglik"] == pytest.approx(R["latent"]["loglik"], abs=1e-5)
    for p, level in zip(ours["params"], (1, 2), strict=False):
        assert p["estimate"] == pytest.approx(theirs["~", level]["est"], abs=1e-5)
        assert p["se"] == pytest.approx(theirs["~", level]["se"], rel=1e-4)
    variances = [v["variance"] for v in ours["varcomp"]]
    assert variances == pytest.approx([theirs["~~", 1]["est"], theirs["~~", 2]["est"]], rel=1e-4)


@pytest.mark.parametrize("method", ["REML", "ML"])
@pytest.mark.parametrize(("slopes", "digits"), [("fixed", 1e-7), ("random", 2e-5)])
def test_mediation_is_that_of_the_stacked_model_in_r(slopes, digits, method):
    theirs = R["mediation"][f"{slopes} {method}"]
    ours = fit_mediation(
        "y ~ m ~ x", file("mediated"), person="id", slopes=slopes, ml=method == "ML", draws=1000
    )
    assert ours["loglik"] == pytest.approx(theirs["loglik"], abs=1e-6)
    for p, name in zip(ours["params"], ("SmX", "SyM", "SyX"), strict=False):
        assert p["estimate"] == pytest.approx(theirs["fixed"][name], abs=digits)
        assert p["se"] == pytest.approx(theirs["se"][name], rel=digits * 1000)
    effects = {e["name"]: e["estimate"] for e in ours["effects"]}
    product = theirs["fixed"]["SmX"] * theirs["fixed"]["SyM"]
    cov = theirs["g"][1][3] if slopes == "random" else 0.0
    assert effects["a*b"] == pytest.approx(product, abs=2 * digits)
    assert effects["indirect"] == pytest.approx(product + cov, abs=4 * digits)
    assert effects.get("cov(a,b)", 0.0) == pytest.approx(cov, abs=2 * digits)


CASES = {
    "ml": ("y", {"time": "t"}),
    "reml": ("y", {"time": "t", "reml": True}),
    "covariate": ("y ~ x", {"time": "t"}),
    "night": ("y", {"day": "day", "prompt": "prompt", "night": "2"}),
    "broken": ("y", {"day": "day", "prompt": "prompt", "night": "break"}),
    "clock": ("y", {"time": "clock"}),
}


@pytest.mark.parametrize("case", CASES)
def test_inertia_with_gaps_is_that_of_nlme(case):
    formula, when = CASES[case]
    ours, theirs = fit_ar1(formula, file("inert"), person="id", **when), R["ar1"][case]
    assert ours["loglik"] == pytest.approx(theirs["loglik"], abs=1e-6)
    assert ours["loglik"] >= theirs["loglik"] - 1e-8
    for key in ("phi", "tau", "sigma"):
        assert ours[key] == pytest.approx(theirs[key], abs=3e-5)
    for p in ours["params"]:
        assert p["estimate"] == pytest.approx(theirs["fixed"][p["term"]], abs=1e-5)
        assert p["se"] == pytest.approx(theirs["se"][p["term"]], rel=1e-4)
    assert ours["phi_low"] < ours["phi"] < ours["phi_high"]


@pytest.fixture(scope="module")
def employees():
    folder = os.environ.get("ANELLO_REFERENCE_DATA")
    if not folder:
        pytest.skip("the diary of 54 employees is not bundled; set ANELLO_REFERENCE_DATA")
    path = Path(folder) / "esm_employees_gundogdu" / "0021_gundogdu_ts.tsv"
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    at = {name: i for i, name in enumerate(rows[0])}
    names = ("id", "day", "extraversion", "emotional_stability")
    columns = {n: np.array([float(row[at[n]]) for row in rows[1:]]) for n in names}
    order = np.lexsort((columns["day"], columns["id"]))
    return {n: v[order] for n, v in columns.items()}


def test_54_employees_are_calmer_when_more_outgoing_as_lme4_says(employees):
    theirs = REAL["gundogdu"]
    person = np.unique(employees["id"], return_inverse=True)[1]
    x, y = employees["extraversion"][:, None], employees["emotional_stability"]
    ours = within_between(centred(person, y, x, ("extraversion",)))
    assert (ours.n, ours.persons) == (theirs["n"], 54)
    assert ours.loglik == pytest.approx(theirs["loglik"], abs=1e-7)
    slope = ours.slopes[0]
    for effect, name in ((slope.within, "extraversion_w"), (slope.between, "extraversion_b")):
        assert effect.estimate == pytest.approx(theirs["effects"][name]["estimate"], abs=1e-6)
        assert effect.df == pytest.approx(theirs["effects"][name]["df"], rel=1e-4)


def test_the_inertia_of_54_employees_is_that_of_nlme(employees):
    theirs = REAL["gundogdu"]["inertia"]
    pairs = np.column_stack([employees["id"], employees["day"]])
    days, cell = np.unique(pairs, axis=0, return_inverse=True)
    cell = cell.ravel()
    y = np.bincount(cell, weights=employees["extraversion"]) / np.bincount(cell)
    person = np.unique(days[:, 0], return_inverse=True)[1]
    problem = Problem(person, steps(person, days[:, 1]), np.ones((len(y), 1)), y, False)
    ours = inertia(problem, ("(Intercept)",))
    assert ours.loglik == pytest.approx(theirs["loglik"], abs=1e-6)
    assert ours.phi == pytest.approx(theirs["phi"], abs=1e-5)
    assert ours.tau == pytest.approx(theirs["tau"], abs=1e-5)
