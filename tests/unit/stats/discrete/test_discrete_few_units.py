"""What a practice that does nothing looks like in ten units of people."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[4] / "benchmarks"))
simulation = pytest.importorskip("glmm_simulation")


@pytest.mark.slow
def test_with_ten_units_student_raises_fewer_false_alarms_than_forgetting_the_units():
    rng = np.random.default_rng(11)
    worlds = np.array([list(simulation.one(rng, 10, "binary")) for _ in range(80)])
    forgotten, _, student = worlds[:, :3].mean(axis=0)
    assert forgotten > 0.12
    assert student < 0.12
    assert 0.85 < worlds[:, 4].mean() <= 1
