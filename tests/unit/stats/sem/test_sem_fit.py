"""A fitted structural model: exact where it can be worked out by hand."""

import numpy as np
import pytest
from scipy.stats import chi2

from anello.stats.sem.defined import defined
from anello.stats.sem.fit import fit
from anello.stats.sem.invariance import invariance
from anello.stats.sem.language.rows import Wish
from anello.stats.sem.language.syntax import parse
from anello.stats.sem.language.table import table
from anello.stats.sem.likelihood.single import group_sums, single
from anello.stats.sem.likelihood.two_level import ClusterSums, two_level
from anello.stats.sem.modification import modification_indices
from anello.stats.sem.standardise import standardised


def fitted(text: str, columns: dict[str, np.ndarray], estimator: str = "ML", **wish):
    shape = table(parse(text), Wish(**wish))
    names = tuple(columns)
    rows = np.column_stack([columns[n] for n in names]).astype(float)
    sums = group_sums(names, rows, keep=estimator != "ML")
    return fit(shape, single(shape, (sums,), centred=estimator == "MLM"), estimator)


def value(found, name: str) -> tuple[float, float]:
    rows = zip(found.table.rows, found.estimates, found.errors, strict=True)
    return next((e, se) for row, e, se in rows if row.name == name)


def chain(n: int = 200, seed: int = 1) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    m = 0.5 * x + rng.normal(size=n)
    return {"x": x, "m": m, "y": 0.4 * m + 0.2 * x + rng.normal(size=n)}


def items(n: int = 300, seed: int = 2) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    f = rng.normal(size=n)
    return {f"i{k}": 2 + load * f + rng.normal(size=n) for k, load in enumerate((1, 0.8, 1.2, 0.6))}


def test_a_path_model_of_one_outcome_is_a_regression():
    data = chain()
    found = fitted("y ~ m + x", data)
    design = np.column_stack([np.ones(200), data["m"], data["x"]])
    b, rss = np.linalg.lstsq(design, data["y"], rcond=None)[:2]
    s2 = rss[0] / 200
    se = np.sqrt(s2 * np.diag(np.linalg.inv(design.T @ design)))
    assert value(found, "y ~ m") == pytest.approx((b[1], se[1]), rel=1e-9)
    assert value(found, "y ~ x") == pytest.approx((b[2], se[2]), rel=1e-9)
    assert value(found, "y ~~ y") == pytest.approx((s2, s2 * (2 / 200) ** 0.5), rel=1e-9)


def test_a_just_identified_model_has_no_chi2_to_speak_of():
    found = fitted("y ~ m + x\n m ~ x", chain())
    assert (found.fit.df, found.fit.chisq) == (0, 0.0)
    assert np.isnan(found.fit.pvalue)


def test_the_test_of_independence_is_n_log_one_minus_r_squared():
    data = chain()
    found = fitted("x ~~ 0*m", {k: data[k] for k in ("x", "m")})
    r = np.corrcoef(data["x"], data["m"])[0, 1]
    chisq = -200 * np.log(1 - r**2)
    assert found.fit.chisq == pytest.approx(chisq, rel=1e-9)
    assert found.fit.pvalue == pytest.approx(chi2.sf(chisq, 1), rel=1e-6)
    assert found.fit.cfi == pytest.approx(0.0, abs=1e-9)


def test_an_indirect_effect_has_the_error_of_sobel_and_an_interval_by_draws():
    found = fitted("m ~ a*x\n y ~ b*m + c*x\n ab := a*b\n total := ab + c", chain())
    (a, sa), (b, sb) = value(found, "m ~ x"), value(found, "y ~ m")
    ab, total = defined(found)
    assert ab.estimate == pytest.approx(a * b)
    assert ab.se == pytest.approx((a**2 * sb**2 + b**2 * sa**2) ** 0.5, rel=1e-6)
    assert total.estimate == pytest.approx(a * b + value(found, "y ~ x")[0])
    assert ab.drawn_low == pytest.approx(ab.low, abs=0.03)
    assert ab.drawn_low < ab.estimate < ab.drawn_high
    assert defined(found) == (ab, total)


def test_a_linear_and_a_curved_constraint_hold_to_rounding():
    found = fitted("y ~ a*m + b*x\n a == 2*b", chain())
    assert value(found, "y ~ m")[0] == pytest.approx(2 * value(found, "y ~ x")[0], abs=1e-9)
    assert found.fit.df == 1
    found = fitted("y ~ a*m + b*x\n a*b == 0.1", chain())
    assert value(found, "y ~ m")[0] * value(found, "y ~ x")[0] == pytest.approx(0.1, abs=1e-9)


def test_the_standardised_solution_does_not_care_for_units():
    data = items()
    large = {k: 1000 * v + 5e5 for k, v in data.items()}
    both = []
    for columns in (data, large):
        found = fitted("f =~ i0 + i1 + i2 + i3", columns)
        assert found.converged
        std = standardised(found.table, found.structure, list(found.implied), found.estimates)
        both.append([*std, found.fit.chisq, found.fit.cfi])
    assert both[0] == pytest.approx(both[1], rel=1e-6)


def test_a_factor_may_be_scaled_by_its_variance_or_by_an_item():
    one = fitted("f =~ i0 + i1 + i2 + i3", items())
    other = fitted("f =~ NA*i0 + i1 + i2 + i3\n f ~~ 1*f", items())
    assert one.fit.chisq == pytest.approx(other.fit.chisq, abs=1e-8)
    assert one.fit.loglik == pytest.approx(other.fit.loglik, abs=1e-8)


def test_robust_errors_agree_with_normal_ones_on_normal_data_and_not_on_others():
    normal = items(n=20_000)
    plain, robust = (fitted("f =~ i0 + i1 + i2 + i3", normal, e) for e in ("ML", "MLR"))
    assert plain.errors == pytest.approx(robust.errors, rel=0.05)
    assert robust.fit.scaling == pytest.approx(1, abs=0.06)
    heavy = {k: v**3 for k, v in normal.items()}
    plain, robust = (fitted("f =~ i0 + i1 + i2 + i3", heavy, e) for e in ("ML", "MLM"))
    assert value(robust, "i0 ~~ i0")[1] > 2 * value(plain, "i0 ~~ i0")[1]
    assert robust.fit.scaling > 2


def test_a_missing_residual_covariance_tops_the_modification_indices():
    data = items()
    rng = np.random.default_rng(8)
    shared = rng.normal(size=300)
    data |= {"i4": data["i0"] + shared, "i5": data["i1"] + rng.normal(size=300)}
    data["i5"] = data["i5"] + shared
    found = fitted("f =~ i2 + i3 + i4 + i5", data)
    best = modification_indices(found)[0]
    assert {best.lhs, best.rhs} in ({"i4", "i5"}, {"i2", "i3"})
    freed = fitted("f =~ i2 + i3 + i4 + i5\n i4 ~~ i5", data)
    assert found.fit.chisq - freed.fit.chisq == pytest.approx(best.mi, rel=0.25)


def two_clusters(shift: float, estimator: str = "MLR"):
    rng = np.random.default_rng(3)
    cluster = np.repeat(np.arange(40), rng.integers(3, 9, 40))
    x = rng.normal(size=len(cluster)) + shift
    y = 0.5 * x + rng.normal(size=40)[cluster] + rng.normal(size=len(cluster))
    m = 0.7 * y + rng.normal(size=40)[cluster] + rng.normal(size=len(cluster))
    rows = np.column_stack([y, m, x])
    size = np.bincount(cluster).astype(float)
    means = np.array([np.bincount(cluster, c) for c in rows.T]).T / size[:, None]
    off = rows - means[cluster]
    scatter = np.array([off[cluster == j].T @ off[cluster == j] for j in range(40)])
    text = "level: 1\n m ~ y\n y ~ x\nlevel: 2\n m ~~ y"
    shape = table(parse(text), Wish(levels=2))
    sums = ClusterSums(("y", "m", "x"), (), size, means, np.zeros((40, 0)), scatter.sum(0), scatter)
    return fit(shape, two_level(shape, (sums,)), estimator)


def test_robust_errors_do_not_change_when_a_constant_is_added_to_a_covariate():
    near, far = two_clusters(0.0), two_clusters(10.0)
    for name in ("m ~ y", "y ~ x", "y ~~ y"):
        assert value(near, name) == pytest.approx(value(far, name), rel=1e-5)


def test_groups_that_answer_alike_keep_their_cfi_and_others_lose_it():
    rng = np.random.default_rng(4)

    def steps(load: float):
        f = rng.normal(size=(2, 500))
        groups = []
        for g in range(2):
            loads = (1, 0.9, load if g else 0.9, 1.1)
            rows = [2 + a * f[g] + 0.7 * rng.normal(size=500) for a in loads]
            groups.append(group_sums(("a", "b", "c", "d"), np.column_stack(rows)))
        syntax = parse("f =~ a + b + c + d")
        return invariance(syntax, Wish(groups=2), lambda shape: single(shape, tuple(groups)))

    assert [s.holds for s in steps(0.9)] == [True, True, True, True]
    configural, metric, scalar, strict = steps(0.2)
    assert (configural.holds, metric.holds, scalar.holds) == (True, False, False)
    assert (strict.name, strict.holds, strict.delta_df) == ("strict", False, 4)
    assert metric.delta_rmsea > 0
    assert metric.delta_df == 3
    assert metric.delta_cfi < -0.01
