"""The fast form of `benchmarks/diary_simulation.py`: intervals hold the truth as they say."""

import importlib.util
from pathlib import Path

import pytest

PATH = Path(__file__).parents[4] / "benchmarks" / "diary_simulation.py"
SPEC = importlib.util.spec_from_file_location("diary_simulation", PATH)
simulation = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(simulation)


@pytest.mark.slow
@pytest.mark.parametrize(("model", "truth"), [("levels", 0.0), ("levels", 0.3), ("ar1", 0.2)])
def test_intervals_at_thirty_people_hold_the_truth(model, truth):
    found = simulation.simulate(model, people=30, truth=truth, runs=120)
    assert 0.88 <= found["coverage"] <= 0.995
