"""Agreement worked out by hand: the multi-item fixture of two groups of four people."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anello.stats.scales.agreement import (
    SKEWED_5,
    average_deviation,
    awg,
    item_variances,
    r_star,
    rwg,
    rwgj,
    skewed_null,
    uniform_null,
)

AGREE = np.array([(4, 4, 5), (5, 4, 4), (4, 5, 5), (4, 4, 4)])
QUARREL = np.array([(1, 3, 5), (5, 2, 3), (2, 5, 1), (4, 1, 4)])
BOTH = (AGREE, QUARREL)


def sums(groups):
    """Return n, sums and squares as the database would."""
    g = [np.asarray(x, dtype=float) for x in groups]
    return [len(x) for x in g], [x.sum(0) for x in g], [(x**2).sum(0) for x in g]


def variances(groups=BOTH):
    return item_variances(*sums(groups))


def counts(groups=BOTH):
    return [[[(x[:, j] == v).sum() for v in range(1, 6)] for j in range(3)] for x in groups]


def test_item_variances_are_those_of_the_people_in_the_group():
    assert variances() == pytest.approx(np.array([x.var(axis=0, ddof=1) for x in BOTH]))


def test_one_person_agrees_with_nobody():
    assert np.isnan(item_variances([1], [[4.0]], [[16.0]])).all()


def test_rwgj_of_disagreement_beyond_chance_is_cut_at_zero():
    assert rwgj(variances(), uniform_null(5)) == pytest.approx([0.9489796, 0], abs=5e-8)


def test_r_star_shows_the_disagreement_that_rwgj_hides():
    """Group 2: item variances 3.333, 2.917, 2.917, mean 3.0556; 1 - 3.0556 / 2 = -.5278."""
    assert r_star(variances(), 2.0) == pytest.approx([0.8611111, -0.5277778], abs=5e-8)


def test_average_deviation_comes_from_counts():
    found = average_deviation(counts(), [1, 2, 3, 4, 5])
    assert found == pytest.approx([0.4166667, 1.3333333], abs=5e-8)


def test_awg_cannot_be_told_near_the_end_of_the_scale_and_may_be_negative():
    n, total, _ = sums(BOTH)
    found = awg(np.array(total) / np.array(n)[:, None], variances(), n, 1, 5)
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(-0.1574074, abs=5e-8)


def test_awg_is_taken_over_the_items_that_can_be_told():
    told = awg([[3.0]], [[1.0]], [10], 1, 5)
    assert awg([[3.0, 5.0]], [[1.0, 0.0]], [10], 1, 5) == pytest.approx(told)


def test_one_item_makes_rwgj_the_plain_rwg():
    assert rwgj([[0.5], [3.0]], 2.0) == pytest.approx(rwg([0.5, 3.0], 2.0))


def test_everybody_alike_is_full_agreement():
    assert rwgj([[0.0, 0.0]], 2.0) == pytest.approx([1])


def test_the_nulls_of_five_options_are_the_published_ones():
    """James, Demaree & Wolf (1984): 2, and 1.34, .90, .44 when people are lenient."""
    found = [uniform_null(5), *(skewed_null(p) for p in SKEWED_5.values())]
    assert found == pytest.approx([2, 1.34, 0.90, 0.44])


def test_a_lenient_null_makes_the_same_answers_agree_less():
    s2 = [[0.4, 0.4, 0.4]]
    found = [rwgj(s2, skewed_null(p))[0] for p in SKEWED_5.values()]
    assert rwgj(s2, 2.0)[0] > found[0] > found[1] > found[2]


def test_shares_that_do_not_add_up_are_no_null():
    with pytest.raises(ValueError, match="add up to 1"):
        skewed_null((0.5, 0.4))


@given(st.lists(st.tuples(*[st.integers(1, 5)] * 3), min_size=2, max_size=30), st.randoms())
def test_agreement_is_bounded_and_blind_to_order_and_to_turning(answers, random):
    one = np.array(answers)
    other = np.array(random.sample(answers, len(answers)))
    found = [rwgj(variances([x]), 2.0)[0] for x in (one, other, 6 - one)]
    assert 0 <= found[0] <= 1
    assert found == pytest.approx([found[0]] * 3, abs=1e-9)
    deviations = [average_deviation(counts([x]), range(1, 6))[0] for x in (one, other, 6 - one)]
    assert 0 <= deviations[0] <= 2
    assert deviations == pytest.approx([deviations[0]] * 3, abs=1e-9)
