"""Pooling studies: what must hold for any data, and what is refused."""

from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anello.model.errors import ModelError
from anello.stats.meta.heterogeneity import METHODS, log_likelihood, q_profile
from anello.stats.meta.moderators import regress
from anello.stats.meta.random_effects import pool, prediction
from anello.stats.meta.three_level import three_level

STUDIES = st.integers(3, 12).flatmap(
    lambda k: st.tuples(
        st.lists(st.floats(-2, 2), min_size=k, max_size=k),
        st.lists(st.floats(0.01, 1), min_size=k, max_size=k),
    )
)


def test_equal_variances_make_a_plain_mean_and_a_plain_variance():
    """Mean of 1, 2, 3 is 2; their variance 1 less the sampling variance .25 leaves .75."""
    for method in ("REML", "PM", "DL", "HE"):
        found = pool([1, 2, 3], [0.25] * 3, method=method)
        assert found.estimate == pytest.approx(2, rel=1e-12)
        assert found.tau2 == pytest.approx(0.75, rel=1e-9)
        assert found.se == pytest.approx((1 / 3) ** 0.5, rel=1e-9)


def test_studies_that_agree_better_than_chance_have_no_heterogeneity():
    found = pool([0.30, 0.31, 0.29], [0.04, 0.05, 0.03])
    assert (found.tau2, found.i2, found.tau2_low) == (0, 0, 0)
    assert (found.new_low, found.new_high) == pytest.approx((found.low, found.high))


@settings(max_examples=60, deadline=None)
@given(STUDIES)
def test_reml_stands_on_top_of_its_likelihood(studies):
    y, v = (np.array(column) for column in studies)
    found = pool(y, v)
    x = np.ones((len(y), 1))
    top = log_likelihood(y, v, x, found.tau2, restricted=True)
    for other in np.concatenate([[0], np.geomspace(1e-5, 20, 60)]):
        assert log_likelihood(y, v, x, float(other), restricted=True) <= top + 1e-9


@settings(max_examples=60, deadline=None)
@given(STUDIES, st.floats(-3, 3), st.floats(0.1, 10), st.sampled_from(list(METHODS)))
def test_moving_and_stretching_effects_moves_and_stretches_the_mean(studies, shift, scale, method):
    y, v = (np.array(column) for column in studies)
    one = pool(y, v, method=method)
    other = pool(scale * y + shift, scale**2 * v, method=method)
    assert other.estimate == pytest.approx(scale * one.estimate + shift, rel=1e-5, abs=1e-6)
    assert other.tau2 == pytest.approx(scale**2 * one.tau2, rel=1e-4, abs=1e-7)


@settings(max_examples=40, deadline=None)
@given(STUDIES)
def test_a_new_place_is_less_certain_than_the_mean(studies):
    found = pool(*studies)
    assert found.new_low <= found.low <= found.estimate <= found.high <= found.new_high
    assert prediction(found).new_low <= found.new_low + 1e-12


@settings(max_examples=40, deadline=None)
@given(STUDIES)
def test_paule_mandel_lies_inside_its_q_profile(studies):
    y, v = (np.array(column) for column in studies)
    low, high = q_profile(y, v, np.ones((len(y), 1)))
    assert low <= pool(y, v, method="PM").tau2 + 1e-9
    assert low <= high


def test_knapp_hartung_takes_t_with_the_studies_less_one():
    found = pool([0.1, 0.3, 0.5], [0.01] * 3, knapp_hartung=True)
    assert found.df == 2
    assert found.high - found.estimate == pytest.approx(4.302653 * found.se, rel=1e-6)


def test_three_levels_with_no_variance_between_are_two_levels():
    y, v = np.array([0.1, 0.5, 0.5, 0.1, 0.3, 0.3]), np.full(6, 0.01)
    nested = three_level(y, v, list("aabbcc"))
    flat = pool(y, v)
    assert nested.sigma2_between == 0
    assert nested.sigma2_within == pytest.approx(flat.tau2, rel=1e-6)
    assert nested.coefficients[0].estimate == pytest.approx(flat.estimate, rel=1e-9)
    assert nested.converged


def test_effects_of_one_study_do_not_count_as_separate_studies():
    y = np.repeat([0.1, 0.3, 0.5, 0.7], 5) + np.tile([-0.01, 0, 0.01, 0.02, -0.02], 4)
    v = np.full(20, 0.001)
    nested = three_level(y, v, np.repeat(list("abcd"), 5))
    assert nested.coefficients[0].se > 1.8 * pool(y, v).se


def test_a_thousand_studies_take_well_under_a_second():
    rng = np.random.default_rng(1)
    v = rng.uniform(0.001, 0.1, 1000)
    y = rng.normal(0.2, np.sqrt(0.02 + v))
    x = np.column_stack([np.ones(1000), rng.normal(size=(1000, 3))])
    started = perf_counter()
    pool(y, v, knapp_hartung=True)
    regress(y, v, x, ["mean", "a", "b", "c"])
    three_level(y, v, np.arange(1000) // 4)
    assert perf_counter() - started < 1.0


MEAN = np.ones((3, 1))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: pool([0.2], [0.1]), "1 studies for 1 coefficients"),
        (lambda: pool([], []), "0 studies"),
        (lambda: pool([0.2, 0.3], [0.1, 0.0]), "Study 2: its sampling variance"),
        (lambda: pool([0.2, 0.3], [0.1, -1.0]), "Study 2: its sampling variance"),
        (lambda: pool([0.2, float("nan")], [0.1, 0.1]), "Study 2: its effect"),
        (lambda: pool([0.2, 0.3], [0.1, 0.1], method="XX"), "'XX' is not a way"),
        (lambda: pool([0.2, 0.2], [0.1, 0.1], knapp_hartung=True), "lie exactly on the model"),
        (
            lambda: regress([1, 2, 4], [1, 1, 1], np.hstack([MEAN, 2 * MEAN]), ["a", "b"]),
            "repeat each other",
        ),
        (
            lambda: regress([1, 2, 4], [1, 1, 1], np.hstack([MEAN, 0 * MEAN]), ["a", "b"]),
            "do not vary",
        ),
        (lambda: three_level([1, 2, 4], [1, 1, 1], list("abc")), "3 clusters hold 3 effects"),
        (lambda: three_level([1, 2, 4], [1, 1, 1], list("aaa")), "1 clusters hold 3 effects"),
        (lambda: three_level([1, 2, 4], [1, 1, 1], list("aab"), method="DL"), "REML or ML"),
    ],
)
def test_what_cannot_be_pooled_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ModelError, match=sentence):
        call()
