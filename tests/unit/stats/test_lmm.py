"""The mixed model: exact where it can be worked out by hand, careful where data cannot carry it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anello.model.errors import ModelError
from anello.stats.mixed.design import Kind, design
from anello.stats.mixed.formula import parse
from anello.stats.mixed.lmm import fit
from anello.stats.mixed.lmm_likelihood import point
from anello.stats.mixed.lmm_optimise import canonical, optimise
from anello.stats.mixed.lmm_scale import scaled
from anello.stats.moments import Moments

KINDS = dict.fromkeys(("y", "x", "z", "g"), Kind.NUMBER)


def _design(formula: str):
    return design(parse(formula), KINDS, {})


def _moments(formula: str, rows: dict[str, np.ndarray], shift: float = 0.0) -> Moments:
    found = _design(formula)
    columns = [np.ones(len(rows["g"])), *(rows[c.name] for c in found.columns[1:])]
    shifts = np.array([0.0, *[shift] * (len(columns) - 1)])
    v = np.array(columns) - shifts[:, None]
    groups, place = np.unique(rows["g"], return_inverse=True)
    r = len(dict.fromkeys(("(Intercept)", *(c.name for c in found.varying))))
    by_group = np.zeros((r, len(v), len(groups)))
    for j in range(len(groups)):
        inside = v[:, place == j]
        by_group[:, :, j] = inside[:r] @ inside.T
    names = tuple(c.name for c in found.columns)
    return Moments(names, shifts, groups, by_group, v @ v.T)


def _rows(seed: int, groups: int = 12, size: int = 8) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    g = np.repeat(np.arange(groups), size)
    x, z = rng.normal(size=g.size), rng.normal(size=g.size)
    b0, b1 = rng.normal(size=groups), 0.4 * rng.normal(size=groups)
    y = 2 + x - z + b0[g] + b1[g] * x + rng.normal(size=g.size)
    return {"g": g, "x": x, "z": z, "y": y}


def _dense_deviance(
    formula: str, rows: dict[str, np.ndarray], g: np.ndarray, s2: float, reml: bool
):
    """The deviance from the full n x n covariance matrix, as textbooks write it."""
    found = _design(formula)
    n = len(rows["g"])
    column = {"(Intercept)": np.ones(n), **rows}
    x = np.array([column[c.name] for c in found.fixed]).T
    z = np.array([column[c.name] for c in found.varying]).T
    same = rows["g"][:, None] == rows["g"][None]
    v = same * (z @ g @ z.T) + s2 * np.eye(n)
    inverse = np.linalg.inv(v)
    xvx = x.T @ inverse @ x
    left = rows["y"] - x @ np.linalg.solve(xvx, x.T @ inverse @ rows["y"])
    value = np.linalg.slogdet(v)[1] + left @ inverse @ left + n * np.log(2 * np.pi)
    if reml:
        value += np.linalg.slogdet(xvx)[1] - x.shape[1] * np.log(2 * np.pi)
    return value


def test_four_balanced_groups_by_hand():
    # y = 1 3 | 2 4 | 5 7 | 8 10: MSB = 22.66667 (group means 2 3 6 9), MSW = 2.
    rows = {"g": np.repeat([1, 2, 3, 4], 2), "y": np.array([1.0, 3, 2, 4, 5, 7, 8, 10])}
    model = fit(_moments("y ~ 1 + (1|g)", rows), _design("y ~ 1 + (1|g)"))
    (mean,), (between, residual) = model.effects, model.spreads
    assert mean.estimate == pytest.approx(5)
    assert residual.variance == pytest.approx(2)
    assert between.variance == pytest.approx((20 - 2) / 2)
    assert mean.se == pytest.approx((20 / 8) ** 0.5)
    assert mean.df == pytest.approx(3)


@pytest.mark.parametrize("ml", [False, True])
@pytest.mark.parametrize(
    "formula",
    ["y ~ x + z + (1|g)", "y ~ x + z + (x|g)", "y ~ x + (z||g)", "y ~ 0 + x + (0 + x|g)",
     "y ~ z + (x + z|g)"],
)  # fmt: skip
def test_the_likelihood_is_that_of_the_full_covariance_matrix(formula, ml):
    rows = _rows(3)
    model = fit(_moments(formula, rows), _design(formula), ml=ml)
    names = [c.name for c in _design(formula).varying]
    g = np.zeros((len(names), len(names)))
    for spread in model.spreads[:-1]:
        i, j = names.index(spread.var1), names.index(spread.var2 or spread.var1)
        g[i, j] = g[j, i] = spread.variance
    full = _dense_deviance(formula, rows, g, model.spreads[-1].variance, not ml)
    assert -2 * model.loglik == pytest.approx(full, rel=1e-10)


@given(st.integers(0, 10_000), st.sampled_from(["y ~ x + (1|g)", "y ~ x + z + (x|g)",
       "y ~ x + (x + z|g)", "y ~ x + (x||g)", "y ~ 0 + x + (0 + z|g)"]), st.booleans())  # fmt: skip
@settings(deadline=None, max_examples=30)
def test_the_gradient_is_the_slope_of_the_deviance(seed, formula, reml):
    sums = scaled(_moments(formula, _rows(seed)), _design(formula), reml).sums
    theta = np.random.default_rng(seed).normal(size=len(sums.rows))
    here = point(sums, theta)
    for k in range(len(theta)):
        move = np.zeros(len(theta))
        move[k] = 1e-5
        slope = (point(sums, theta + move).deviance - point(sums, theta - move).deviance) / 2e-5
        assert here.gradient[k] == pytest.approx(slope, rel=1e-5, abs=1e-4)


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=25)
def test_no_other_theta_nearby_is_better(seed):
    formula = "y ~ x + (x|g)"
    sums = scaled(_moments(formula, _rows(seed, groups=6, size=4)), _design(formula), True).sums
    best = optimise(sums)
    assert best.converged
    rng = np.random.default_rng(seed)
    for size in (1e-3, 0.03, 0.3):
        other = point(sums, best.point.theta + size * rng.normal(size=3))
        assert other.deviance >= best.point.deviance - 1e-9


def test_a_large_offset_costs_no_digits_when_a_constant_near_it_was_taken_off():
    formula = "y ~ x + (x|g)"
    rows = {k: np.round(v, 6) for k, v in _rows(5).items()}
    near = fit(_moments(formula, rows), _design(formula))
    moved = _moments(formula, rows)
    moved = replace(moved, shift=np.array([0.0, 1e6, 1e6]))
    far = fit(moved, _design(formula))
    assert far.loglik == pytest.approx(near.loglik, rel=1e-12)
    assert far.effects[1].estimate == pytest.approx(near.effects[1].estimate, rel=1e-10)
    assert far.spreads[1].variance == pytest.approx(near.spreads[1].variance, rel=1e-9)
    back = near.effects[0].estimate + 1e6 - 1e6 * near.effects[1].estimate
    assert far.effects[0].estimate == pytest.approx(back, rel=1e-9)


def test_where_rows_carry_an_offset_the_shift_is_undone_in_the_intercept():
    formula = "y ~ x + (1|g)"
    rows = _rows(5)
    plain = fit(_moments(formula, rows), _design(formula))
    shifted = fit(_moments(formula, rows, shift=7.5), _design(formula))
    for a, b in zip(plain.effects, shifted.effects, strict=True):
        assert (a.estimate, a.se, a.df) == pytest.approx((b.estimate, b.se, b.df), rel=1e-8)


def test_uncorrelated_slopes_are_not_shifted_away():
    formula = "y ~ x + (x||g)"
    rows = _rows(8)
    rows["x"] = rows["x"] + 3
    plain = fit(_moments(formula, rows), _design(formula))
    shifted = fit(_moments(formula, rows, shift=3.0), _design(formula))
    assert shifted.loglik == pytest.approx(plain.loglik, rel=1e-12)
    assert [s.group for s in plain.spreads] == ["g", "g.1", "Residual"]


def test_groups_that_do_not_differ_are_singular_and_fitted_by_plain_regression():
    rows = _rows(1)
    rows["y"] = rows["x"] + np.tile([1.0, -1.0], 48)
    model = fit(_moments("y ~ x + (1|g)", rows), _design("y ~ x + (1|g)"))
    slope = np.polyfit(rows["x"], rows["y"], 1)[0]
    assert model.singular
    assert model.spreads[0].variance == 0
    assert model.effects[1].estimate == pytest.approx(slope)


@pytest.mark.parametrize(
    ("formula", "change", "words"),
    [
        ("y ~ x + z + (1|g)", lambda r: r | {"z": 2 * r["x"] - 5}, "z repeats what the terms"),
        ("y ~ x + z + (1|g)", lambda r: r | {"z": 0 * r["x"] + 7.3}, "z has the same value in"),
        ("y ~ x + (1|g)", lambda r: r | {"y": 0 * r["x"] + 7.3}, "The outcome y has the same"),
        ("y ~ x + (1|g)", lambda r: r | {"g": 0 * r["g"]}, "'g' has a single level"),
        ("y ~ x + (1|g)", lambda r: r | {"g": np.arange(96)}, "96 rows are too few"),
        ("y ~ x + (x + z|g)", lambda r: r | {"g": r["g"] > 5}, "2 groups of 'g' are too few"),
        ("y ~ x + (1|g)", lambda r: r | {"x": r["x"] / 0}, "infinite"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_data_that_cannot_carry_the_model_are_refused_in_one_sentence(formula, change, words):
    with pytest.raises(ModelError, match=words):
        fit(_moments(formula, change(_rows(2))), _design(formula))


@given(st.lists(st.sampled_from([0.0, 0.0, -1.5, 0.7, 2.0]), min_size=6, max_size=6))
def test_a_zero_on_the_diagonal_moves_what_is_below_it_and_no_covariance(theta):
    sums = scaled(_moments("y ~ x + (x + z|g)", _rows(2)), _design("y ~ x + (x + z|g)"), True).sums
    before = sums.factor(np.array(theta))
    after = sums.factor(canonical(sums, np.array(theta)))
    assert after @ after.T == pytest.approx(before @ before.T, abs=1e-12)
    assert (np.diag(after) >= 0).all()
    for j in range(3):
        assert after[j, j] > 0 or not after[j + 1 :, j].any()


@given(
    st.integers(0, 10_000),
    st.sampled_from(["y ~ x + (1|g)", "y ~ x + z + (x|g)", "y ~ x + (x||g)", "y ~ z + (x + z|g)"]),
    st.sampled_from([0.0, 0.05, 3.0, 1000.0]),
    st.sampled_from([1e-3, 1.0, 1e3]),
)
@settings(deadline=None, max_examples=40)
def test_any_size_of_variance_is_found_from_the_same_start(seed, formula, spread, unit):
    rows = _rows(seed, groups=8, size=6)
    slopes = spread * np.random.default_rng(seed).normal(size=8)
    rows["y"] = rows["y"] + slopes[rows["g"]] * rows["x"]
    rows["x"] = rows["x"] * unit
    assert fit(_moments(formula, rows), _design(formula)).converged
