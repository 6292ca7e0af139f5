"""Several groups, weights, Kenward-Roger, CR2, profiles and BLUPs against R (see several.R)."""

import json
from pathlib import Path
from typing import Any

import pytest
from several_rows import write

from anello.store.fit_lmm import fit_lmm

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = json.loads((HERE / "several.json").read_text())["cases"]


def name(case: dict[str, Any]) -> str:
    method = "REML" if case["reml"] else "ML"
    return f"{case['data']}: {case['formula']} {method} {case.get('weights') or ''}".strip()


def of(kind: str) -> list[Any]:
    return [pytest.param(case, id=name(case)) for case in CASES if case.get(kind)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("several")


def fitted(case: dict[str, Any], folder: Path, **said: Any) -> dict[str, Any]:
    path = write(case["data"], folder)
    weights = case.get("weights") or None
    return fit_lmm(case["formula"], str(path), ml=not case["reml"], weights=weights, **said)


def grouped(group: str, case: dict[str, Any]) -> str:
    """Return lme4's name of a group; where two terms share one, R turns its colons into dots."""
    plain = {g.replace(":", "."): g for g in case["groups"]}
    stem, _, times = group.rpartition(".")
    return f"{plain[stem]}.{times}" if times.isdigit() else plain.get(group, group)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("case", of("loglik"))
def test_the_fit_is_that_of_lme4_or_better(case, folder):
    ours = fitted(case, folder, blups=True)
    assert ours["converged"] is True
    assert ours["n"] == case["n"]
    assert ours["groups"] == case["groups"]
    assert list(ours["groups"]) == list(case["groups"])
    assert ours["loglik"] >= case["loglik"] - 1e-9 * abs(case["loglik"])
    assert ours["loglik"] == pytest.approx(case["loglik"], rel=1e-7)
    assert ours["aic"] == pytest.approx(case["aic"], rel=1e-7)
    assert ours["bic"] == pytest.approx(case["bic"], rel=1e-7)
    assert ours["sigma"] == pytest.approx(case["sigma"], rel=2e-6)


@pytest.mark.parametrize("case", of("term"))
def test_fixed_effects_are_those_of_lmertest(case, folder):
    ours = fitted(case, folder)
    assert [row["term"] for row in ours["fixed"]] == listed(case["term"])
    rows = zip(
        ours["fixed"], *(listed(case[k]) for k in ("estimate", "se", "df", "p")), strict=True
    )
    for mine, estimate, se, df, p in rows:
        assert mine["estimate"] == pytest.approx(estimate, rel=1e-5, abs=1e-5 * se)
        assert mine["se"] == pytest.approx(se, rel=2e-6)
        assert mine["df"] == pytest.approx(df, rel=1e-4)
        assert mine["p"] == pytest.approx(p, rel=1e-3, abs=1e-9)


@pytest.mark.parametrize("case", of("varcomp"))
def test_variance_components_are_those_of_lme4(case, folder):
    ours = fitted(case, folder)
    assert ours["singular"] == case["singular"]
    size = case["sigma"] ** 2
    for mine, other in zip(ours["varcomp"], case["varcomp"], strict=True):
        assert (mine["group"], mine["var1"], mine["var2"]) == (
            grouped(other["grp"], case),
            other.get("var1"),
            other.get("var2"),
        )
        assert mine["variance"] == pytest.approx(other["vcov"], rel=5e-6, abs=1e-6 * size)
        if mine["corr"] is not None and other.get("sdcor") is not None:
            assert mine["corr"] == pytest.approx(other["sdcor"], abs=1e-4)


@pytest.mark.parametrize("case", of("kr_se"))
def test_kenward_roger_is_that_of_pbkrtest(case, folder):
    ours = fitted(case, folder, df="kr")
    rows = zip(ours["fixed"], listed(case["kr_se"]), listed(case["kr_df"]), strict=True)
    for mine, se, df in rows:
        assert mine["se"] == pytest.approx(se, rel=1e-5)
        assert mine["df"] == pytest.approx(df, rel=1e-5)


@pytest.mark.parametrize("case", of("cr2_se"))
def test_robust_errors_are_those_of_clubsandwich(case, folder):
    ours = fitted(case, folder, robust="CR2")
    rows = zip(ours["fixed"], listed(case["cr2_se"]), listed(case["cr2_df"]), strict=True)
    for mine, se, df in rows:
        assert mine["se"] == pytest.approx(se, rel=1e-5)
        assert mine["df"] == pytest.approx(df, rel=1e-5)


@pytest.mark.parametrize("case", of("profile"))
def test_profile_intervals_are_those_of_lme4_up_to_its_interpolation(case, folder):
    ours = fitted(case, folder, ci="profile")
    mine = {row["term"]: row for row in ours["fixed"]}
    for row in ours["varcomp"]:
        kind = "cor" if row["var2"] else "sd"
        inside = f"{row['var2']}.{row['var1']}" if row["var2"] else row["var1"]
        key = "sigma" if row["group"] == "Residual" else f"{kind}_{inside}|{row['group']}"
        mine[key] = row
    assert set(mine) == {row["name"] for row in case["profile"]}
    for other in case["profile"]:
        for end in ("low", "high"):
            assert mine[other["name"]][end] == pytest.approx(other[end], rel=3e-4, abs=3e-4)


@pytest.mark.parametrize("case", of("blups"))
def test_shrunken_effects_and_their_spread_are_those_of_lme4(case, folder):
    ours = fitted(case, folder, blups=True)
    mine = {(b["group"].split(".")[0], b["level"], b["term"]): b for b in ours["blups"]}
    for other in case["blups"]:
        found = mine[other["group"], str(other["level"]), other["term"]]
        assert found["value"] == pytest.approx(other["value"], rel=1e-4, abs=2e-5 * case["sigma"])
        assert found["sd"] == pytest.approx(other["sd"], rel=1e-4, abs=2e-4 * case["sigma"])


@pytest.mark.parametrize("case", of("prediction"))
def test_predictions_of_known_rows_are_those_of_lme4(case, folder):
    path = write(case["data"], folder)
    lines = path.read_text().splitlines()
    new = folder / "new.csv"
    new.write_text("\n".join([lines[0], lines[1], lines[2], lines[-1]]) + "\n")
    ours = fitted(case, folder, predict=str(new))
    assert ours["predictions"] == pytest.approx(
        case["prediction"], rel=1e-5, abs=2e-5 * case["sigma"]
    )


@pytest.mark.parametrize(
    ("formula", "factor"),
    [
        ("high ~ far + (1 | unit) + (1 | rater)", 1.0),
        ("tiny ~ x + (1 | unit) + (1 | rater)", 1e-6),
    ],
    ids=["a million added to both", "measured in millionths"],
)
@pytest.mark.parametrize("df", ["satterthwaite", "kr"])
def test_neither_an_offset_nor_a_scale_changes_what_is_found(formula, factor, df, folder):
    path = str(write("few", folder))
    plain = fit_lmm("y ~ x + (1 | unit) + (1 | rater)", path, df=df)
    moved = fit_lmm(formula, path, df=df)
    one, other = plain["fixed"][1], moved["fixed"][1]
    assert other["estimate"] == pytest.approx(one["estimate"] * factor, rel=1e-5)
    assert other["se"] == pytest.approx(one["se"] * factor, rel=1e-5)
    assert other["df"] == pytest.approx(one["df"], rel=1e-4)
    assert moved["sigma"] == pytest.approx(plain["sigma"] * factor, rel=1e-5)
    assert [v["variance"] > 0 for v in moved["varcomp"]] == [True, False, True]
