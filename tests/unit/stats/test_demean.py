"""Unit and wave effects taken out, whatever cells are missing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anello.stats.linear.demean import one_way, two_way

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS)
def test_two_way_residuals_have_no_unit_and_no_wave_mean(seed):
    rng = np.random.default_rng(seed)
    unit, wave = np.repeat(np.arange(8), 5), np.tile(np.arange(5), 8)
    kept = rng.random(40) > 0.2
    unit, wave = (np.unique(v[kept], return_inverse=True)[1] for v in (unit, wave))
    values = rng.normal(size=(int(kept.sum()), 2))
    left = two_way(values, unit, wave)
    assert one_way(left, unit) == pytest.approx(left, abs=1e-9)
    assert one_way(left, wave) == pytest.approx(left, abs=1e-9)


def test_two_way_residuals_are_those_of_the_dummy_regression():
    rng = np.random.default_rng(2)
    unit, wave = np.repeat(np.arange(6), 4)[:-3], np.tile(np.arange(4), 6)[:-3]
    y = rng.normal(size=(21, 1))
    D = np.column_stack([unit[:, None] == np.arange(6), wave[:, None] == np.arange(1, 4)])
    left = y - D @ np.linalg.lstsq(D.astype(float), y, rcond=None)[0]
    assert two_way(y, unit, wave) == pytest.approx(left, abs=1e-10)
