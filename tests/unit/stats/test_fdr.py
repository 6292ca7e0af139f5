"""The false discovery rate over all claims tried."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anello.stats.linear.fdr import benjamini_hochberg


def test_benjamini_hochberg_example_of_1995():
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    assert sum(q <= 0.05 for q in benjamini_hochberg(p)) == 4


@given(st.lists(st.floats(0, 1), max_size=30))
def test_q_is_never_below_p_and_keeps_its_order(p):
    q = benjamini_hochberg(p)
    assert all(a <= b + 1e-12 for a, b in zip(p, q, strict=True))
    assert [x for _, x in sorted(zip(p, q, strict=True))] == sorted(q)


def test_a_p_that_is_no_probability_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        benjamini_hochberg([0.1, float("nan")])
