"""Difference in differences as a regression, by hand: 3.50 more than the comparison group."""

import numpy as np
import pytest

from anello.stats.linear.confidence import Confidence
from anello.stats.linear.ols import ols

CELLS = {
    (0, 0): [69, 70, 71, 70],
    (1, 0): [70, 72, 68, 71],
    (1, 1): [74, 76, 73, 75],
    (0, 1): [71, 72, 70, 72],
}


def test_the_interaction_is_the_effect():
    rows = [(1, treat, post, treat * post, y) for (treat, post), ys in CELLS.items() for y in ys]
    data = np.array(rows, dtype=float)
    fit = ols(data[:, :4], data[:, 4])
    found = Confidence(fit.b[3], fit.se[3], fit.df)
    assert fit.b == pytest.approx([70.0, 0.25, 1.25, 3.0], abs=1e-9)
    assert found.se == pytest.approx(1.2416387, abs=5e-8)
