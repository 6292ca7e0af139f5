"""Borrowing: exact where it can be checked, calibrated where it must be trusted."""

from math import atanh, exp, inf, pi

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import chisquare

from anello.model.errors import ModelError
from anello.stats.meta.borrow import (
    DIFFERENT,
    Line,
    Normal,
    Own,
    borrow,
    own,
    posterior,
    predictive,
    robust,
)
from anello.stats.meta.effect_sizes import fisher_z
from anello.stats.meta.random_effects import pool

# The declared prior: r = .20, where published unit-level correlations begin (.2 to .35); true
# correlations differ by tau = .134, the spread left in 160 interview studies; se .02.
DECLARED = predictive(atanh(0.20), 0.134, 0.02)
VAGUE = Normal(0.0, 1.0)


def ten_units_and_r_zero() -> Own:
    effect = fisher_z([0.0], [10])
    return own(float(effect.y[0]), float(effect.v[0]) ** 0.5)


def test_ten_units_with_no_correlation_still_say_88_per_cent_together():
    found = borrow(ten_units_and_r_zero(), DECLARED)
    assert found.alone.above(0) == pytest.approx(0.50)
    assert found.together.above(0) == pytest.approx(0.88, abs=0.005)
    assert found.borrowed == pytest.approx(0.79, abs=0.005)


def test_a_hundred_units_hardly_borrow():
    effect = fisher_z([0.0], [1000])
    found = borrow(own(0.0, float(effect.v[0]) ** 0.5), DECLARED)
    assert found.together.above(0) < 0.65
    assert found.borrowed < 0.15


def test_without_doubt_it_is_the_textbook_normal():
    """Precisions 4 and 1 add to 5; the mean is (4 x 1 + 1 x 0) / 5."""
    (found,) = posterior(Own(1.0, 0.5), (Normal(0.0, 1.0),))
    assert (found.mean, found.sd, found.weight) == pytest.approx((0.8, 5**-0.5, 1.0))


def test_when_own_data_contradict_the_studies_the_doubt_takes_over():
    near = borrow(own(0.2, 0.05), DECLARED)
    far = borrow(own(-0.9, 0.05), DECLARED)
    assert near.different < DIFFERENT < far.different
    assert far.different > 0.99
    assert far.together.mean == pytest.approx(-0.9, abs=0.01)
    assert far.borrowed < 0.01


def test_the_mixture_is_the_integral_of_prior_times_likelihood():
    mine, prior = Own(0.35, 0.3), robust(DECLARED, vague=VAGUE)
    ours = Line(posterior(mine, prior))

    def height(x: float) -> float:
        bells = (p.weight / p.sd * exp(-(((x - p.mean) / p.sd) ** 2) / 2) for p in prior)
        return sum(bells) * exp(-(((mine.estimate - x) / mine.se) ** 2) / 2) / (2 * pi)

    whole = quad(height, -6, 6, points=[0.2], epsabs=1e-13)[0]
    above = quad(height, 0, 6, points=[0.2], epsabs=1e-13)[0]
    mean = quad(lambda x: x * height(x), -6, 6, points=[0.2], epsabs=1e-13)[0]
    assert ours.above(0) == pytest.approx(above / whole, abs=1e-9)
    assert ours.mean == pytest.approx(mean / whole, abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(st.floats(-2, 2), st.floats(0.02, 1), st.floats(0.001, 0.999))
def test_quantiles_undo_probabilities(estimate, se, p):
    line = borrow(Own(estimate, se), DECLARED).together
    assert line.below(line.quantile(p)) == pytest.approx(p, abs=1e-9)
    assert line.above(0) + line.below(0) == pytest.approx(1)


def test_few_degrees_of_freedom_widen_the_own_line():
    found = borrow(own(0.3, 0.1, df=8), DECLARED).alone.interval()
    assert found == pytest.approx((0.3 - 2.306004 * 0.1, 0.3 + 2.306004 * 0.1), abs=1e-6)


def ranks(simulations: int, draws: int, seed: int) -> np.ndarray:
    """Return the rank of the true effect among posterior draws; its truth comes from the prior.

    Talts et al. (2018): if the posterior is right, every rank from 0 to `draws` is as likely.
    """
    rng = np.random.default_rng(seed)
    prior = robust(DECLARED, vague=VAGUE)
    found = np.empty(simulations, int)
    for i in range(simulations):
        part = prior[int(rng.random() < DIFFERENT)]
        truth, se = rng.normal(part.mean, part.sd), rng.uniform(0.05, 0.5)
        after = posterior(Own(float(rng.normal(truth, se)), se), prior)
        chosen = rng.choice(len(after), size=draws, p=[p.weight for p in after])
        mean, sd = np.array([(p.mean, p.sd) for p in after])[chosen].T
        found[i] = (rng.normal(mean, sd) < truth).sum()
    return found


def uniform(found: np.ndarray, draws: int, bins: int = 20) -> float:
    return float(chisquare(np.bincount(found * bins // (draws + 1), minlength=bins)).pvalue)


def test_borrowing_is_calibrated_ranks_are_uniform():
    assert uniform(ranks(2000, 99, seed=3), 99) > 0.001


@pytest.mark.slow
def test_borrowing_is_calibrated_over_many_simulations():
    assert uniform(ranks(60_000, 199, seed=4), 199) > 0.001


def test_the_calibration_test_would_notice_a_prior_without_heterogeneity():
    """Borrowing the mean alone (tau forgotten) leaves too many truths at the ends."""
    rng = np.random.default_rng(5)
    forgotten = predictive(DECLARED[0].mean, 0.0, 0.02)
    found = np.empty(2000, int)
    for i in range(2000):
        truth = rng.normal(DECLARED[0].mean, DECLARED[0].sd)
        (after,) = posterior(Own(float(rng.normal(truth, 0.3)), 0.3), forgotten)
        found[i] = (rng.normal(after.mean, after.sd, 99) < truth).sum()
    assert uniform(found, 99) < 1e-6


@pytest.mark.slow
def test_a_prior_estimated_from_forty_studies_covers_a_new_organisation():
    """The whole way: studies, REML, predictive prior, own data; 95 % must cover 93 to 97 %."""
    rng = np.random.default_rng(6)
    inside = 0
    for _ in range(4000):
        v = 1 / rng.integers(30, 300, 40)
        studies = pool(rng.normal(0.2, np.sqrt(0.134**2 + v)), v)
        truth = rng.normal(0.2, 0.134)
        prior = predictive(studies.estimate, max(studies.tau, 1e-6), studies.se)
        low, high = Line(posterior(Own(float(rng.normal(truth, 0.3)), 0.3), prior)).interval()
        inside += low < truth < high
    assert 0.93 < inside / 4000 < 0.97


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: own(0.2, 0.0), "standard error above zero"),
        (lambda: own(float("nan"), 0.1), "standard error above zero"),
        (lambda: predictive(0.2, 0.0, 0.0), "spread above zero"),
        (lambda: predictive(inf, 0.1, 0.0), "spread above zero"),
        (lambda: robust(DECLARED, vague=VAGUE, different=1.2), "between 0 and 1"),
    ],
)
def test_what_cannot_be_borrowed_is_refused(call, sentence):
    with pytest.raises(ModelError, match=sentence):
        call()
