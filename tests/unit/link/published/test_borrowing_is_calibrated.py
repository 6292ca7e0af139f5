"""The whole way, from units to "together": ranks of the truth are uniform (Talts et al. 2018)."""

from math import tanh

import numpy as np
import pytest
from scipy.stats import chisquare

from anello.link.published.borrowing import own_correlation, prior
from anello.link.published.library import library
from anello.stats.meta.borrow import DIFFERENT, Normal, borrow, predictive

ANSWERS = {
    "contact": "much",
    "relation": "relation",
    "personal": "personal",
    "labour_share": 40,
    "units": 30,
    "employees_per_unit": 12,
    "customers_per_unit": 900,
}
BINS = 20


def below_truth(units, worlds, seed, forget=False):
    """Return P(effect < truth) of each world: truth from the prior, r from so many real units."""
    rng = np.random.default_rng(seed)
    lent = prior(library().effect("harter_engagement"), ANSWERS, tau=0.13, attenuation=0.9)
    studies = predictive(lent.mean, lent.tau, lent.se)
    used = predictive(lent.mean, 0.01, 0.0) if forget else studies
    kinds = (studies[0], Normal(0.0, 1.0))
    found = np.empty(worlds)
    for i in range(worlds):
        kind = kinds[int(rng.random() < DIFFERENT)]
        truth = float(rng.normal(kind.mean, kind.sd))
        x, noise = rng.normal(size=(2, units))
        y = tanh(truth) * x + (1 - tanh(truth) ** 2) ** 0.5 * noise
        r = float(np.corrcoef(x, y)[0, 1])
        found[i] = borrow(own_correlation(r, units), used).together.below(truth)
    return found


def uniform(found):
    counts = np.bincount(np.minimum((found * BINS).astype(int), BINS - 1), minlength=BINS)
    return float(chisquare(counts).pvalue)


@pytest.mark.parametrize("units", [10, 30, 100])
def test_the_truth_falls_anywhere_in_what_is_borrowed(units):
    assert uniform(below_truth(units, 600, seed=1)) > 0.001


def test_a_prior_without_spread_would_be_noticed():
    assert uniform(below_truth(30, 600, seed=1, forget=True)) < 1e-6


@pytest.mark.slow
@pytest.mark.parametrize("units", [10, 30, 100])
def test_the_truth_falls_anywhere_over_many_worlds(units):
    """20,000 worlds: z is a little skewed at ten units, so each twentieth holds within 1.5."""
    counts = np.histogram(below_truth(units, 20_000, seed=2), BINS, (0, 1))[0] / 200
    assert np.abs(counts - 5).max() < 1.5
