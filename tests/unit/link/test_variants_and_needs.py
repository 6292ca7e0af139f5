"""The same claim looked at another way, and how much more data would settle it."""

from dataclasses import replace

import numpy as np
import pytest
from small_panels import SAID, chain_of, drawn, looked, measure, said, with_groups

from anello.link import judge
from anello.link.needs import growth, needs
from anello.link.power import Design, expected, simulate
from anello.link.variants import variants
from anello.model.evidence import (
    BETWEEN,
    WITHIN,
    Check,
    Claim,
    Evidence,
    Level,
    Odds,
    Verdict,
)
from anello.stats.linear.confidence import Confidence
from anello.stats.power.series import Parts

LINK = said("x", "y")


def named(panel, level, **more):
    return {v.name: v for v in variants(looked(panel, LINK, level, **more))}


def test_each_wave_alone_and_all_rows_pooled_beside_the_unit_means():
    panel = drawn(20, 3, 0.5)
    found = named(panel, Level.BETWEEN)
    assert list(found) == ["pooled", "wave:2001", "wave:2002", "wave:2003"]
    x, y = panel.mean["x"], panel.mean["y"]
    assert found["pooled"].standardised == pytest.approx(np.corrcoef(x.ravel(), y.ravel())[0, 1])
    assert found["pooled"].n == 60
    second = np.corrcoef(x[:, 1], y[:, 1])[0, 1]
    assert found["wave:2002"].standardised == pytest.approx(second)
    assert found["wave:2002"].low < second < found["wave:2002"].high


def test_wave_effects_left_out_beside_the_within_row():
    assert list(named(drawn(20, 3, 0.5), Level.WITHIN)) == ["no_wave_effects"]


def test_each_peer_group_alone_and_small_ones_without_limits():
    panel = with_groups(drawn(20, 3, 0.5), kind=["acute"] * 14 + ["mental"] * 6)
    found = named(panel, Level.WITHIN, peers="kind")
    assert (found["peers:acute"].units, found["peers:mental"].units) == (14, 6)
    assert found["peers:acute"].low is not None
    assert found["peers:mental"].low is None
    assert "pooled:acute" in named(panel, Level.BETWEEN, peers="kind")


def test_both_extractions_on_the_rows_that_both_have():
    panel = drawn(20, 3, 0.5)
    panel.mean["again"] = np.where([[1, 1, 0]], panel.mean["x"], np.nan)
    twins = [measure("x"), measure("y"), measure("again", second_of="x")]
    found = named(panel, Level.WITHIN, measures=twins)
    assert found["first:x"].standardised == pytest.approx(found["second:again"].standardised)
    assert (found["first:x"].n, found["second:again"].n) == (40, 40)


def row(effect, se, units=40, waves=6, level=Level.WITHIN, **more):
    """Return evidence with an effect of this size, worth 0.2 for a step of 1."""
    found = Confidence(effect, se, more.get("df", 1e6))
    odds = Odds(found.above(0.2), found.above(0.1), found.p, found.p)
    design = WITHIN if level is Level.WITHIN else BETWEEN
    known = {"worth": 0.2, "step": 1.0, "odds": odds, "estimate": effect, "se": se, "df": 1e6}
    more = known | more
    return Evidence(Claim("x", "y"), level, design, "by hand", units=units, waves=waves, **more)


def test_what_is_settled_needs_nothing():
    assert row(0.4, 0.05).verdict is Verdict.GOES_TOGETHER
    assert needs(row(0.4, 0.05)) is None
    assert needs(row(0.0, 0.05)) is None


def test_as_many_are_asked_for_as_find_the_effect_four_times_in_five():
    # .4 is found once P(effect > .1) is .90, 1.2816 errors above .1; four times in five when it is
    # 1.2816 + .8416 = 2.1232 errors above, so 1.99 times that error takes 3.96 times the data.
    found = needs(row(0.4, 1.99 * 0.3 / 2.123173))
    assert (found.units, found.waves) == (119, 15)


def test_more_units_is_all_that_helps_between():
    found = needs(row(0.4, 1.99 * 0.3 / 2.123173, level=Level.BETWEEN))
    assert (found.units, found.waves) == (119, None)


def test_an_effect_below_worth_needs_enough_to_break():
    # .1 breaks in four of five when (.2 - .1) / error is 1.645 + .842.
    assert growth(row(0.1, 0.1 / (1.644854 + 0.841621))) == pytest.approx(1.0, abs=0.001)


def test_an_effect_just_above_worth_needs_so_many_that_it_seldom_falls_below():
    # .25 has to come out at .2 or more: an error of .05 / .8416 in four of five.
    assert growth(row(0.25, 0.12)) == pytest.approx((0.12 * 0.841621 / 0.05) ** 2, rel=0.001)


def test_an_effect_of_exactly_what_is_worth_it_is_never_found_more_than_half_the_time():
    assert growth(row(0.2, 0.01)) is None


def test_few_degrees_of_freedom_ask_for_more():
    wide, narrow = row(0.4, 0.25, df=1e6), row(0.4, 0.25, df=5.0)
    assert growth(narrow) > 1.05 * growth(wide)


@pytest.mark.parametrize("level", Level)
def test_that_many_more_settle_it_four_times_in_five_in_simulated_data(level):
    """The words "n more" and the simulation of power say the same."""
    side = Parts(0.5, 0.5, 0.0)
    design = Design(14, 3, side, side)
    shown, se, df = expected(design, level, 0.4)
    open_row = row(shown, se, units=14, waves=3, level=level, df=df)
    more = needs(open_row)
    larger = replace(design, units=design.units + more.units)
    found = simulate(larger, level, 0.4, SAID, draws=4000, seed=2).found
    assert found == pytest.approx(0.80, abs=0.04)
    if more.waves:
        longer = replace(design, waves=design.waves + more.waves)
        found = simulate(longer, level, 0.4, SAID, draws=4000, seed=2).found
        assert 0.76 <= found <= 0.88


def test_more_than_ten_times_as_many_is_said_in_words():
    found = needs(row(0.199, 0.2))
    assert (found.units, found.waves) == (None, None)
    assert found.reason.startswith("more than ten times")


def test_a_blocked_row_says_that_the_same_data_would_not_help():
    blocked = row(0.4, 0.05, checks=(Check("reliability", "block", ""),))
    assert needs(blocked).reason.startswith("a check has to be cleared")


def test_partial_periods_ask_for_whole_ones():
    panel = drawn(40, 4, 1.0)
    share = np.tile([0.5, 1.0, 1.0, 1.0], (40, 1))
    found = judge(replace(panel, coverage={"y": share}), chain_of(LINK)).evidence[1]
    assert found.verdict is Verdict.CANNOT_TELL_YET
    assert "whole period" in found.needs.reason
