"""Our fits beside lme4, ordinal and glmmTMB, each driven on by Newton steps until it rested."""

import json
from pathlib import Path

import make_discrete_rows
import pytest

from anello.store.fit_glmm import fit_glmm

CASES = [
    case
    for by in ("lme4", "ordinal", "glmmTMB")
    for case in json.loads((Path(__file__).parent / f"{by}.json").read_text("utf-8"))
]
NAMES = [f"{i}: {c['by']} {c['formula']} {c['options']}" for i, c in enumerate(CASES)]


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    return str(make_discrete_rows.write(tmp_path_factory.mktemp("rows")))


def ours(case, rows):
    options = {k: v for k, v in case["options"].items() if not isinstance(v, dict)}
    if options.get("family") == "ordinal":
        options["order"] = make_discrete_rows.MOODS
    return fit_glmm(case["formula"], rows, **options)


def close(found, wanted, tolerance, scale=None):
    scale = scale or [max(abs(w), 1e-3) for w in wanted]
    for one, other, size in zip(found, wanted, scale, strict=True):
        assert abs(one - other) <= tolerance * size, (one, other)


def listed(value):
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_other_software_finds_the_same(case, rows):
    found = ours(case, rows)
    crude = case["gradient"] > 2e-4
    loose = 100 if crude else 1
    assert found["converged"]
    assert found["gradient"] < 1e-4
    assert found["loglik"] == pytest.approx(case["loglik"], rel=1e-8 if not crude else 1e-7)
    by_name = {row["term"]: row for row in found["fixed"]}
    mine = [by_name[name] for name in listed(case["names"])]
    se = listed(case["se"])
    close([row["estimate"] for row in mine], listed(case["fixed"]), loose * 1e-5, scale=se)
    close([row["se"] for row in mine], se, loose * 1e-5)
    if "thresholds" in case:
        tops, se_tops = found["thresholds"], case["se_thresholds"]
        close([row["estimate"] for row in tops], case["thresholds"], loose * 1e-5, scale=se_tops)
        close([row["se"] for row in tops], se_tops, loose * 1e-5)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_other_software_finds_the_same_spreads(case, rows):
    found = ours(case, rows)["varcomp"]
    loose = 1e-3 if case["gradient"] > 2e-4 else 2e-5
    if "sds" in case:
        sds = sorted(row["sd"] for row in found if row["sd"] is not None)
        close(sds, sorted(listed(case["sds"])), loose)
        return
    mine = {(r["group"].removesuffix(".1"), r["name1"], r["name2"]): r["variance"] for r in found}
    assert len(mine) == len(case["varcomp"])
    for cell in case["varcomp"]:
        value = mine[cell["group"], cell["name1"], cell.get("name2") or None]
        assert abs(value - cell["variance"]) <= loose * max(abs(cell["variance"]), 0.01), cell
