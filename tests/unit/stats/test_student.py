"""Student's t against scipy's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtr, stdtrit

from anello.stats.linear.student import quantile, two_sided


@given(st.floats(0, 60), st.floats(0.5, 1e4))
def test_tails_agree_to_nine_digits(t, df):
    assert two_sided(t, df) == pytest.approx(2 * stdtr(df, -t), rel=1e-9, abs=1e-300)
    assert two_sided(-t, df) == two_sided(t, df)


@given(st.floats(0.6, 0.9999), st.floats(0.5, 1e7))
def test_a_quantile_has_its_probability_beyond_it(p, df):
    assert two_sided(quantile(p, df), df) == pytest.approx(2 * (1 - p), rel=1e-9)


@pytest.mark.parametrize("df", [1, 2.5, 17, 98.5, 7283.1])
def test_limits_of_95_percent_are_those_of_scipy(df):
    assert quantile(0.975, df) == pytest.approx(stdtrit(df, 0.975), rel=1e-11)


def test_a_million_rows_are_nearly_normal():
    assert quantile(0.975, 1e7) == pytest.approx(1.9599642, abs=1e-6)
