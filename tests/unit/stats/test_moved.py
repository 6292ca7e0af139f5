"""The pieces by which a fit tells how it hangs on each row, held against plain matrices."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anello.stats.discrete.working import binomial, ordinal, poisson
from anello.stats.mixed.moved import Inverse, Varied, moved


def groups(rng, n, count, q):
    """Return what varies by one group of `count` levels, with q effects and any covariance."""
    root = rng.normal(size=(q, q))
    z = np.column_stack([np.ones(n), rng.normal(size=(n, q - 1))])
    index = np.concatenate((np.arange(count), rng.integers(0, count, n - count)))
    return Varied(f"g{count}", tuple("abc"[:q]), index, z, root @ root.T)


def dense(varied, w):
    v = np.diag(1 / w)
    for one in varied:
        same = one.index[:, None] == one.index[None, :]
        v += same * (one.z @ one.g @ one.z.T)
    return v


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_the_inverse_is_that_of_the_whole_matrix_nested_crossed_and_with_slopes(seed):
    rng = np.random.default_rng(seed)
    varied = [groups(rng, 24, 5, 2), groups(rng, 24, 3, 1)]
    w = rng.uniform(0.2, 3, 24)
    x = rng.normal(size=(24, 2))
    assert Inverse(varied, w)(x) == pytest.approx(np.linalg.solve(dense(varied, w), x), abs=1e-9)


def test_the_pattern_of_a_variance_is_that_of_its_score():
    rng = np.random.default_rng(2)
    varied, w = [groups(rng, 30, 6, 2), groups(rng, 30, 4, 1)], np.full(30, 0.7)
    x = np.column_stack((np.ones(30), rng.normal(size=30)))
    y = rng.normal(size=30)
    v = np.linalg.inv(dense(varied, w))
    p = v - v @ x @ np.linalg.solve(x.T @ v @ x, x.T @ v)
    b = np.linalg.solve(x.T @ v @ x, x.T @ v @ y)
    found = moved(x, varied, w, y - x @ b, True)
    one = varied[1]
    pattern = (one.index[:, None] == one.index[None, :]) * (one.z @ one.z.T)
    assert found.spreads["g4"] == pytest.approx(p @ pattern @ p @ y, abs=1e-9)
    assert found.spreads["residual"] == pytest.approx(p @ p @ y, abs=1e-9)
    assert found.columns == pytest.approx(p @ y, abs=1e-9)


def test_a_group_without_spread_leaves_the_weights_alone():
    one = Varied(
        "shop", ("(Intercept)",), np.array([0, 0, 1, 1]), np.ones((4, 1)), np.zeros((1, 1))
    )
    w = np.array([1.0, 2, 3, 4])
    assert Inverse([one], w)(np.ones(4)).tolist() == w.tolist()


def slope(told, eta, step=1e-6):
    return (told(eta + step) - told(eta - step)) / (2 * step)


def test_the_working_response_is_the_score_over_the_information():
    eta = np.linspace(-2, 2, 9)
    yes, n = np.arange(9.0), np.full(9, 8.0)
    found = binomial(eta, yes, n)
    likely = slope(lambda e: yes * e - n * np.log1p(np.exp(e)), eta)
    assert found.left * found.w == pytest.approx(likely, abs=1e-6)
    counts = poisson(eta, yes)
    assert counts.left * counts.w == pytest.approx(
        slope(lambda e: yes * e - np.exp(e), eta), abs=1e-6
    )


def test_an_ordered_answer_has_the_score_and_the_information_of_its_categories():
    tops = np.array([-1.0, 0.3, 1.6])

    def shares(eta):
        below = 1 / (1 + np.exp(-(tops[None, :] - eta[:, None])))
        ends = np.zeros((len(eta), 1))
        return np.diff(np.hstack((ends, below, ends + 1)), axis=1)

    eta, category = np.linspace(-2, 2, 8), np.arange(8) % 4
    found = ordinal(eta, category.astype(float), tops)
    likely = slope(lambda e: np.log(shares(e)[np.arange(8), category]), eta)
    assert found.left * found.w == pytest.approx(likely, abs=1e-6)
    information = (slope(shares, eta) ** 2 / shares(eta)).sum(axis=1)
    assert found.w == pytest.approx(information, abs=1e-6)
