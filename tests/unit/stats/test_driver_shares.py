"""Shares of explained variance add up, in any order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anello.stats.relations.drivers import importance, lmg

SEEDS = st.integers(0, 2**32 - 1)


def correlations(seed, p):
    R = np.corrcoef(np.random.default_rng(seed).normal(size=(40, p + 1)), rowvar=False)
    return R[1:, 1:], R[1:, 0]


@given(SEEDS, st.integers(1, 6))
def test_shares_add_up_to_r2_and_none_is_negative(seed, p):
    R, r = correlations(seed, p)
    found = importance(R, r)
    assert found.lmg.sum() == pytest.approx(found.r2)
    assert found.weight.sum() == pytest.approx(found.r2)
    assert min(found.lmg.min(), found.weight.min()) >= -1e-12


@given(SEEDS)
def test_with_two_predictors_both_kinds_of_share_agree(seed):
    R, r = correlations(seed, 2)
    found = importance(R, r)
    assert found.lmg == pytest.approx(found.weight)


def test_the_order_of_predictors_only_orders_the_shares():
    R, r = correlations(1, 5)
    turn = [3, 0, 4, 1, 2]
    assert lmg(R[np.ix_(turn, turn)], r[turn]) == pytest.approx(lmg(R, r)[turn])


def test_fifteen_predictors_are_exact_and_sixteen_have_relative_weights_only():
    fifteen, sixteen = importance(*correlations(1, 15)), importance(*correlations(1, 16))
    assert fifteen.lmg.sum() == pytest.approx(fifteen.r2)
    assert np.isnan(sixteen.lmg).all()
    assert sixteen.weight.sum() == pytest.approx(sixteen.r2)


def test_a_copied_predictor_is_refused():
    with pytest.raises(ValueError, match="copies"):
        importance(np.ones((2, 2)), np.array([0.5, 0.5]))
