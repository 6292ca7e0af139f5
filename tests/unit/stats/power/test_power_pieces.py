"""The pieces of a plan: searching, series, chances and the closed form of many slopes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from anello.link.levels import between, within
from anello.link.rows import Rows
from anello.stats.power import balanced, correlation, series
from anello.stats.power.chances import chances
from anello.stats.power.search import smallest_effect, smallest_whole


def rows(x, y):
    unit, wave = np.nonzero(np.ones_like(x))
    cells = np.column_stack([y[unit, wave], x[unit, wave]])
    return Rows(unit, wave, cells, np.ones(len(unit)), np.zeros(len(unit), dtype=np.int64))


@pytest.mark.parametrize(("units", "waves"), [(4, 3), (10, 2), (12, 5), (30, 8)])
def test_many_slopes_at_once_are_the_slopes_of_the_product_one_by_one(units, waves):
    rng = np.random.default_rng(units)
    x = rng.normal(size=(2, units, waves)).cumsum(axis=2)
    y = 0.3 * x + rng.normal(size=x.shape)
    inside, means = balanced.within(x, y), balanced.between(x.mean(axis=2), y.mean(axis=2))
    for r in range(2):
        for many, one in ((inside, within(rows(x[r], y[r]))), (means, between(rows(x[r], y[r])))):
            expected = (one.estimate, one.confidence.se, one.confidence.df, one.sd_source)
            found = (many.estimate[r], many.se[r], many.df[r], many.sd_source[r])
            assert found == pytest.approx(expected, rel=1e-9)
            assert many.sd_target[r] == pytest.approx(one.sd_target)


@given(st.integers(1, 500), st.integers(1, 600))
def test_the_search_finds_the_first_number_that_is_enough_wherever_it_begins(first, guess):
    assert smallest_whole(lambda n: float(n >= first), 0.8, 1, 500, guess) == first


def test_what_is_out_of_reach_has_no_number():
    assert smallest_whole(lambda n: 0.5, 0.8, 1, 100) is None
    assert smallest_effect(lambda d: 0.5 * d, 0.8, 1.0) is None


@given(st.floats(-0.5, 0.8), st.integers(3, 10))
def test_the_mean_of_a_lingering_series_varies_as_it_was_computed(phi, waves):
    exact = np.sum([[phi ** abs(s - t) for s in range(waves)] for t in range(waves)]) / waves**2
    assert series.share_of_mean(waves, phi) == pytest.approx(exact)


@pytest.mark.parametrize("gaps", [0.0, 0.3])
def test_a_history_gives_back_the_parts_it_was_made_of(gaps):
    rng = np.random.default_rng(3)
    values = 2.0 * series.drawn(1, 3000, 6, 0.5, rng)[0] + 1.5 * rng.normal(size=(3000, 1))
    values[rng.random(values.shape) < gaps] = np.nan
    found = series.parts(values + 10 * np.arange(6))
    assert found.stable == pytest.approx(2.25, rel=0.1)
    assert found.moving == pytest.approx(4.0, rel=0.05)
    assert found.autocorrelation == pytest.approx(0.5, abs=0.03)


def test_one_wave_has_no_parts():
    with pytest.raises(ValueError, match="met twice"):
        series.parts(np.ones((5, 1)))


def test_the_chance_to_see_is_that_of_the_t_test():
    # A two-sample t test is an estimate with its own error and n1 + n2 - 2 degrees of freedom.
    se, df = np.sqrt(2 / 20), 38
    exact = 1 - stats.nct.cdf(stats.t.ppf(0.975, df), df, 1.0 / se)
    assert chances(1.0, 0.2, se, df).seen == pytest.approx(exact, abs=1e-4)


def test_the_chances_are_those_of_the_rule_drawn_many_times():
    rng = np.random.default_rng(1)
    effect, worth, se, df, n = 0.3, 0.2, 0.12, 8.0, 400_000
    estimate = effect + se * rng.standard_normal(n)
    s = se * np.sqrt(rng.chisquare(df, n) / df)
    seen = estimate / s >= stats.t.ppf(0.975, df)
    rather = stats.t.cdf((estimate - worth / 2) / s, df) >= 0.90
    broken = stats.t.cdf((estimate - worth) / s, df) <= 0.05
    found = chances(effect, worth, se, df)
    drawn = (seen.mean(), (seen & rather & (estimate >= worth)).mean(), broken.mean())
    assert (found.seen, found.found, found.broken) == pytest.approx(drawn, abs=0.003)


def test_unreliable_measures_need_more_units():
    seen = correlation.observed(0.3, 0.57, 0.57)
    assert correlation.units(seen) == 267


@pytest.mark.parametrize("r", [1.0, -1.5])
def test_a_correlation_that_cannot_be_is_refused(r):
    with pytest.raises(ValueError, match="between -1 and 1"):
        correlation.power(r, 10)
