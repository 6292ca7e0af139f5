"""Who leads whom: on stable differences alone the CLPM sees a loop, and the RI-CLPM must not."""

import numpy as np
import pytest

from anello.model.errors import ModelError
from anello.stats.sem.defined import defined
from anello.stats.sem.fit import fit
from anello.stats.sem.language.rows import Wish
from anello.stats.sem.language.syntax import parse
from anello.stats.sem.language.table import table
from anello.stats.sem.likelihood.fiml import fiml, pattern_sums
from anello.stats.sem.likelihood.single import group_sums, single
from anello.stats.sem.panel_models import clpm, dynamic_panel, riclpm

X = ("staff1", "staff2", "staff3", "staff4")
Y = ("guests1", "guests2", "guests3", "guests4")


def panel(seed: int, leads: float = 0.0, n: int = 400) -> np.ndarray:
    """Return n units x 8: stable differences that go together (.5), own inertia .3, a lead."""
    rng = np.random.default_rng(seed)
    stable = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], n)
    move = np.array([[0.3, 0.0], [leads, 0.3]])
    inside = rng.normal(size=(n, 2))
    x, y = [stable[:, 0] + inside[:, 0]], [stable[:, 1] + inside[:, 1]]
    for _ in range(3):
        inside = inside @ move.T + rng.normal(size=(n, 2))
        x.append(stable[:, 0] + inside[:, 0])
        y.append(stable[:, 1] + inside[:, 1])
    return np.array([*x, *y]).T


def fitted(text: str, rows: np.ndarray):
    shape = table(parse(text), Wish(kind="lavaan"))
    if np.isnan(rows).any():
        return fit(shape, fiml(shape, (pattern_sums((*X, *Y), rows),)))
    return fit(shape, single(shape, (group_sums((*X, *Y), rows),)))


def zscore(found, label: str) -> float:
    rows = zip(found.table.rows, found.estimates, found.errors, strict=True)
    return next(e / se for row, e, se in rows if row.label == label)


def test_stable_differences_alone_are_a_loop_to_the_clpm_only():
    rows = panel(1)
    plain, apart = (fitted(model(X, Y, equal=True), rows) for model in (clpm, riclpm))
    assert plain.converged
    assert apart.converged
    for label in ("x_to_y", "y_to_x"):
        assert zscore(plain, label) > 3
        assert abs(zscore(apart, label)) < 2
    assert plain.fit.pvalue < 1e-6
    assert apart.fit.pvalue > 0.05


def test_a_planted_lead_is_found_in_its_direction():
    found = fitted(riclpm(X, Y, equal=True), panel(2, leads=0.4, n=800))
    assert zscore(found, "x_to_y") > 3
    assert abs(zscore(found, "y_to_x")) < 2
    (difference,) = defined(found)
    assert difference.estimate == pytest.approx(0.4, abs=0.15)


def test_free_lags_have_a_difference_for_each_wave():
    found = fitted(riclpm(X, Y), panel(3))
    assert [d.name for d in defined(found)] == ["difference2", "difference3", "difference4"]
    assert found.fit.df == 9


def test_missing_waves_are_kept_by_full_information():
    rows = panel(1, n=600)
    rows[::3, 3] = np.nan
    rows[1::4, 7] = np.nan
    found = fitted(riclpm(X, Y, equal=True), rows)
    assert found.converged
    assert found.sample.n == 600
    assert abs(zscore(found, "x_to_y")) < 2


def test_two_waves_cannot_separate_stable_differences():
    with pytest.raises(ModelError, match="at least three waves and there are 2"):
        riclpm(X[:2], Y[:2])
    assert "guests2 ~" in clpm(X[:2], Y[:2])


def test_both_measures_need_the_same_waves():
    with pytest.raises(ModelError, match="one has 4, the other 3"):
        riclpm(X, Y[:3])


def test_the_dynamic_panel_finds_no_loop_where_only_stable_differences_are():
    found = fitted(dynamic_panel(X, Y), panel(1))
    assert found.converged
    for label in ("x_to_y", "y_to_x"):
        assert abs(zscore(found, label)) < 2
    assert found.fit.pvalue > 0.05


def test_a_false_loop_is_frequent_in_the_clpm_only():
    false = false_loops(8, n=300)
    assert false[clpm] >= 4
    assert max(false[riclpm], false[dynamic_panel]) <= 3


@pytest.mark.slow
def test_the_false_loop_is_frequent_in_the_clpm_and_rare_in_the_others():
    false = false_loops(200, n=300)
    assert false[clpm] >= 120
    assert false[riclpm] <= 20
    assert false[dynamic_panel] <= 20


def false_loops(seeds: int, n: int) -> dict:
    """Return how often each model finds a lag from x to y that is not there."""
    false = {clpm: 0, riclpm: 0, dynamic_panel: 0}
    for seed in range(seeds):
        rows = panel(1000 + seed, n=n)
        for model in false:
            found = fitted(model(X, Y, equal=True), rows)
            false[model] += bool(found.converged and abs(zscore(found, "x_to_y")) > 1.96)
    return false
