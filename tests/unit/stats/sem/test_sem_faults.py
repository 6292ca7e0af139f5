"""What other packages dress up as a perfect fit is said plainly here."""

import numpy as np
import pytest

from anello.model.errors import ModelError
from anello.stats.sem.fit import fit
from anello.stats.sem.language.rows import Wish
from anello.stats.sem.language.syntax import parse
from anello.stats.sem.language.table import table
from anello.stats.sem.likelihood import optimise
from anello.stats.sem.likelihood.fiml import fiml, pattern_sums
from anello.stats.sem.likelihood.single import group_sums, single

NAMES = ("a", "b", "c", "d")


def rows(seed: int = 1, n: int = 200) -> np.ndarray:
    rng = np.random.default_rng(seed)
    f = rng.normal(size=(n, 1))
    return f * np.array([1, 0.8, 1.1, 0.9]) + rng.normal(size=(n, 4))


def fitted(text: str, found: np.ndarray, names=NAMES, **wish):
    shape = table(parse(text), Wish(**wish))
    return fit(shape, single(shape, (group_sums(names, found),)))


def test_a_wrong_model_does_not_fit():
    rng = np.random.default_rng(2)
    one, two = rng.normal(size=(2, 400, 1))
    found = np.hstack([one, one, two, two]) + 0.5 * rng.normal(size=(400, 4))
    model = fitted("f =~ a + b + c + d", found)
    assert model.fit.chisq > 100
    assert model.fit.pvalue < 1e-10
    assert model.fit.cfi < 0.9


def test_two_items_cannot_carry_a_factor():
    with pytest.raises(ModelError, match="4 free parameters and the data only 3 moments"):
        fitted("f =~ a + b", rows()[:, :2], ("a", "b"))


def test_a_factor_without_a_scale_is_named_as_not_identified():
    with pytest.raises(ModelError, match=r"not identified.*f =~ a.*f ~~ f"):
        fitted("f =~ NA*a + b + c + d", rows())


def test_two_factors_kept_apart_are_not_identified_though_they_have_degrees_of_freedom():
    with pytest.raises(ModelError, match="not identified"):
        fitted("f =~ a + b\n g =~ c + d\n f ~~ 0*g", rows())


def test_columns_that_repeat_each_other_are_named():
    found = rows()
    found[:, 3] = found[:, 0] + found[:, 1]
    with pytest.raises(ModelError, match="not positive definite: a, b, d"):
        fitted("f =~ a + b + c + d", found)


def test_a_column_that_never_changes_is_named():
    found = rows()
    found[:, 2] = 3.0
    with pytest.raises(ModelError, match="'c' does not vary"):
        fitted("f =~ a + b + c + d", found)


def test_fewer_rows_than_variables_are_refused():
    with pytest.raises(ModelError, match="4 rows cannot carry the covariances of 4 variables"):
        fitted("f =~ a + b + c + d", rows(n=4))


def test_a_column_without_values_and_columns_never_seen_together_are_named():
    found = rows()
    found[:, 1] = np.nan
    shape = table(parse("f =~ a + b + c + d"), Wish(means=True))
    with pytest.raises(ModelError, match="'b' has no values at all"):
        fiml(shape, (pattern_sums(NAMES, found),))
    found = rows()
    found[::2, 0] = np.nan
    found[1::2, 1] = np.nan
    with pytest.raises(ModelError, match="'a' and 'b' are never seen in the same row"):
        fiml(shape, (pattern_sums(NAMES, found),))


def test_a_negative_variance_is_an_improper_solution():
    cov = np.array([[1, 0.8, 0.8], [0.8, 1, 0.3], [0.8, 0.3, 1]])
    found = np.random.default_rng(3).multivariate_normal(np.zeros(3), cov, 500)
    model = fitted("f =~ a + b + c", found, ("a", "b", "c"))
    assert ("variance", "a ~~ a") in model.faults


def test_a_correlation_beyond_one_is_an_improper_solution():
    found = rows(n=300)
    names = ("a", "b", "c", "d")
    rng = np.random.default_rng(11)
    found[:, 1] = 0.5 * found[:, 2] + 0.5 * rng.normal(size=300)
    found[:, 0] = 0.5 * found[:, 3] + 0.5 * rng.normal(size=300)
    model = fitted("f =~ a + b\n g =~ c + d", found, names)
    latent = model.implied[0]
    both = (latent.e @ latent.s @ latent.e.T)[4:, 4:]
    beyond = abs(both[0, 1]) > np.sqrt(both[0, 0] * both[1, 1])
    assert beyond == (("covariance", "1") in model.faults)
    assert beyond


def test_a_search_cut_short_has_neither_errors_nor_fit(monkeypatch):
    monkeypatch.setattr(optimise, "MOST", 1)
    monkeypatch.setattr(optimise, "_last", lambda objective, best: best)
    model = fitted("f =~ a + b + c + d", rows())
    assert model.converged is False
    assert model.vcov is None
    assert np.isnan([model.fit.chisq, model.fit.cfi, model.fit.loglik]).all()
    assert all(np.isnan(e) for r, e in zip(model.table.rows, model.errors, strict=True) if r.free)


def test_a_start_without_a_likelihood_asks_for_another():
    with pytest.raises(ModelError, match="not positive definite at the starting values"):
        fitted("a ~ b\n a ~~ -1*a", rows())


def test_an_estimate_beyond_its_bound_is_not_offered():
    with pytest.raises(ModelError, match="break slope > 10"):
        fitted("a ~ slope*b + c\n slope > 10", rows())


def test_a_label_that_nothing_bears_is_named():
    with pytest.raises(ModelError, match=r"'k\*m' uses the label 'm'"):
        fitted("a ~ k*b\n km := k*m", rows())


def test_a_marker_that_does_not_measure_is_named():
    found = rows(n=2000)
    found[:, 0] = np.random.default_rng(4).normal(size=2000)
    model = fitted("f =~ a + b + c + d", found)
    assert ("marker", "f =~ a") in model.faults


def test_a_variance_that_was_fixed_below_zero_is_an_improper_solution_too():
    model = fitted("f =~ a + b + c + d\na ~~ -0.05*a", rows())
    assert ("variance", "a ~~ a") in model.faults
