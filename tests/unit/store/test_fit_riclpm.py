"""`anello fit riclpm` and `anello fit invariance` from files: what comes out, what is refused."""

import json

import numpy as np
import pytest

from anello.model.disclosure import Disclosure
from anello.model.errors import ModelError, SourceError
from anello.stats.sem.panel_models import dynamic_panel
from anello.store.files import open_file
from anello.store.fit_invariance import fit_invariance
from anello.store.fit_riclpm import fit_riclpm
from anello.store.fit_sem import fit_sem
from anello.store.sem_sums import Columns, cluster_sums, opened

WAVES = (2021, 2022, 2023, 2024)


def panel(units: int = 400, lead: float = 0.0, seed: int = 1) -> np.ndarray:
    """Return units x waves x 2: stable differences that go together, inertia .3, a lead."""
    rng = np.random.default_rng(seed)
    stable = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], units)
    inside, found = rng.normal(size=(units, 2)), []
    for _ in WAVES:
        found.append(stable + inside)
        inside = inside @ np.array([[0.3, lead], [0.0, 0.3]]) + rng.normal(size=(units, 2))
    return np.array(found).transpose(1, 0, 2)


def long_file(folder, found: np.ndarray, drop=()) -> str:
    lines = ["shop,year,staff mood,guests"]
    for j, unit in enumerate(found):
        for wave, (x, y) in zip(WAVES, unit, strict=True):
            if (j, wave) not in drop:
                lines.append(f"s{j},{wave},{x!r},{y!r}")
    path = folder / "long.csv"
    path.write_text("\n".join(lines).replace("np.float64(", "").replace(")", ""))
    return str(path)


def lag(answer, name: str):
    return next(row for row in answer["lags"] if row["lag"] == name)


def test_a_lead_is_found_in_its_direction_by_both_models_that_take_out_what_is_stable(tmp_path):
    path = long_file(tmp_path, panel(800, lead=0.4))
    for model in ("riclpm", "dpm"):
        answer = fit_riclpm('"staff mood" guests', path, unit="shop", wave="year", model=model)
        json.dumps(answer, allow_nan=False)
        assert answer["converged"]
        assert (answer["names"], answer["n"]) == ({"x": "staff mood", "y": "guests"}, 800)
        assert answer["waves"] == ["2021", "2022", "2023", "2024"]
        assert lag(answer, "x_to_y")["low"] > 0.2
        assert lag(answer, "y_to_x")["low"] < 0 < lag(answer, "y_to_x")["high"]
        assert lag(answer, "difference")["low"] > 0.2


def test_stable_differences_alone_are_a_loop_to_the_clpm_only_and_it_says_so(tmp_path):
    path = long_file(tmp_path, panel())
    options = {"unit": "shop", "wave": "year"}
    loop = fit_riclpm('"staff mood" guests', path, model="clpm", **options)
    assert lag(loop, "x_to_y")["low"] > 0 < lag(loop, "y_to_x")["low"]
    assert any("cannot separate stable differences" in note for note in loop["notes"])
    for model in ("riclpm", "dpm"):
        found = fit_riclpm('"staff mood" guests', path, model=model, **options)
        for name in ("x_to_y", "y_to_x"):
            assert lag(found, name)["low"] < 0 < lag(found, name)["high"]


def test_wide_rows_give_the_same_and_free_lags_have_a_difference_for_each_wave(tmp_path):
    found = panel(300)
    path = long_file(tmp_path, found)
    wide = tmp_path / "wide.csv"
    names = [f"staff {w}" for w in WAVES] + [f"g{w}" for w in WAVES]
    rows = np.hstack([found[:, :, 0], found[:, :, 1]])
    lines = [",".join(repr(float(v)) for v in row) for row in rows]
    wide.write_text(",".join(names) + "\n" + "\n".join(lines))
    said = " ".join(f'"{n}"' for n in names[:4]) + "; " + " ".join(names[4:])
    first = fit_riclpm('"staff mood" guests', path, unit="shop", wave="year", equal=False)
    other = fit_riclpm(said, str(wide), equal=False)
    assert other["fit"]["loglik"] == pytest.approx(first["fit"]["loglik"], rel=1e-9)
    names = [row["lag"] for row in first["lags"] if row["lag"].startswith("difference")]
    assert names == ["difference2", "difference3", "difference4"]


def test_missing_waves_are_kept_and_robust_errors_are_offered(tmp_path):
    drop = {(j, 2022) for j in range(0, 300, 4)} | {(j, 2024) for j in range(1, 300, 5)}
    path = long_file(tmp_path, panel(300), drop)
    options = {"unit": "shop", "wave": "year"}
    answer = fit_riclpm('"staff mood" guests', path, **options)
    robust = fit_riclpm('"staff mood" guests', path, estimator="MLR", **options)
    assert (answer["n"], answer["converged"]) == (300, True)
    assert robust["fit"]["chisq_scaled"] is not None
    assert lag(robust, "x_to_y")["estimate"] == pytest.approx(lag(answer, "x_to_y")["estimate"])


@pytest.mark.parametrize(
    ("measures", "options", "error", "said"),
    [
        ("guests", {"unit": "shop", "wave": "year"}, ModelError, "Name two measures"),
        ("guests mood", {"unit": "shop", "wave": "year"}, SourceError, "no column 'mood'"),
        ("guests shop", {"unit": "year", "wave": "guests"}, SourceError, "holds text"),
        ("guests year", {"unit": "shop"}, ModelError, "both columns"),
        ("guests year", {}, ModelError, "wave by wave"),
        ("guests; year shop", {}, ModelError, "same waves: one has 1, the other 2"),
        ('guests "staff mood"', {"model": "arts"}, ModelError, "riclpm, clpm or dpm"),
        ('guests "staff mood"', {"estimator": "MLM"}, ModelError, "MLM needs complete"),
    ],
)
def test_what_cannot_be_fitted_is_one_sentence(tmp_path, measures, options, error, said):
    with pytest.raises(error, match=said):
        fit_riclpm(measures, long_file(tmp_path, panel(20)), **options)


def test_two_waves_and_two_rows_of_a_unit_in_a_wave_are_refused(tmp_path):
    drop = {(j, wave) for j in range(60) for wave in (2023, 2024)}
    path = long_file(tmp_path, panel(60), drop)
    options = {"unit": "shop", "wave": "year"}
    with pytest.raises(ModelError, match="at least three waves and there are 2"):
        fit_riclpm('"staff mood" guests', path, **options)
    with open(path, "a") as file:
        file.write("\ns0,2021,1.5,2.5")
    with pytest.raises(SourceError, match="s0 has 2 rows in wave 2021"):
        fit_riclpm('"staff mood" guests', path, **options)


def test_a_dynamic_panel_of_one_direction_lets_earlier_shocks_go_with_later_causes():
    text = dynamic_panel(("x1", "x2", "x3", "x4"), ("y1", "y2", "y3", "y4"), both=False)
    assert "y2 ~~ y2 + x3" in text.splitlines()
    assert "x4" not in text
    with pytest.raises(ModelError, match="four with free lags"):
        dynamic_panel(("x1", "x2", "x3"), ("y1", "y2", "y3"), equal=False)


def groups_file(folder, load: float, shift: float) -> str:
    rng = np.random.default_rng(9)
    lines = ["a,b,c,d,site"]
    for site in ("north", "south"):
        other = site == "south"
        f = rng.normal(size=400)
        loads = (1, 0.9, load if other else 0.9, 1.1)
        for row in np.array([v * f + 0.6 * rng.normal(size=400) for v in loads]).T:
            row[1] += shift if other else 0
            lines.append(",".join(repr(float(v)) for v in row) + f",{site}")
    path = folder / "groups.csv"
    path.write_text("\n".join(lines))
    return str(path)


def test_the_verdict_on_groups_says_what_may_be_compared(tmp_path):
    text = "f =~ a + b + c + d"
    alike = fit_invariance(text, groups_file(tmp_path, 0.9, 0), group="site")
    json.dumps(alike, allow_nan=False)
    assert [s["name"] for s in alike["steps"]] == ["configural", "metric", "scalar", "strict"]
    assert [s["delta_df"] for s in alike["steps"]] == [0, 3, 3, 4]
    assert "means, also of single sums, may be compared" in alike["verdict"]
    moved = fit_invariance(text, groups_file(tmp_path, 0.9, 0.8), group="site", estimator="MLR")
    assert [s["holds"] for s in moved["steps"]] == [True, True, False, False]
    assert "means must not" in moved["verdict"]
    other = fit_invariance(text, groups_file(tmp_path, 0.1, 0), group="site", missing="fiml")
    assert "neither links nor means" in other["verdict"]


def test_a_model_without_latent_variables_has_nothing_to_compare(tmp_path):
    with pytest.raises(ModelError, match="measures no latent variable"):
        fit_invariance("a ~ b", groups_file(tmp_path, 0.9, 0), group="site")


def test_clusters_with_gaps_have_robust_errors(tmp_path):
    rng = np.random.default_rng(3)
    g = np.arange(300) // 6
    u = rng.normal(size=50)[g]
    rows = [f"{g[i]},{u[i] + rng.normal()!r},{0.5 * u[i] + rng.normal()!r}" for i in range(300)]
    rows = [r if i % 7 else ",".join(r.split(",")[:2]) + "," for i, r in enumerate(rows)]
    path = tmp_path / "gaps.csv"
    path.write_text("g,a,b\n" + "\n".join(rows).replace("np.float64(", "").replace(")", ""))
    text = "level: 1\n b ~ a\nlevel: 2\n b ~ a"
    options = {"cluster": "g", "missing": "fiml", "random_x": True}
    plain = fit_sem(text, str(path), **options)
    robust = fit_sem(text, str(path), estimator="MLR", **options)
    assert robust["n"] == 300
    for one, other in zip(plain["params"], robust["params"], strict=True):
        assert one["estimate"] == pytest.approx(other["estimate"], rel=1e-6, abs=1e-8)
    errors = [(p["se"], q["se"]) for p, q in zip(plain["params"], robust["params"], strict=True)]
    assert any(a and abs(a - b) > 1e-4 for a, b in errors)


def test_a_cluster_of_fewer_than_k_people_never_arrives(tmp_path):
    path = tmp_path / "people.csv"
    rows = [f"{j},{j + i},{i * i + j}" for j, size in enumerate((9, 4, 6, 1)) for i in range(size)]
    path.write_text("g,a,b\n" + "\n".join(rows))
    columns = Columns(("a", "b"), (), "g")
    file = opened(open_file(path), columns)
    every = cluster_sums(file, columns, "", robust=False)
    held = cluster_sums(file, columns, "", robust=False, disclosure=Disclosure(k=5))
    assert sorted(every.sizes) == [1, 4, 6, 9]
    assert sorted(held.sizes) == [6, 9]
    inside = sum(np.var(range(n)) * n for n in (9, 6))
    assert held.pooled[0, 0] == pytest.approx(inside)


@pytest.mark.parametrize(
    ("value", "sentence"), [("", "'guests' is empty in every row"), ("4", "'guests' has the same")]
)
def test_a_column_that_says_nothing_is_named_by_its_own_name(tmp_path, value, sentence):
    rows = "\n".join(f"s{j},{wave},{j % 5},{value}" for j in range(40) for wave in WAVES)
    (tmp_path / "long.csv").write_text(f"shop,year,mood,guests\n{rows}\n", "utf-8")
    with pytest.raises((ModelError, SourceError), match=sentence):
        fit_riclpm("mood guests", str(tmp_path / "long.csv"), unit="shop", wave="year")
