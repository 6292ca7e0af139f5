"""Plans and sums of money come true: the short form of the simulations that the docs print."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from anello.link.power import Design, simulate
from anello.model.evidence import Level

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"


def script(name):
    spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.parametrize(("units", "links"), [(10, 1), (10, 2), (30, 2), (100, 2)])
def test_the_interval_of_a_sum_holds_the_truth_as_often_as_it_says(units, links):
    made = script("money_coverage")
    held, _, _, apart = made.tried(made.World(units, links), seeds=300)
    assert 0.92 <= held <= 0.99
    assert apart <= 0.05


@pytest.mark.slow
def test_noise_makes_a_sum_along_a_path_too_small_and_never_too_large():
    made = script("money_coverage")
    _, _, middle, _ = made.tried(made.World(30, 2, 0.8), seeds=200)
    assert middle < 0.9


@pytest.mark.slow
@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize(("units", "effect"), [(10, 0.5), (30, 0.3), (100, 0.2)])
def test_power_that_was_said_is_power_that_happens(level, units, effect):
    made = script("power_accuracy")
    made.MISSING = 0.0
    panels = [
        made.panel(level, units, 4, effect, np.random.default_rng((seed, units)))
        for seed in range(300)
    ]
    happened = np.mean([made.seen(p, level) for p in panels])
    said = simulate(Design(units, 4, made.SIDE, made.SIDE), level, effect, made.LINK.worth, 4000)
    assert happened == pytest.approx(said.seen, abs=3.5 * np.sqrt(0.25 / 300))
