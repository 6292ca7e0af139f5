"""The confidence distribution of an effect, against tables of t."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anello.stats.linear.confidence import Confidence


def test_confidence_of_a_known_t():
    found = Confidence(2.0, 1.0, 10.0)
    assert found.p == pytest.approx(0.0733880, abs=5e-8)
    assert found.limits() == pytest.approx((2 - 2.2281389, 2 + 2.2281389), abs=1e-7)
    assert found.above(2.0) == 0.5
    assert found.above(0.0) == pytest.approx(1 - 0.0733880 / 2, abs=1e-7)


def test_no_error_leaves_no_doubt():
    assert Confidence(0.3, 0.0, 5.0).above(0.2) == 1.0
    assert Confidence(0.3, 0.0, 5.0).above(0.4) == 0.0
    assert Confidence(0.3, 0.0, 5.0).p == 0.0


@given(st.floats(-3, 3), st.floats(0.01, 3), st.floats(1, 200))
def test_limits_are_where_the_confidence_is_one_in_forty(estimate, se, df):
    found = Confidence(estimate, se, df)
    low, high = found.limits()
    assert found.above(low) == pytest.approx(0.975, abs=1e-6)
    assert found.above(high) == pytest.approx(0.025, abs=1e-6)
