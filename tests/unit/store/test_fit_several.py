"""`anello fit lmm` with several groups and options: what it refuses, and what must not matter."""

import json
from pathlib import Path

import pytest

from anello.model.errors import AnelloError, ModelError
from anello.store.fit_lmm import fit_lmm

# Six shops by four weeks, two rows in each: shop and week effects are whole numbers.
SHOPS, WEEKS = (1, 4, 2, 7, 3, 6), (0, 2, 1, 5)
HEAD = "shop,week,x,same,twice,none,weight,score\n"


def rows(weight: str = "1") -> str:
    lines = []
    for i, shop in enumerate(SHOPS):
        for j, week in enumerate(WEEKS):
            for k in (0, 1):
                x = (3 * i + 5 * j + 7 * k) % 11
                score = shop + week + 0.5 * x + ((i * 7 + j * 3 + k * 5) % 6 - 2.5) / 3
                lines.append(f"s{i},{j},{x},1,{2 * x + 3},,{weight},{score:.4f}")
    return HEAD + "\n".join(lines) + "\n"


@pytest.fixture
def path(tmp_path: Path) -> str:
    where = tmp_path / "rows.csv"
    where.write_text(rows())
    return str(where)


def test_the_answer_is_json_and_groups_are_counted(path):
    found = fit_lmm("score ~ x + (1 | shop) + (1 | week)", path, df="kr", blups=True)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["groups"] == {"shop": 6, "week": 4}
    assert [b["level"] for b in found["blups"]] == [*(f"s{i}" for i in range(6)), *"0123"]


def test_the_short_and_the_long_way_fit_the_same_model(path):
    short = fit_lmm("score ~ x + (1 | shop)", path)
    long = fit_lmm("score ~ x + (1 | shop)", path, blups=True)
    assert list(short["fixed"][0]) == list(long["fixed"][0])
    for key in ("loglik", "aic", "bic", "sigma", "criterion"):
        assert long[key] == pytest.approx(short[key], rel=1e-10)
    for one, other in zip(short["fixed"], long["fixed"], strict=True):
        for key in ("estimate", "se", "df", "t", "p", "low", "high"):
            assert other[key] == pytest.approx(one[key], rel=1e-5)


def test_equal_weights_change_the_residual_variance_and_nothing_else(tmp_path, path):
    (tmp_path / "four.csv").write_text(rows("4"))
    formula = "score ~ x + (1 | shop) + (1 | week)"
    plain = fit_lmm(formula, path)
    heavy = fit_lmm(formula, str(tmp_path / "four.csv"), weights="weight")
    assert heavy["loglik"] == pytest.approx(plain["loglik"], rel=1e-10)
    assert heavy["sigma"] == pytest.approx(2 * plain["sigma"], rel=1e-8)
    assert heavy["varcomp"][0]["variance"] == pytest.approx(plain["varcomp"][0]["variance"])


def test_new_levels_add_nothing_and_missing_values_predict_nothing(tmp_path, path):
    new = tmp_path / "new.csv"
    new.write_text("shop,week,x\ns1,0,2\nnever,0,2\nnever,9,2\ns1,0,\n")
    formula = "score ~ x + (1 | shop) + (1 | week)"
    found = fit_lmm(formula, path, predict=str(new), blups=True)
    effect = {(b["group"], b["level"]): b["value"] for b in found["blups"]}
    mean = found["fixed"][0]["estimate"] + 2 * found["fixed"][1]["estimate"]
    shop, week = effect["shop", "s1"], effect["week", "0"]
    assert found["predictions"] == [
        pytest.approx(mean + shop + week), pytest.approx(mean + week), pytest.approx(mean), None
    ]  # fmt: skip


@pytest.mark.parametrize("bad", ["0", "-1", "", "inf"])
def test_a_weight_that_is_none_is_refused(tmp_path, bad):
    text = rows().replace("s0,0,0,1,3,,1,", f"s0,0,0,1,3,,{bad},")
    (tmp_path / "rows.csv").write_text(text)
    with pytest.raises(ModelError, match="in 1 rows; every row needs a weight above zero"):
        fit_lmm("score ~ x + (1 | shop)", str(tmp_path / "rows.csv"), weights="weight")


@pytest.mark.parametrize(
    ("formula", "options", "words"),
    [
        ("score ~ x + same + (1 | shop) + (1 | week)", {}, "same has the same value in every row"),
        ("score ~ x + twice + (1 | shop) + (1 | week)", {}, "twice repeats what the terms before"),
        ("score ~ none + (1 | shop) + (1 | week)", {}, "'none' holds no value in any row"),
        ("score ~ x + (1 | shop) + (1 | same)", {}, "'same' has a single level"),
        ("score ~ x + (1 | shop:week) + (x | shop:week)", {}, "48 rows are too few for 2 varying"),
        ("score ~ x + (1 | shop) + (1 | weak)", {}, "did you mean 'week'"),
        ("score ~ x + (1 | shop) + (1 | week)", {"robust": "CR2"}, "these groups cross"),
        ("score ~ x + (1 | shop)", {"df": "kr", "ml": True}, "need REML"),
        ("score ~ x + (1 | shop)", {"df": "wald"}, "df knows satterthwaite, kr, none"),
        ("score ~ x + (1 | shop)", {"ci": "boot"}, "ci knows wald, profile"),
        ("score ~ x + (1 | shop)", {"robust": "CR3"}, "robust knows CR2"),
        ("score ~ x + (1 | shop)", {"robust": "CR2", "weights": "weight"}, "do not go with"),
        ("score ~ x + (1 | shop)", {"weights": "shop"}, "'shop' are not numbers"),
        ("score ~ x + (1 | shop)", {"weights": "wait"}, "no column 'wait' of weights"),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_one_sentence(path, formula, options, words):
    with pytest.raises(AnelloError) as found:
        fit_lmm(formula, path, **options)
    assert words in str(found.value)
    assert found.value.text("it") != str(found.value)


def test_without_degrees_of_freedom_there_is_no_p(path):
    (row, _) = fit_lmm("score ~ x + (1 | shop)", path, df="none")["fixed"]
    assert (row["df"], row["p"], row["low"], row["high"]) == (None, None, None, None)
    assert row["se"] > 0
