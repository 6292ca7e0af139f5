"""From a panel to evidence: two rows for every link, and a verdict for each."""

from dataclasses import replace

import numpy as np
import pytest
from small_panels import chain_of, drawn, measure, panel_of, said

from anello.link import judge
from anello.model.chain import Worth
from anello.model.evidence import Level, Verdict

LINK = said("x", "y")


def rows_of_link(panel, *links, **more):
    return {e.level: e for e in judge(panel, chain_of(*(links or (LINK,)), **more)).evidence}


def test_both_levels_stand_side_by_side_whatever_the_data():
    nothing = panel_of(x=[[None]] * 3, y=[[None]] * 3)
    found = rows_of_link(nothing)
    assert [e.verdict for e in found.values()] == [Verdict.CANNOT_BE_TOLD] * 2
    assert found[Level.WITHIN].needs.reason == "no unit has both in the same wave"


def test_a_strong_link_goes_together_on_both_levels():
    found = rows_of_link(drawn(60, 6, 1.0))
    assert [e.verdict for e in found.values()] == [Verdict.GOES_TOGETHER] * 2


def test_no_link_breaks_within_when_there_is_enough_data():
    assert rows_of_link(drawn(100, 8, 0.0))[Level.WITHIN].verdict is Verdict.BREAKS


def test_a_strong_link_the_wrong_way_breaks():
    down = [measure("x"), measure("y", higher_is_better=False)]
    found = rows_of_link(drawn(60, 6, 1.0), measures=down)
    assert {e.wished for e in found.values()} == {-1}
    assert [e.verdict for e in found.values()] == [Verdict.BREAKS] * 2


def test_one_wave_tells_nothing_of_change_and_asks_for_two_more():
    row = rows_of_link(drawn(40, 1, 1.0))[Level.WITHIN]
    assert row.verdict is Verdict.CANNOT_BE_TOLD
    assert (row.grade, row.estimate, row.needs.waves) == ("E", None, 2)


def test_two_waves_never_get_past_cannot_tell_yet():
    row = rows_of_link(drawn(200, 2, 1.0))[Level.WITHIN]
    assert row.verdict is Verdict.CANNOT_TELL_YET
    assert (row.design.key, row.grade, row.needs.waves) == ("within_units_two_waves", "D", 1)


def test_fewer_than_ten_units_are_described_and_not_tested():
    for row in rows_of_link(drawn(9, 6, 1.0)).values():
        assert row.verdict is Verdict.DESCRIBED_ONLY
        assert row.estimate is not None
        assert (row.odds, row.se, row.low, row.high) == (None, None, None, None)
        assert row.needs.units == 1


def test_a_lag_is_not_judged_below_ten_waves_and_is_at_ten():
    lagged = said("x", "y", lag=1)
    early = rows_of_link(drawn(80, 8, 1.0), lagged)[Level.WITHIN]
    assert early.verdict is Verdict.CANNOT_TELL_YET
    assert {c.name: c.status for c in early.checks}["direction"] == "warn"
    assert early.needs.waves == 3
    later = rows_of_link(drawn(80, 11, 0.0), lagged)[Level.WITHIN]
    assert (later.waves, later.verdict) == (10, Verdict.BREAKS)
    assert later.design.key == "lagged_within_units"


def test_worth_in_standard_deviations_becomes_units_of_the_target():
    row = rows_of_link(drawn(40, 4, 0.5))[Level.BETWEEN]
    assert row.worth == pytest.approx(0.2 * row.sd_target)
    assert row.step == pytest.approx(row.sd_source)


def test_worth_in_units_keeps_its_step():
    row = rows_of_link(drawn(40, 4, 0.5), said("x", "y", worth=Worth(0.02, step=0.1)))
    assert {(e.worth, e.step) for e in row.values()} == {(0.02, 0.1)}


def test_every_p_of_every_link_shares_the_false_discoveries():
    panel = drawn(40, 4, 0.5)
    panel.mean["z"] = np.random.default_rng(9).normal(size=(40, 4))
    found = judge(panel, chain_of(LINK, said("z", "y")))
    p = sorted(e.odds.p for e in found.evidence)
    assert found.tried == 4
    assert max(e.odds.q for e in found.evidence) == pytest.approx(p[-1])
    assert min(e.odds.q for e in found.evidence) >= p[0]


def test_the_same_panel_and_seed_give_the_same_evidence():
    panel = drawn(15, 4, 0.5)
    one, other = judge(panel, chain_of(LINK)), judge(panel, chain_of(LINK))
    assert one == other


def test_turning_both_measures_changes_no_verdict():
    panel = drawn(60, 6, 1.0)
    turned = replace(panel, mean={k: -v for k, v in panel.mean.items()})
    down = [measure(k, higher_is_better=False) for k in "xy"]
    one, other = rows_of_link(panel), rows_of_link(turned, measures=down)
    for level in Level:
        assert one[level].verdict is other[level].verdict
        assert one[level].odds.above_worth == pytest.approx(other[level].odds.above_worth)


def test_the_interval_is_that_of_the_slope():
    row = rows_of_link(drawn(40, 4, 0.5))[Level.WITHIN]
    assert row.low < row.estimate < row.high
    assert row.standardised == pytest.approx(row.estimate * row.sd_source / row.sd_target)
