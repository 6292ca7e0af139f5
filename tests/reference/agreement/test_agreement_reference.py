"""Agreement and reliability against published figures and other people's software.

Sums of the data are stored beside the scripts that made them (make_moments.py, scales.R). Where
`ANELLO_REFERENCE_DATA` names the raw files, they are read again and must give the same sums; those
of bhr2000 come with R's package multilevel (bhr2000.R).
"""

import json
import os
import runpy
from pathlib import Path

import numpy as np
import pytest

from anello.stats.scales.agreement import (
    average_deviation,
    awg,
    item_variances,
    r_star,
    rwg,
    rwgj,
    uniform_null,
)
from anello.stats.scales.icc import anova, reml, spearman_brown
from anello.stats.scales.percent import index_from_percents
from anello.stats.scales.recommend import recommend_score
from anello.stats.scales.reliability import alpha, covariance, disattenuate, omega

HERE = Path(__file__).parent
RAW = os.environ.get("ANELLO_REFERENCE_DATA", "")
STORED = json.loads((HERE / "moments.json").read_text("utf-8"))
SCALES = json.loads((HERE / "scales.json").read_text("utf-8"))
BHR = json.loads((HERE / "bhr2000.json").read_text("utf-8"))
SCORES = ("HRS", "LEAD", "COHES", "WBEING")


def raw():
    return runpy.run_path(str(HERE / "make_moments.py"))["moments"](Path(RAW))


def arrays(data, name):
    found = data[name]
    return tuple(np.array(found[k], dtype=float) for k in ("n", "sums", "squares"))


def published(found, printed):
    """Return whether a figure is the printed one, to half a unit of its last digit.

    A last digit that is off by one makes the test fail.
    """
    digits = len(printed.split(".")[1])
    return abs(found - float(printed)) <= 0.5000001 * 10**-digits


def test_a_last_digit_that_is_off_by_one_is_noticed():
    assert published(0.13310668, ".1331067")
    assert not published(0.13310668, ".1331068")


@pytest.fixture(params=["stored", "raw"])
def data(request):
    if request.param == "stored":
        return STORED
    if not RAW:
        pytest.skip("ANELLO_REFERENCE_DATA is not set: only the stored sums are checked")
    return raw()


def test_the_stored_sums_are_those_of_the_raw_files(data):
    assert data == STORED


ANOVA = {
    "HRS": ("55.81149", "4.483158", "12.44914", ".1331067", ".9196732"),
    "LEAD": ("6.172199", ".5208536", "11.85016", ".1270276", ".9156130"),
    "COHES": ("3.213463", ".7215521", "4.453543", ".0442653", ".7754597"),
    "WBEING": ("3.459004", ".7896461", "4.380449", ".04336905", ".7717129"),
}


@pytest.mark.parametrize("score", SCORES)
def test_99_army_companies_by_anova(data, score):
    """Bliese & Halverson (R package multilevel: ICC1, ICC2 of an aov)."""
    n, sums, squares = arrays(data, "bh1996")
    column = SCORES.index(score)
    found = anova(n, sums[:, column], squares[:, column])
    assert (found.groups, found.n) == (99, 7382)
    assert published(found.size, "74.5657")
    figures = (found.msb, found.msw, found.f, found.icc1, found.icc2)
    assert [published(f, p) for f, p in zip(figures, ANOVA[score], strict=True)] == [True] * 5


REML = {
    "HRS": (0.665332, 4.482825, 0.12923699, 0.9171286),
    "LEAD": (0.09010078, 0.5209122, 0.14746136, 0.9280442),
    "COHES": (0.03642188, 0.7216029, 0.04804840, 0.7900745),
    "WBEING": (0.03580078, 0.7894973, 0.04337922, 0.7717561),
}


@pytest.mark.parametrize("score", SCORES)
def test_99_army_companies_by_reml(data, score):
    """R's nlme, which stops about 5e-7 away from the optimum; ours is solved to rounding."""
    n, sums, squares = arrays(data, "bh1996")
    column = SCORES.index(score)
    found = reml(n, sums[:, column], squares[:, column])
    figures = (found.tau, found.sigma2, found.icc1, found.icc2)
    assert figures == pytest.approx(REML[score], rel=6e-7)


def test_anova_and_reml_disagree_about_leadership_because_companies_differ_in_size(data):
    n, sums, squares = arrays(data, "bh1996")
    moments = n, sums[:, 1], squares[:, 1]
    assert published(anova(*moments).icc1, ".127")
    assert published(reml(*moments).icc1, ".147")


def test_eleven_leadership_items_in_49_companies(data):
    """lq2002, rWG(J) of R's multilevel."""
    n, sums, squares = arrays(data, "lq2002")
    s2 = item_variances(n, sums, squares)
    found = rwgj(s2, uniform_null(5))
    spread = [*np.quantile(found, [0, 0.25, 0.5]), found.mean(), *np.quantile(found, [0.75, 1])]
    printed = (".7749", ".8344", ".8701", ".8678", ".9004", ".9423")
    assert [published(f, p) for f, p in zip(spread, printed, strict=True)] == [True] * 6
    printed = (".8075273", ".8959383", ".8600120", ".8635585", ".8876629", ".9330486")
    assert [published(f, p) for f, p in zip(found[:6], printed, strict=True)] == [True] * 6
    assert STORED["lq2002"]["groups"][:6] == ["2", "3", "4", "5", "6", "7"]
    assert published(r_star(s2, 2.0).mean(), ".3926")
    assert published(awg(sums / n[:, None], s2, n, 1, 5).mean(), ".3837")
    counts = np.array(data["lq2002"]["counts"])
    assert published(average_deviation(counts, [1, 2, 3, 4, 5]).mean(), ".8902")


def test_the_leadership_scale_as_a_single_item(data):
    s2 = item_variances(*arrays(data, "lq2002_scale"))
    assert published(rwg(s2[:, 0], 2.0).mean(), ".7032")


def test_five_cohesion_items_in_two_units(data):
    s2 = item_variances(*arrays(data, "cohesion"))
    found = dict(zip(data["cohesion"]["groups"], rwgj(s2, 2.0), strict=True))
    assert published(found["1044B"], ".7539683")
    assert published(found["1044C"], ".8988764")
    n, sums, _ = arrays(data, "cohesion")
    assert n.sum() == 10
    s = covariance(n.sum(), sums.sum(axis=0), data["cohesion"]["products"])
    assert published(alpha(s), ".8847913")


def attitude():
    return covariance(SCALES["n"], SCALES["sums"], SCALES["products"])


def test_alpha_of_seven_attitude_items_is_that_of_psych():
    assert alpha(attitude()) == pytest.approx(SCALES["psych_alpha"], abs=1e-11)
    assert published(alpha(attitude()), ".8431")


def test_omega_of_seven_attitude_items_is_that_of_factanal_and_psych():
    """psych's optimiser stops 1e-7 before factanal's, which was told to go on."""
    s = attitude()
    sd = np.sqrt(np.diag(s))
    r = s / np.outer(sd, sd)
    assert omega(r) == pytest.approx(SCALES["factanal_omega_of_correlations"], abs=2e-9)
    assert omega(r) == pytest.approx(SCALES["psych_omega_of_correlations"], abs=2e-7)
    assert omega(s) == pytest.approx(SCALES["factanal_omega_of_covariances"], abs=2e-9)


def test_five_agreeableness_items_of_which_one_is_turned():
    s = np.array(SCALES["agreeableness"])
    assert published(alpha(s), ".7030")
    assert alpha(s) == pytest.approx(SCALES["agreeableness_psych_alpha"], abs=1e-11)
    sd = np.sqrt(np.diag(s))
    theirs = SCALES["agreeableness_psych_omega_of_correlations"]
    assert omega(s / np.outer(sd, sd)) == pytest.approx(theirs, abs=2e-6)


def test_the_own_fixture_of_three_groups():
    n, sums, squares = [4] * 3, [18, 10, 14], [82, 26, 50]
    found = anova(n, sums, squares)
    figures = (found.p, found.icc1, found.icc2)
    printed = (".00289", ".7333333", ".9166667")
    assert [published(f, p) for f, p in zip(figures, printed, strict=True)] == [True] * 3
    assert found.f == pytest.approx(12, abs=1e-12)
    s2 = item_variances(n, np.array(sums)[:, None], np.array(squares)[:, None])
    assert rwg(s2, 2.0).ravel() == pytest.approx([5 / 6] * 3, abs=1e-12)


def test_the_civil_service_trap_has_two_readings():
    weights = (100, 75, 50, 25, 0)
    assert index_from_percents((10, 40, 10, 16, 24), weights, normalise=False) == 49
    assert index_from_percents((22, 28, 34, 12, 6), weights, normalise=False) == 63
    assert published(index_from_percents((22, 28, 34, 12, 6), weights, normalise=True), "61.8")


def test_the_standard_error_of_a_recommend_score():
    """p 1/2, passive 1/3, d 1/6, n 324: variance 5/9, SE .0414087."""
    found = recommend_score(162, 108, 54)
    assert published(found.score, "33.3")
    assert published(found.se / 100, ".0414087")


@pytest.mark.parametrize(
    ("counts", "score", "wald", "centre", "adjusted"),
    [
        ((11, 6, 3), "40.0", ("7.8", "72.2"), "34.8", ("4.4", "65.2")),
        ((50, 30, 20), "30.0", ("14.7", "45.3"), "29.1", ("14.1", "44.2")),
        ((15, 14, 7), "22.2", ("-2.3", "46.7"), "20.5", ("-3.0", "44.0")),
    ],
)
def test_intervals_of_recommend_scores(counts, score, wald, centre, adjusted):
    found = recommend_score(*counts)
    figures = (found.score, *found.wald, found.centre, *found.adjusted)
    printed = (score, *wald, centre, *adjusted)
    assert [published(f, p) for f, p in zip(figures, printed, strict=True)] == [True] * 6


def test_reliability_of_a_mean_by_the_size_of_its_unit():
    printed = {2: ".1818", 5: ".3571", 10: ".5263", 20: ".6897", 30: ".7692", 50: ".8475"}
    assert all(published(spearman_brown(0.10, n), p) for n, p in printed.items())


def test_a_correlation_corrected_for_noise():
    assert published(disattenuate(0.20, 0.80, 0.60), ".2886751")


def test_5400_persons_in_99_groups_agree_as_the_package_and_its_paper_print():
    s2 = item_variances(BHR["n"], BHR["sums"], BHR["squares"])
    found = rwgj(s2, 2.0)
    assert found == pytest.approx(np.array(BHR["rwgj"]), abs=1e-12)
    assert published(float(np.median(found)), ".8925")
    assert published(float(found.mean()), ".8876")
    hours = anova(BHR["n"], BHR["hours_sums"], BHR["hours_squares"])
    assert published(hours.icc1, ".1741008")
    assert published(hours.icc2, ".9199889")
