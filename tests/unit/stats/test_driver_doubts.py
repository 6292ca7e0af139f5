"""How sure shares are: subsets, draws, yardstick and near-copies beside the slow obvious way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anello.stats.relations import subsets
from anello.stats.relations.dominance import dominance
from anello.stats.relations.driver_bootstrap import bootstrapped, drawn, told_apart, unit_sums
from anello.stats.relations.driver_shares import driver_shares
from anello.stats.relations.drivers import lmg
from anello.stats.relations.near_copies import near_copies
from anello.stats.relations.subsets import all_r2, shares
from anello.stats.relations.yardstick import yardstick

SEEDS = st.integers(0, 2**32 - 1)


def company(seed, units=60, rows=1, themes=3):
    """Return outcome first, then themes that hang together, and the unit of each row."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(units * rows, themes)) + rng.normal(size=(units * rows, 1))
    y = X[:, 0] + rng.normal(size=units * rows)
    return np.column_stack([y, X]), np.repeat(np.arange(units), rows)


def outcome_last(values):
    return np.corrcoef(np.roll(values, -1, axis=1), rowvar=False)


@given(SEEDS, st.integers(1, 6))
def test_every_subset_has_the_r2_of_its_own_regression(seed, p):
    C = outcome_last(company(seed, themes=p)[0])
    found = all_r2(C[:, :, None], (1,) * p)[:, 0]
    for mask in range(1 << p):
        some = [k for k in range(p) if mask >> k & 1]
        r2 = C[-1, some] @ np.linalg.solve(C[np.ix_(some, some)], C[some, -1]) if some else 0.0
        assert found[mask] == pytest.approx(r2, abs=1e-11)


def test_columns_that_enter_together_are_one_player():
    """Two players of (2, 1) columns: the Shapley value is the mean of entering first and second."""
    C = outcome_last(company(5)[0])
    alone, other, both = all_r2(C[:, :, None], (2, 1))[1:, 0]
    found = shares(C[:, :, None], (2, 1))[:, 0]
    assert found == pytest.approx([(alone + both - other) / 2, (other + both - alone) / 2])


def test_many_matrices_say_the_same_as_each_alone(monkeypatch):
    """Players of one, two and one columns, five matrices, of which two are swept at a time."""
    monkeypatch.setattr(subsets, "HELD", 16)
    rng = np.random.default_rng(5)
    rows = [rng.normal(size=(30, 5)) @ rng.normal(size=(5, 5)) for _ in range(5)]
    C = np.stack([np.corrcoef(r, rowvar=False) for r in rows], axis=2)
    together = shares(C, (1, 2, 1))
    for n in range(5):
        alone = dominance(all_r2(C[:, :, n : n + 1], (1, 2, 1))[:, 0], 3).general
        assert together[:, n] == pytest.approx(alone, abs=1e-12)


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_a_drawn_company_is_its_units_put_together(seed):
    values, unit = company(seed, units=12, rows=3)
    picked = np.random.default_rng(9).integers(12, size=(2, 12))
    C = drawn(unit_sums(values, unit), np.random.default_rng(9), 2)
    for i in range(2):
        rows = np.concatenate([np.nonzero(unit == u)[0] for u in picked[i]])
        assert C[:, :, i] == pytest.approx(np.corrcoef(values[rows], rowvar=False), abs=1e-10)


def test_large_means_cost_no_digits():
    values, unit = company(3)
    low = drawn(unit_sums(values, unit), np.random.default_rng(1), 3)
    high = drawn(unit_sums(values + 1e6, unit), np.random.default_rng(1), 3)
    assert high == pytest.approx(low, abs=1e-8)


def test_a_draw_in_which_a_theme_stands_still_is_left_out():
    values, unit = company(4, units=5, themes=1)
    values[1:, 1] = 0.0
    C = drawn(unit_sums(values, unit), np.random.default_rng(2), 200)
    kept = told_apart(C).shape[2]
    assert 0 < kept < 200
    assert bootstrapped(C, (1,)).draws == kept


def test_without_a_draw_nothing_is_known():
    found = bootstrapped(np.full((3, 3, 4), np.nan), (1, 1))
    assert found.draws == 0
    assert np.isnan(found.first).all()


def test_the_yardstick_is_what_real_random_columns_get():
    """1,500 real columns of 60 rows beside the themes, against 6,000 made of moments alone."""
    values, _ = company(6)
    rng = np.random.default_rng(7)
    real = []
    for _ in range(1500):
        C = outcome_last(np.insert(values, 1, rng.normal(size=len(values)), axis=1))
        real.append(lmg(C[:-1, :-1], C[:-1, -1])[0])
    ours = yardstick(outcome_last(values), (1, 1, 1), 59, np.random.default_rng(8), 6000)
    assert np.mean(ours) == pytest.approx(np.mean(real), rel=0.1)
    assert np.quantile(ours, 0.95) == pytest.approx(np.quantile(real, 0.95), rel=0.15)


def test_near_copies_chain_and_count_turned_ones():
    R = np.array([[1, 0.92, 0.7, 0], [0.92, 1, -0.95, 0], [0.7, -0.95, 1, 0], [0, 0, 0, 1.0]])
    assert near_copies(R) == ((0, 1, 2), (3,))
    assert near_copies(np.eye(2)) == ((0,), (1,))


def test_a_planted_theme_is_first_and_noise_stays_below_the_yardstick():
    rng = np.random.default_rng(11)
    X = rng.normal(size=(200, 3))
    y = X[:, 0] + 0.3 * X[:, 1] + rng.normal(size=200)
    found = driver_shares(np.column_stack([y, X]), np.arange(200), df=199, seed=1)
    assert found.sure.first[0] > 0.99
    assert found.apart.tolist() == [True, True, False]
    assert found.sure.low[0] < found.share[0] < found.sure.high[0]


def test_two_near_copies_share_and_are_first_together():
    rng = np.random.default_rng(12)
    x = rng.normal(size=2000)
    twins = [x + 0.1 * rng.normal(size=2000) for _ in range(2)]
    other = rng.normal(size=2000)
    y = x + other * 0.8 + rng.normal(size=2000)
    found = driver_shares(np.column_stack([y, *twins, other]), np.arange(2000), df=1999, seed=1)
    (both, alone) = found.groups
    assert both.themes == (0, 1)
    assert both.share == pytest.approx(found.share[:2].sum(), rel=0.05)
    assert found.share[2] > found.share[:2].max()
    assert both.first > 0.8 > alone.first


def test_the_same_seed_says_the_same():
    values, unit = company(13)
    one, two, other = (driver_shares(values, unit, df=59, seed=s) for s in (1, 1, 2))
    assert one.sure.low.tolist() == two.sure.low.tolist() != other.sure.low.tolist()
    assert one.noise == two.noise != other.noise


@pytest.mark.slow
def test_noise_passes_the_yardstick_one_time_in_twenty():
    """1,000 worlds of 30 units: 5 per cent give or take 2.1 (three standard errors)."""
    rng = np.random.default_rng(14)
    passed = 0
    for i in range(1000):
        X = rng.normal(size=(30, 3))
        values = np.column_stack([X[:, 0] + rng.normal(size=30), X])
        passed += driver_shares(values, np.arange(30), df=29, seed=i, draws=2).apart[2]
    assert 29 <= passed <= 71
