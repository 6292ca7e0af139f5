"""Effects of single studies: known by hand, refused when impossible."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anello.model.errors import ModelError
from anello.stats.meta.effect_sizes import (
    correlation,
    disattenuated,
    fisher_z,
    log_odds_ratio,
    log_risk_ratio,
    quartile_gap,
    z_to_r,
)


def test_a_correlation_of_a_half_from_101_people_has_this_variance():
    found = correlation([0.5], [101])
    assert found.v[0] == pytest.approx(0.75**2 / 100)
    assert fisher_z([0.5], [103]).v[0] == pytest.approx(1 / 100)


def test_a_risk_of_2_in_10_against_1_in_10_is_log_2():
    found = log_risk_ratio([2], [8], [1], [9])
    assert found.y[0] == pytest.approx(np.log(2))
    assert found.v[0] == pytest.approx(1 / 2 - 1 / 10 + 1 / 1 - 1 / 10)
    assert log_odds_ratio([2], [8], [1], [9]).y[0] == pytest.approx(np.log(18 / 8))


def test_only_the_study_with_an_empty_count_gets_half_a_case():
    found = log_risk_ratio([0, 2], [10, 8], [1, 1], [9, 9])
    assert found.y[0] == pytest.approx(np.log((0.5 / 11) / (1.5 / 11)))
    assert found.y[1] == pytest.approx(np.log(2))


def test_a_correlation_of_a_third_parts_the_extreme_quarters_by_084_sd():
    assert quartile_gap(1) == pytest.approx(2 * 1.2711, abs=5e-5)
    assert quartile_gap(0.33) == pytest.approx(0.84, abs=5e-3)
    assert disattenuated(0.20, 0.80, 0.60) == pytest.approx(0.2886751, abs=5e-8)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: correlation([0.2, 1.0], [50, 50]), "Study 2: a correlation lies between"),
        (lambda: correlation([float("nan")], [50]), "Study 1: a correlation lies between"),
        (lambda: fisher_z([0.2], [3]), "at least 4"),
        (lambda: correlation([0.2], [float("nan")]), "at least 3"),
        (lambda: log_risk_ratio([-1], [5], [2], [5]), "cannot be negative"),
        (lambda: log_risk_ratio([0], [0], [2], [5]), "both groups need people"),
    ],
)
def test_what_no_study_can_have_is_refused(call, sentence):
    with pytest.raises(ModelError, match=sentence):
        call()


@given(st.floats(-0.99, 0.99), st.integers(5, 10_000))
def test_fishers_z_goes_there_and_back(r, n):
    assert z_to_r(fisher_z([r], [n]).y)[0] == pytest.approx(r, abs=1e-12)
