"""When things move together, and how long after."""

import numpy as np
import pytest
from small_panels import chain_of, drawn, panel_of, said

from anello.link import judge
from anello.link.levels import within
from anello.link.rows import rows_of
from anello.stats.linear.fdr import benjamini_hochberg


def points(panel, *links):
    return judge(panel, chain_of(*(links or (said("x", "y"),)))).lags


def test_lags_go_up_to_four_or_waves_less_three_in_both_directions():
    found = points(drawn(12, 5, 0.5))
    assert [(p.source, p.lag) for p in found] == [
        ("x", 0), ("x", 1), ("x", 2), ("y", 1), ("y", 2),
    ]  # fmt: skip
    assert max(p.lag for p in points(drawn(12, 12, 0.5))) == 4


def test_two_waves_have_no_profile():
    assert points(drawn(12, 2, 0.5)) == ()


def test_an_effect_two_waves_later_is_seen_there():
    rng = np.random.default_rng(6)
    x, y = rng.normal(size=(60, 10)), rng.normal(size=(60, 10))
    y[:, 2:] += x[:, :-2]
    found = {(p.source, p.lag): p for p in points(panel_of(x=x, y=y))}
    assert found["x", 2].standardised > 0.4
    assert found["x", 2].q < 0.001
    assert abs(found["x", 0].standardised) < 0.15
    assert abs(found["x", 1].standardised) < 0.15


def test_a_pair_named_twice_or_backwards_is_shown_once():
    found = points(drawn(12, 5, 0.5), said("x", "y"), said("y", "x", lag=1), said("x", "y", lag=2))
    assert len(found) == 5


def test_q_corrects_for_all_lags_of_the_pair():
    panel = drawn(30, 6, 0.3)
    found = points(panel)
    looked = [said(p.source, p.target, lag=p.lag) for p in found]
    p_values = [within(rows_of(panel, link)).confidence.p for link in looked]
    assert len(found) == 7
    assert [p.q for p in found] == pytest.approx(benjamini_hochberg(p_values))


def test_fewer_than_ten_units_get_neither_q_nor_limits():
    assert {(p.q, p.low, p.high) for p in points(drawn(9, 6, 0.5))} == {(None, None, None)}
