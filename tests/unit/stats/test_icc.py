"""ICC by hand, and both ways of estimating it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anello.stats.scales.icc import _deviance, anova, reml, spearman_brown

GROUPS = ([4, 5, 4, 5], [2, 3, 2, 3], [3, 3, 4, 4])


def sums(groups, shift=0.0):
    g = [np.asarray(x, dtype=float) - shift for x in groups]
    return [len(x) for x in g], [x.sum() for x in g], [(x**2).sum() for x in g]


def test_three_groups_that_differ():
    """F = 4 / (1/3) = 12; ICC(1) = (4 - 1/3) / (4 + 3 / 3) = .7333; ICC(2) = (4 - 1/3) / 4."""
    found = anova(*sums(GROUPS))
    assert (found.groups, found.n, found.size) == (3, 12, 4)
    assert found.f == pytest.approx(12)
    assert found.p == pytest.approx(0.00289, abs=5e-6)
    assert found.icc1 == pytest.approx(0.7333333, abs=5e-8)
    assert found.icc2 == pytest.approx(0.9166667, abs=5e-8)


def test_both_ways_agree_when_all_groups_are_of_one_size():
    a, r = anova(*sums(GROUPS)), reml(*sums(GROUPS))
    assert (r.icc1, r.icc2) == pytest.approx((a.icc1, a.icc2), abs=1e-12)
    assert (r.sigma2, r.tau) == pytest.approx((a.msw, (a.msb - a.msw) / 4), abs=1e-12)
    assert r.mean == pytest.approx(3.5)


def test_both_ways_differ_when_group_sizes_do():
    groups = ([4, 5], [2, 3, 2, 3, 2, 3, 2, 3], [3, 3, 4, 4])
    assert abs(anova(*sums(groups)).icc1 - reml(*sums(groups)).icc1) > 0.01


def test_groups_that_are_more_alike_than_chance_have_a_negative_icc_by_anova_and_zero_by_reml():
    groups = ([1, 5], [2, 4], [1, 5])
    assert anova(*sums(groups)).icc1 == pytest.approx(-1)
    found = reml(*sums(groups))
    assert (found.tau, found.icc1, found.singular) == (0, 0, True)


def test_one_group_cannot_be_told_from_another():
    assert np.isnan(anova(*sums([[1, 2, 3]])).icc1)
    assert np.isnan(reml(*sums([[1, 2, 3]])).icc1)


def test_one_person_in_each_group_leaves_nothing_within():
    assert np.isnan(anova(*sums([[1], [2], [3]])).f)
    assert np.isnan(reml(*sums([[1], [2], [3]])).tau)


def test_full_agreement_inside_groups_is_an_icc_of_one():
    found = anova(*sums([[1, 1], [4, 4]]))
    assert (found.icc1, found.icc2) == (1, 1)
    assert np.isnan(found.f)


def test_a_group_nobody_answered_in_is_no_group():
    assert anova(*sums([*GROUPS, []])) == anova(*sums(GROUPS))


def test_ten_answers_for_each_branch_are_half_reliable():
    """EVIDENCE D14: ICC(1) = .10."""
    found = [round(spearman_brown(0.10, n), 4) for n in (2, 5, 10, 20, 30, 50)]
    assert found == [0.1818, 0.3571, 0.5263, 0.6897, 0.7692, 0.8475]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.floats(0, 10, allow_subnormal=False), min_size=1, max_size=8),
        min_size=2,
        max_size=8,
    ),
    st.floats(0, 20),
)
def test_reml_is_the_best_of_all_ratios_and_blind_to_a_shift(groups, other):
    found = reml(*sums(groups))
    if np.isnan(found.tau):
        return
    n = np.array([len(g) for g in groups], dtype=float)
    means = np.array([np.mean(g) for g in groups])
    within = sum(((np.array(g) - np.mean(g)) ** 2).sum() for g in groups)
    if within < 1e-3:
        return
    best = _deviance(found.tau / found.sigma2, n, means, within)
    assert best <= _deviance(other, n, means, within) + 1e-7
    shifted = reml(*sums(groups, shift=5))
    assert (shifted.tau, shifted.mean + 5) == pytest.approx((found.tau, found.mean), abs=1e-5)
