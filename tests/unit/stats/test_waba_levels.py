"""A raw correlation taken apart where one level is empty."""

import numpy as np

from anello.stats.relations.waba import waba


def test_waba_of_groups_without_any_difference_has_no_between_correlation():
    found = waba(np.array([2.0, 2.0]), np.zeros((2, 2)), np.array([[4.0, 2.0], [2.0, 4.0]]))
    assert np.isnan(found.r_between)
    assert (found.raw, found.r_within) == (0.5, 0.5)
