"""A short run of benchmarks/mixed_simulation.py: which degrees of freedom hold with ten units."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))

from mixed_simulation import line


@pytest.mark.slow
def test_with_ten_units_kenward_roger_holds_its_size_and_the_normal_does_not():
    found = line(units=10, worlds=300, seed=2)
    for term in ("x", "z"):
        size = {method: found[method, term][0] for method in ("kr", "satterthwaite", "normal")}
        assert size["kr"] <= 7.5
        assert size["kr"] <= size["satterthwaite"] <= size["normal"]
    assert found["normal", "z"][0] >= 9
