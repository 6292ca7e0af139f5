"""Verdicts keep their promised error rates where the truth is known (slow: `-m slow`).

The worlds are those of `benchmarks/verdict_rules.py`, which prints the table of the documents.
Bounds are the 99 % points of a binomial count at the promised rate.
"""

import runpy
from pathlib import Path

import pytest
from scipy.stats import binom

from anello.model.evidence import Level, Verdict

RULES = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "verdict_rules.py"))
SEEDS = 200
GRID = [(10, 4), (10, 10), (30, 4), (30, 10), (100, 4)]


def rates(units, waves, effect, **more):
    return RULES["rates"](RULES["World"](units, waves, effect, **more), SEEDS)


def at_most(rate):
    """Return the count that a verdict given at this rate passes in one trial of a hundred."""
    return int(binom.ppf(0.99, SEEDS, rate))


@pytest.mark.slow
@pytest.mark.parametrize(("units", "waves"), GRID)
def test_no_link_is_found_in_at_most_one_panel_of_forty(units, waves):
    for level, counts in rates(units, waves, 0.0).items():
        assert counts[Verdict.GOES_TOGETHER] <= at_most(0.025), level


@pytest.mark.slow
@pytest.mark.parametrize(("units", "waves"), GRID)
def test_a_link_just_worth_it_is_called_broken_in_at_most_one_panel_of_twenty(units, waves):
    for level, counts in rates(units, waves, 0.2).items():
        assert counts[Verdict.BREAKS] <= at_most(0.05), level


@pytest.mark.slow
def test_known_noise_in_the_source_does_not_break_a_true_link():
    counts = rates(100, 10, 0.2, reliability=0.5)[Level.WITHIN]
    assert counts[Verdict.BREAKS] <= at_most(0.05)


@pytest.mark.slow
def test_noise_that_nobody_tells_of_breaks_true_links():
    counts = rates(100, 10, 0.2, reliability=0.5, known=False)[Level.WITHIN]
    assert counts[Verdict.BREAKS] > at_most(0.05)


@pytest.mark.slow
def test_two_waves_are_never_judged_within_units():
    assert rates(30, 2, 0.5)[Level.WITHIN] == {Verdict.CANNOT_TELL_YET: SEEDS}


@pytest.mark.slow
def test_the_way_back_of_a_one_way_link_looks_real_and_is_capped():
    small, verdicts = RULES["lagged"](0.5, 8, True, SEEDS)
    assert SEEDS * small > at_most(0.05)
    assert verdicts == {Verdict.CANNOT_TELL_YET: SEEDS}


def test_the_worlds_have_the_effect_they_say():
    """One large panel of the simulation, so that the quick run touches it too."""
    panel = RULES["draw"](RULES["World"](3000, 4, 0.5), 1)
    rows = RULES["judged"](panel, RULES["chain"](0))
    assert [rows[level].standardised for level in Level] == pytest.approx([0.5, 0.5], abs=0.05)
