"""Least squares by hand, and with columns that repeat each other."""

import numpy as np
import pytest

from anello.stats.linear.ols import ols


def design(seed, n=20):
    rng = np.random.default_rng(seed)
    X = np.column_stack([np.ones(n), rng.normal(size=(n, 2))])
    return X, X @ [1.0, 0.5, -0.3] + rng.normal(size=n), rng


def test_classical_errors_of_a_line_by_hand():
    # x 0 1 2 3, y 0 2 1 3: b 0.8, residuals -.3 .9 -.9 .3, s2 1.8 / 2, Sxx 5
    fit = ols(np.column_stack([np.ones(4), [0.0, 1, 2, 3]]), np.array([0.0, 2, 1, 3]))
    assert fit.b == pytest.approx([0.3, 0.8])
    assert fit.se[1] == pytest.approx(np.sqrt(0.9 / 5))
    assert (fit.df, fit.rank) == (2, 2)


def test_columns_that_repeat_each_other_do_not_disturb_the_others():
    X, y, _ = design(1)
    twice = ols(np.column_stack([X, X[:, 2], np.zeros(len(y))]), y)
    assert twice.b[1] == pytest.approx(ols(X, y).b[1])
    assert twice.df == len(y) - 3


def test_fewer_rows_than_coefficients_are_refused():
    with pytest.raises(ValueError, match="cannot settle"):
        ols(np.eye(3)[:2], np.ones(2), absorbed=1)
