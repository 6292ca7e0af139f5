"""The reverse loop and the whole chain keep their rates where the truth is known (`-m slow`).

The worlds are those of the scripts in `benchmarks` that print the tables of the documents.
Bounds are the 99 % points of a binomial count at the promised rate.
"""

import runpy
from collections import Counter
from pathlib import Path

import pytest
from scipy.stats import binom

from anello.model.evidence import Level
from anello.model.loop import LoopVerdict

BENCH = Path(__file__).parents[2] / "benchmarks"
LOOPS = runpy.run_path(str(BENCH / "reverse_loop_verdicts.py"))
CHAINS = runpy.run_path(str(BENCH / "whole_chain_coverage.py"))
SEEDS = 60
LED = (LoopVerdict.FORWARD, LoopVerdict.BACKWARD, LoopVerdict.BOTH)


def verdicts(units: int, truth: str) -> Counter[LoopVerdict]:
    """Return how often each verdict is given in five waves."""
    return Counter(LOOPS["loop"](units, 5, truth, seed).verdict for seed in range(SEEDS))


@pytest.mark.slow
@pytest.mark.parametrize("units", [30, 100])
def test_stable_differences_are_called_a_direction_in_at_most_one_panel_of_twenty(units):
    found = verdicts(units, "none")
    assert sum(found[v] for v in LED) <= binom.ppf(0.99, SEEDS, 0.05)


@pytest.mark.slow
def test_a_one_way_lag_is_told_with_a_hundred_units_and_never_the_wrong_way():
    found = verdicts(100, "forward")
    assert found[LoopVerdict.FORWARD] >= 0.75 * SEEDS
    assert found[LoopVerdict.BACKWARD] == 0


@pytest.mark.slow
@pytest.mark.parametrize("level", [*Level])
def test_a_broken_chain_arrives_in_at_most_one_panel_of_ten(level):
    drawn = [CHAINS["effects"](30, 0.0, seed) for seed in range(SEEDS)]
    assert sum(found[level].arrives for found in drawn if found) <= binom.ppf(0.99, SEEDS, 0.1)
