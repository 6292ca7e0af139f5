"""Our numbers against lavaan's on many kinds of models (varied.R, varied_models.R).

One level: estimates to a five-thousandth of their standard error or five digits, errors and
indices to five digits. On two levels lavaan's search and its EM steps for the unrestricted model
stop earlier, so that less is asked there; the log-likelihood must never be lower than lavaan's.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from anello.store.fit_sem import fit_sem

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = json.loads((HERE / "varied.json").read_text())["cases"]
OPTIONS = ("cluster", "missing", "estimator", "group", "random_x")
LEVELS = {"within": 1, "between": 2}
NAMES = {
    "rmsea.ci.lower": "rmsea_low",
    "rmsea.ci.upper": "rmsea_high",
    "rmsea.ci.lower.scaled": "rmsea_low_scaled",
    "rmsea.ci.upper.scaled": "rmsea_high_scaled",
    "rmsea.ci.lower.robust": "rmsea_low_robust",
    "rmsea.ci.upper.robust": "rmsea_high_robust",
    "chisq.scaling.factor": "scaling",
    "baseline.chisq.scaling.factor": "baseline_scaling",
    "logl": "loglik",
}


def named(case: dict[str, Any]) -> str:
    options = " ".join(f"{k}={case[k]}" for k in (*OPTIONS, "equal") if k in case)
    return f"{case['data']} {case['model'][:60]} {options}".replace("\n", ";")


@pytest.fixture(scope="module", params=CASES, ids=named)
def pair(request: pytest.FixtureRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    theirs = request.param
    equal = theirs.get("equal", [])
    equal = (equal,) if isinstance(equal, str) else tuple(equal)
    path = HERE / f"varied_{theirs['data']}.csv"
    options = {k: theirs[k] for k in OPTIONS if k in theirs}
    return fit_sem(theirs["model"], str(path), kind=theirs["kind"], equal=equal, **options), theirs


def slack(pair) -> float:
    """Return by how much less is asked: 100 times where lavaan stopped below the maximum."""
    ours, theirs = pair
    behind = ours["fit"]["loglik"] - theirs["fit"]["logl"] > 5e-5
    return 100.0 if behind and not two(theirs) else 1.0


def two(theirs: dict[str, Any]) -> bool:
    return "cluster" in theirs


def rows(pair):
    ours, theirs = pair
    found = {(p["lhs"], p["op"], p["rhs"], p["level"], p["group"]): p for p in ours["params"]}
    for lhs, op, rhs, level, group, _, est, se, std in theirs["params"]:
        if op not in ("==", "<", ">"):
            level = LEVELS.get(level, level)
            key = (lhs, op, rhs, level, group)
            key = key if key in found else (rhs, op, lhs, level, group)
            if key not in found and est == 0 and not se:
                continue  # lavaan lists variances that the text leaves out
            yield found[key], est, se, std


def test_there_are_enough_kinds_of_models():
    assert len(CASES) >= 60


def test_the_log_likelihood_is_never_lower(pair):
    ours, theirs = pair
    assert ours["converged"] is True
    assert ours["n"] == theirs["n"]
    assert ours["fit"]["loglik"] >= theirs["fit"]["logl"] - 1e-6


def test_every_estimate_agrees(pair):
    share = 5e-3 if two(pair[1]) else 2e-4
    for mine, est, se, _ in rows(pair):
        if est is not None:
            near = slack(pair) * max(1e-5 * abs(est), share * (se or 0), 2e-6)
            if se == 0 and two(pair[1]):
                near = 5e-3 * max(abs(est), 0.1)  # moments of given variables come from EM there
            assert mine["estimate"] == pytest.approx(est, abs=near), (mine, est)


def test_every_standard_error_agrees(pair):
    tolerance = 5e-4 if two(pair[1]) else 3e-5 * slack(pair)
    for mine, _, se, _ in rows(pair):
        if se:
            assert mine["se"] == pytest.approx(se, rel=tolerance), (mine, se)


def test_every_standardised_estimate_agrees(pair):
    tolerance = 5e-3 if two(pair[1]) else 2e-4 * slack(pair)
    for mine, _, _, std in rows(pair):
        if std is not None and mine["std"] is not None:
            assert mine["std"] == pytest.approx(std, rel=tolerance, abs=tolerance), (mine, std)


def test_every_index_agrees(pair):
    ours, theirs = pair
    tolerance = 2e-3 if two(theirs) else 2e-5 * slack(pair)
    lost = theirs["fit"].get("baseline.chisq") is None  # lavaan's baseline did not converge
    for name, other in theirs["fit"].items():
        mine = ours["fit"][NAMES.get(name, name.replace(".", "_"))]
        if other is None:
            assert lost or mine is None, name
        else:
            assert mine == pytest.approx(other, rel=tolerance, abs=tolerance), name
