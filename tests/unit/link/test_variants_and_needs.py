"""The same claim looked at another way, and how much more data would settle it."""

from dataclasses import replace

import numpy as np
import pytest
from small_panels import chain_of, drawn, looked, measure, said, with_groups

from anello.link import judge
from anello.link.needs import growth, needs
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
    found = Confidence(effect, se, 1e6)
    odds = Odds(found.above(0.2), found.above(0.1), found.p, found.p)
    design = WITHIN if level is Level.WITHIN else BETWEEN
    more = {"worth": 0.2, "step": 1.0, "odds": odds, "estimate": effect, "se": se} | more
    return Evidence(Claim("x", "y"), level, design, "by hand", units=units, waves=waves, **more)


def test_what_is_settled_needs_nothing():
    assert row(0.4, 0.05).verdict is Verdict.GOES_TOGETHER
    assert needs(row(0.4, 0.05)) is None
    assert needs(row(0.0, 0.05)) is None


def test_twice_the_error_needs_four_times_the_data():
    # .4 passes when its error is at most .4 / 1.96 = .204; at .408 four times as much is needed.
    found = needs(row(0.4, 2 * 0.4 / 1.959964))
    assert (found.units, found.waves) == (120, 15)


def test_more_units_is_all_that_helps_between():
    found = needs(row(0.4, 2 * 0.4 / 1.959964, level=Level.BETWEEN))
    assert (found.units, found.waves) == (120, None)


def test_an_effect_below_worth_needs_enough_to_break():
    # .1 breaks when its error is at most .1 / 1.645 = .0608.
    assert growth(row(0.1, 0.0608)) == pytest.approx(1.0, abs=0.001)


def test_with_that_many_more_the_verdict_would_be_there():
    open_row = row(0.3, 0.25)
    times = growth(open_row)
    assert row(0.3, 0.25 / np.sqrt(times * 1.001)).verdict is Verdict.GOES_TOGETHER
    assert row(0.3, 0.25 / np.sqrt(times * 0.999)).verdict is Verdict.CANNOT_TELL_YET


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
