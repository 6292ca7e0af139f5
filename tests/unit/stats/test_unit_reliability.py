"""How far the mean of a branch can be trusted."""

import pytest

from anello.stats.scales.unit_reliability import disattenuate, icc2


@pytest.mark.parametrize(
    ("n", "expected"),
    [(2, 0.1818), (5, 0.3571), (10, 0.5263), (20, 0.6897), (30, 0.7692), (50, 0.8475)],
)
def test_reliability_of_a_branch_mean_by_its_size(n, expected):
    assert icc2(0.10, n) == pytest.approx(expected, abs=5e-5)


def test_disattenuation_by_hand():
    assert disattenuate(0.20, 0.80, 0.60) == pytest.approx(0.2886751, abs=5e-8)
    with pytest.raises(ValueError, match="above 0"):
        disattenuate(0.2, 0.0, 0.6)
