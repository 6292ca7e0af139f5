"""An index from printed percentages."""

import pytest

from anello.stats.scales.percent import index_from_percents

WEIGHTS = (100, 75, 50, 25, 0)
A, B = (10, 40, 10, 16, 24), (22, 28, 34, 12, 6)


def test_organisation_a_adds_up_and_has_one_index():
    assert index_from_percents(A, WEIGHTS, normalise=False) == 49
    assert index_from_percents(A, WEIGHTS, normalise=True) == 49


def test_organisation_b_adds_up_to_102_and_has_two():
    """The guide prints 63; whoever divides by the sum gets 61.8."""
    assert sum(B) == 102
    assert index_from_percents(B, WEIGHTS, normalise=False) == 63
    assert index_from_percents(B, WEIGHTS, normalise=True) == pytest.approx(63 / 1.02)


def test_as_printed_the_index_can_leave_the_scale():
    assert index_from_percents((102, 0), (100, 0), normalise=False) == 102


@pytest.mark.parametrize("percents", [(), (50, 60), (120, -20, 0, 0, 0)])
def test_a_distribution_needs_one_weight_for_each_share(percents):
    with pytest.raises(ValueError, match="one weight for each"):
        index_from_percents(percents, WEIGHTS, normalise=True)
