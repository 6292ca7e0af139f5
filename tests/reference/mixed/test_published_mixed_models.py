"""Published mixed models from stored moments: sleepstudy (lme4) and bh1996 (Bliese & Halverson).

The rows may not be bundled; their moments are, which is all a fit reads. Where
ANELLO_REFERENCE_DATA names the folder of rows, both ways must agree.
"""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from stored_moments import EXAMPLES, Example, raw, read

from anello.stats.mixed.lmm import MixedModel, fit

HERE = Path(__file__).parent
BY_NAME = {example.name: example for example in EXAMPLES}
POLISHED = {
    (m["formula"], m["method"]): m
    for m in json.loads((HERE / "published.json").read_text())["models"]
}
DIGITS, PRINTED = 1e-6, 1e-4

# Example, ML?, what, published number, relative tolerance. lme4's printed numbers of models with
# slopes stem from an optimiser that stops early: 1e-4; the polished ones are compared further down.
PUBLISHED = [
    ("sleepstudy", False, "(Intercept)", 251.40510, DIGITS),
    ("sleepstudy", False, "se (Intercept)", 6.824597, PRINTED),
    ("sleepstudy", False, "Days", 10.46729, DIGITS),
    ("sleepstudy", False, "se Days", 1.545790, PRINTED),
    ("sleepstudy", False, "var (Intercept)", 612.1002, PRINTED),
    ("sleepstudy", False, "var Days", 35.07171, PRINTED),
    ("sleepstudy", False, "cov (Intercept) Days", 9.604409, PRINTED),
    ("sleepstudy", False, "cor (Intercept) Days", 0.0655512, PRINTED),
    ("sleepstudy", False, "var Residual", 654.9400, PRINTED),
    ("sleepstudy", False, "loglik", -871.8141, 1e-7),
    ("sleepstudy", True, "var (Intercept)", 565.477, PRINTED),
    ("sleepstudy", True, "var Days", 32.6818, PRINTED),
    ("sleepstudy", True, "cov (Intercept) Days", 11.0551, PRINTED),
    ("sleepstudy", True, "var Residual", 654.9457, PRINTED),
    ("sleepstudy", True, "loglik", -875.9697, 1e-7),
    ("wellbeing_hours", False, "(Intercept)", 4.740831, DIGITS),
    ("wellbeing_hours", False, "HRS", -0.0464605, DIGITS),
    ("wellbeing_hours", False, "se HRS", 0.0048880, 5e-6),
    ("wellbeing_hours", False, "G.HRS", -0.1269261, DIGITS),
    ("wellbeing_hours", False, "se G.HRS", 0.0194028, 5e-6),
    ("wellbeing_hours", False, "var (Intercept)", 0.0135446, 1e-5),
    ("wellbeing_hours", False, "var Residual", 0.7801055, DIGITS),
    ("wellbeing_hours", False, "loglik", -9606.14, 1e-7),
    ("null_hrs", False, "var (Intercept)", 0.665332, DIGITS),
    ("null_hrs", False, "var Residual", 4.482825, DIGITS),
    ("null_hrs", False, "icc1", 0.12923699, DIGITS),
    ("null_hrs", False, "icc2", 0.9171286, DIGITS),
    ("null_lead", False, "var (Intercept)", 0.09010078, DIGITS),
    ("null_lead", False, "var Residual", 0.5209122, DIGITS),
    ("null_lead", False, "icc1", 0.14746136, DIGITS),
    ("null_lead", False, "icc2", 0.9280442, DIGITS),
    ("null_cohes", False, "var (Intercept)", 0.03642188, DIGITS),
    ("null_cohes", False, "var Residual", 0.7216029, DIGITS),
    ("null_cohes", False, "icc1", 0.04804840, DIGITS),
    ("null_cohes", False, "icc2", 0.7900745, DIGITS),
    ("null_wbeing", False, "var (Intercept)", 0.03580078, DIGITS),
    ("null_wbeing", False, "var Residual", 0.7894973, DIGITS),
    ("null_wbeing", False, "icc1", 0.04337922, DIGITS),
    ("null_wbeing", False, "icc2", 0.7717561, DIGITS),
    # Printed by nlme, which stopped at a lower likelihood than the maximum.
    ("wellbeing_leaders", False, "(Intercept)", 2.463135, 1e-3),
    ("wellbeing_leaders", False, "HRS", -0.0284776, 1e-3),
    ("wellbeing_leaders", False, "LEAD", 0.4946550, 1e-3),
    ("wellbeing_leaders", False, "G.HRS", -0.0705047, 1e-3),
    ("wellbeing_leaders", False, "var (Intercept)", 0.144012, 0.03),
    ("wellbeing_leaders", False, "var LEAD", 0.0104435, 0.03),
    ("wellbeing_leaders", False, "cor (Intercept) LEAD", -0.97, 5e-3),
    ("wellbeing_leaders", False, "var Residual", 0.6412933, 1e-5),
]


def _numbers(model: MixedModel) -> dict[str, float]:
    """Return every number of a model under the name it has in the table above."""
    found = {"loglik": model.loglik}
    for effect in model.effects:
        found |= {effect.term: effect.estimate, f"se {effect.term}": effect.se}
    for s in model.spreads:
        if s.var2:
            found |= {f"cov {s.var1} {s.var2}": s.variance, f"cor {s.var1} {s.var2}": s.sd or 0.0}
        else:
            found[f"var {s.var1 or s.group}"] = s.variance
    tau, sigma2 = found["var (Intercept)"], found["var Residual"]
    size = model.n / model.groups
    return found | {"icc1": tau / (tau + sigma2), "icc2": tau / (tau + sigma2 / size)}


@pytest.fixture(scope="module")
def fitted() -> dict[tuple[str, bool], dict[str, float]]:
    needed = {(name, ml) for name, ml, *_ in PUBLISHED}
    return {(n, ml): _numbers(fit(*read(BY_NAME[n]), ml=ml)) for n, ml in needed}


@pytest.mark.parametrize(("name", "ml", "what", "number", "tolerance"), PUBLISHED)
def test_published_numbers_come_out_of_the_stored_moments(
    fitted, name, ml, what, number, tolerance
):
    found = fitted[name, ml][what]
    assert found == pytest.approx(number, rel=tolerance)
    assert found != pytest.approx(number * (1 + 3 * tolerance), rel=tolerance)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_polished_lme4_is_met_to_the_last_digit_that_means_something(example: Example):
    ours, theirs = fit(*read(example)), POLISHED[example.formula, "REML"]
    assert ours.loglik == pytest.approx(theirs["loglik"], rel=1e-9)
    for mine, other in zip(ours.effects, theirs["params"], strict=True):
        assert mine.term == other["term"]
        assert mine.estimate == pytest.approx(other["estimate"], rel=1e-7)
        assert mine.se == pytest.approx(other["se"], rel=1e-6)
        assert mine.df == pytest.approx(other["df"], rel=1e-4)
    for spread, other in zip(ours.spreads, theirs["varcomp"], strict=True):
        assert spread.variance == pytest.approx(other["variance"], rel=2e-6)
        if other["sd"] is not None:
            assert spread.sd == pytest.approx(other["sd"], rel=2e-6)


@pytest.mark.skipif(
    "ANELLO_REFERENCE_DATA" not in os.environ,
    reason="ANELLO_REFERENCE_DATA does not name the folder with the rows",
)
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_rows_and_stored_moments_agree(example: Example):
    stored, design = read(example)
    fresh, _ = raw(example, Path(os.environ["ANELLO_REFERENCE_DATA"]))
    assert fresh.groups.tolist() == stored.groups.tolist()
    size = np.sqrt(np.diag(stored.total))
    scale = np.outer(size, size)
    assert np.abs(fresh.shifted(stored.shift).total - stored.total).max() <= 1e-12 * scale.max()
    assert fit(fresh, design).loglik == pytest.approx(fit(stored, design).loglik, rel=1e-12)
