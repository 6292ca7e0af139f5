"""Reliability of scales whose answer is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anello.stats.scales.reliability import alpha, covariance, disattenuate, omega


def one_factor(loadings, unique):
    return np.outer(loadings, loadings) + np.diag(unique)


def test_alpha_of_parallel_items():
    """Four items that correlate .5: 4/3 (1 - 4 / 10) = .8."""
    assert alpha(np.full((4, 4), 0.5) + 0.5 * np.eye(4)) == pytest.approx(0.8)


def test_alpha_is_negative_when_an_item_was_not_turned():
    assert alpha([[1, -0.5], [-0.5, 1]]) == pytest.approx(-2)


def test_omega_of_one_factor_is_its_share_of_the_total():
    """Loadings 1, 2, 3 and unique variances 1, 2, 3: 36 / (36 + 6)."""
    assert omega(one_factor([1, 2, 3], [1, 2, 3])) == pytest.approx(36 / 42, abs=1e-7)


def test_alpha_is_below_omega_when_items_load_unequally():
    s = one_factor([0.3, 0.6, 0.9, 1.2], [1, 1, 1, 1])
    assert alpha(s) < omega(s)


@pytest.mark.parametrize(
    "s",
    [
        [[1.0, 0.5], [0.5, 1.0]],
        np.ones((3, 3)),
        np.diag([0.0, 1.0, 1.0]),
        np.full((3, 3), np.nan),
    ],
)
def test_omega_is_not_told_of_two_items_or_of_items_that_do_not_vary_on_their_own(s):
    assert np.isnan(omega(s))


def test_alpha_is_not_told_of_one_item_or_of_a_sum_that_does_not_vary():
    assert np.isnan(alpha([[1.0]]))
    assert np.isnan(alpha(np.zeros((3, 3))))


def test_covariances_come_from_sums_and_cross_products():
    x = np.array([(1, 2, 4), (3, 3, 1), (5, 4, 4), (2, 2, 5)], dtype=float)
    found = covariance(4, (x - 3).sum(0), (x - 3).T @ (x - 3))
    assert found == pytest.approx(np.cov(x.T))


def test_one_person_has_no_covariance():
    assert np.isnan(covariance(1, [3, 3], [[9, 9], [9, 9]])).all()


def test_a_correlation_without_noise_is_larger_and_may_be_impossible():
    assert disattenuate(0.20, 0.80, 0.60) == pytest.approx(0.2886751, abs=5e-8)
    assert disattenuate(0.6, 0.5, 0.5) == pytest.approx(1.2)
    assert np.isnan(disattenuate(0.2, -0.1, 0.8))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.3, 2), st.floats(0.1, 2)), min_size=3, max_size=8),
    st.floats(0.1, 10),
)
def test_omega_finds_any_true_factor_and_is_blind_to_the_unit_of_measurement(items, unit):
    loadings, unique = (np.array(x) for x in zip(*items, strict=True))
    s = one_factor(loadings, unique)
    truth = loadings.sum() ** 2 / s.sum()
    assert omega(s) == pytest.approx(truth, abs=1e-4)
    assert omega(s * unit**2) == pytest.approx(omega(s), abs=1e-6)
