"""The slope at one level, on data whose answer is known by hand or by plain numpy."""

import numpy as np
import pytest
from small_panels import drawn, panel_of, said, with_groups

from anello.link.levels import between, pooled, within
from anello.link.rows import rows_of


def rows(panel, **more):
    return rows_of(panel, said("x", "y", **more))


def test_shops_differ_one_way_and_move_the_other():
    found = rows(panel_of(x=[[1, 2], [3, 4], [5, 6]], y=[[2, 1], [4, 3], [6, 5]]))
    assert between(found).estimate == pytest.approx(1.0)
    assert within(found, wave_effects=False).estimate == pytest.approx(-1.0)


def test_what_every_shop_shares_in_a_wave_is_not_a_link():
    found = rows(panel_of(x=[[1, 2], [3, 4], [5, 6]], y=[[2, 1], [4, 3], [6, 5]]))
    assert within(found) is None


def test_between_is_the_correlation_of_plain_unit_means():
    panel = drawn(20, 4, 0.5)
    x, y = panel.mean["x"].mean(axis=1), panel.mean["y"].mean(axis=1)
    found = between(rows(panel))
    assert found.standardised == pytest.approx(np.corrcoef(x, y)[0, 1])
    assert found.sd_source == pytest.approx(x.std(ddof=1))
    assert (found.units, found.waves, found.n) == (20, 4, 80)


def test_within_is_the_correlation_after_unit_and_wave_means_are_out():
    panel = drawn(20, 4, 0.5)

    def clear(v):
        return v - v.mean(axis=1, keepdims=True) - v.mean(axis=0) + v.mean()

    x, y = clear(panel.mean["x"]).ravel(), clear(panel.mean["y"]).ravel()
    assert within(rows(panel)).standardised == pytest.approx(np.corrcoef(x, y)[0, 1])


def test_a_unit_met_once_counts_as_a_row_but_not_as_a_unit_within():
    panel = drawn(12, 4, 0.5)
    panel.mean["y"][0, 1:] = np.nan
    found = within(rows(panel))
    assert (found.units, found.n) == (11, 45)


def test_missing_cells_give_the_dummy_regression():
    panel = drawn(12, 5, 0.5, seed=4)
    panel.mean["x"][::3, 2] = np.nan
    panel.mean["y"][1, :2] = np.nan
    found = rows(panel)
    D = np.column_stack(
        [
            found.cells[:, 1],
            found.unit[:, None] == np.arange(12),
            found.wave[:, None] == [1, 2, 3, 4],
        ]
    )
    by_dummies = np.linalg.lstsq(D, found.cells[:, 0], rcond=None)[0][0]
    assert within(found).estimate == pytest.approx(by_dummies)


def test_controls_are_held_constant_at_the_same_level():
    rng = np.random.default_rng(3)
    busy, x = rng.normal(size=(30, 4)), rng.normal(size=(30, 4))
    panel = panel_of(x=x + busy, y=2 * busy, busy=busy)
    assert within(rows(panel)).estimate > 0.5
    assert within(rows(panel, controls=("busy",))).estimate == pytest.approx(0, abs=1e-9)


def test_inside_peers_groups_keep_their_own_mean():
    x = [[1.0], [2], [3], [11], [12], [13]]
    y = [[3.0], [2], [1], [33], [32], [31]]
    panel = with_groups(panel_of(x=x, y=y), kind=["a"] * 3 + ["b"] * 3)
    assert between(rows(panel)).estimate > 0
    assert between(rows(panel, peers="kind")).estimate == pytest.approx(-1)


def test_a_source_that_never_moves_gives_nothing_within():
    panel = panel_of(x=[[1, 1, 1], [2, 2, 2], [3, 3, 3]], y=[[1, 2, 4], [2, 5, 3], [4, 1, 2]])
    assert within(rows(panel)) is None
    assert between(rows(panel)) is not None


@pytest.mark.parametrize("level", [between, within, pooled])
def test_nothing_comes_of_nothing(level):
    nothing = panel_of(x=[[None, None]] * 3, y=[[1, 2]] * 3)
    assert level(rows(nothing)) is None


@pytest.mark.parametrize("level", [between, within, pooled])
def test_a_target_that_does_not_vary_gives_nothing(level):
    flat = panel_of(x=[[1, 2, 4], [3, 1, 5], [2, 2, 8]], y=[[7, 7, 7]] * 3)
    assert level(rows(flat)) is None


def test_units_of_measurement_do_not_change_the_standardised_slope():
    panel = drawn(20, 4, 0.5)
    big = panel_of(x=panel.mean["x"] * 1e6 + 1e9, y=panel.mean["y"] * 1e-6)
    for level in (between, within):
        one, other = level(rows(panel)), level(rows(big))
        assert other.standardised == pytest.approx(one.standardised, abs=1e-7)
        assert other.confidence.df == pytest.approx(one.confidence.df, rel=1e-5)
