"""What a chosen group gains by chance alone."""

import numpy as np
import pytest

from anello.stats.relations.regression_to_mean import returning


def test_pure_chance_gives_back_the_whole_distance():
    rng = np.random.default_rng(4)
    first, second = rng.normal(size=4000), rng.normal(size=4000)
    found = returning(first, second, first < -1)
    assert found.expected == pytest.approx(-np.mean(first[first < -1]), abs=0.1)
    assert found.change == pytest.approx(found.expected, abs=0.1)
