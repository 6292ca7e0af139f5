"""The reverse loop says which comes first by a rule, and says why where it cannot."""

import re
from dataclasses import replace

import numpy as np
import pytest
from small_panels import chain_of, panel_of, said

from anello.link.loop.fit import fitted, parameters, shares
from anello.link.loop.track import track
from anello.link.reverse_loop import pairs, reverse_loop
from anello.model.chain import Coverage, Link, Worth
from anello.model.evidence import BLOCK, Check
from anello.model.loop import CrossLag, CrossLags, Loop, LoopVerdict, settle


def lag(standardised, half, q, small):
    low, high = standardised - half, standardised + half
    told = (standardised, half / 2, standardised, low, high)
    above = 0.99 if low * high > 0 and abs(standardised) > 0.15 else 0.6
    return CrossLag("x", "y", *told, 0.2, small, above, q, q)


LEADS, ABSENT, OPEN = lag(0.4, 0.1, 0.001, 0.0), lag(0.01, 0.1, 0.9, 0.99), lag(0.1, 0.3, 0.5, 0.7)


def both(forward, back, difference=0.0, half=1.0):
    return CrossLags("riclpm", forward, back, difference, difference - half, difference + half)


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (both(LEADS, LEADS), LoopVerdict.BOTH),
        (both(LEADS, ABSENT), LoopVerdict.FORWARD),
        (both(ABSENT, LEADS), LoopVerdict.BACKWARD),
        (both(ABSENT, ABSENT), LoopVerdict.NONE),
        (both(LEADS, OPEN), LoopVerdict.CANNOT_TELL_YET),
        (both(LEADS, OPEN, 0.3, 0.2), LoopVerdict.FORWARD),
        (both(OPEN, LEADS, -0.3, 0.2), LoopVerdict.BACKWARD),
        (both(OPEN, ABSENT), LoopVerdict.CANNOT_TELL_YET),
        (both(OPEN, OPEN), LoopVerdict.CANNOT_TELL_YET),
    ],
)
def test_the_first_rule_that_applies_gives_the_verdict(found, verdict):
    assert settle(found) is verdict


def test_an_effect_that_is_real_but_too_small_does_not_lead():
    small = lag(0.05, 0.02, 0.001, 1.0)
    assert not small.leads
    assert settle(both(small, ABSENT)) is LoopVerdict.NONE


def test_an_effect_that_is_surely_there_but_may_be_too_small_does_not_lead_yet():
    perhaps = lag(0.15, 0.1, 0.003, 0.85)
    assert not perhaps.leads
    assert settle(both(perhaps, ABSENT)) is LoopVerdict.CANNOT_TELL_YET


def test_an_opposite_effect_that_may_be_larger_is_not_called_weaker():
    against = lag(-0.5, 0.6, 0.2, 0.3)
    assert settle(both(LEADS, against, 0.9, 0.5)) is LoopVerdict.CANNOT_TELL_YET


def test_a_blocking_check_leaves_it_open():
    loop = Loop("x", "y", (), 40, 5, "1", "5", 200, 0.2, judged=both(LEADS, ABSENT))
    assert loop.verdict is LoopVerdict.FORWARD
    blocked = replace(loop, checks=(Check("loop_fit", BLOCK, "no"),))
    assert blocked.verdict is LoopVerdict.CANNOT_TELL_YET


def drawn(units, waves, forward=0.0, back=0.0, seed=1, scale=(1.0, 1.0)):
    rng = np.random.default_rng(seed)
    usual = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], units)
    now, seen = np.zeros((units, 2)), []
    for _ in range(waves + 20):
        now = now @ np.array([[0.3, back], [forward, 0.3]]).T + rng.normal(size=(units, 2))
        seen.append(now + usual)
    cube = np.stack(seen[-waves:], axis=1) * np.array(scale)
    return panel_of(x=cube[:, :, 0], y=cube[:, :, 1])


def one(panel, link=None):
    loops = reverse_loop(panel, chain_of(link or said("x", "y"))).loops
    return loops[0] if loops else None


def test_parameters_are_counted_beside_the_wave_means():
    panel = drawn(100, 4, forward=0.4)
    found = track(panel, said("x", "y"))
    assert not shares(100, 4)
    assert fitted(found.x, found.y, "riclpm").npar == parameters(4, shared=False) == 19
    small = track(drawn(30, 4), said("x", "y"))
    assert shares(30, 4)
    assert fitted(small.x, small.y, "riclpm").npar == parameters(4, shared=True) == 13


def test_the_lags_do_not_depend_on_the_units_of_the_measures():
    plain = one(drawn(80, 5, forward=0.4))
    scaled = one(drawn(80, 5, forward=0.4, scale=(1000.0, 0.01)))
    a, b = plain.judged, scaled.judged
    assert b.forward.standardised == pytest.approx(a.forward.standardised, abs=1e-5)
    assert b.forward.estimate == pytest.approx(a.forward.estimate * 1e-5, rel=1e-4)
    assert b.difference_low == pytest.approx(a.difference_low, abs=1e-5)
    assert scaled.stable == pytest.approx(plain.stable, abs=1e-5)


def test_turning_the_link_round_turns_the_answer_round():
    panel = drawn(80, 5, forward=0.4)
    there, back = one(panel), one(panel, said("y", "x"))
    assert there.verdict is LoopVerdict.FORWARD
    assert back.verdict is LoopVerdict.BACKWARD
    assert back.judged.back.standardised == pytest.approx(
        there.judged.forward.standardised, abs=1e-5
    )
    assert back.judged.difference == pytest.approx(-there.judged.difference, abs=1e-5)


def test_below_ten_waves_a_second_model_is_asked_and_above_it_is_not():
    assert one(drawn(60, 5)).dynamic is not None
    assert one(drawn(60, 10)).dynamic is None


def test_of_many_waves_the_latest_ten_are_followed_and_it_is_said():
    loop = one(drawn(60, 14))
    assert (loop.waves, loop.first, loop.last) == (10, "2005", "2014")
    assert "loop_run" in {c.name for c in loop.checks}


def test_a_wave_without_figures_breaks_the_run():
    panel = drawn(60, 9)
    panel.mean["x"][:, 3] = np.nan
    found = track(panel, said("x", "y"))
    assert found.waves == ("2005", "2006", "2007", "2008", "2009")
    assert found.left_out == 3


def test_figures_of_a_part_of_their_period_are_not_followed():
    panel = drawn(60, 5)
    part = np.ones((60, 5))
    part[:, 0] = 0.75
    panel = replace(panel, coverage={"x": part})
    assert Coverage("months", 12).full == 12
    found = track(panel, said("x", "y"))
    assert found.waves == ("2002", "2003", "2004", "2005")
    assert found.partial == 60


def test_fewer_units_than_parameters_are_refused_with_numbers():
    loop = one(drawn(12, 4))
    assert loop.judged is None
    check = loop.checks[0]
    assert (check.name, check.status) == ("loop_units", BLOCK)
    assert dict(check.values) == {"units": 12, "parameters": 13}


def test_a_pair_with_a_single_wave_has_no_loop():
    assert one(drawn(40, 1)) is None


def test_a_pair_named_by_two_links_is_looked_at_once():
    links = (said("x", "y"), Link("y", "x", lag=1), said("x", "z"))
    assert [link.target for link in pairs(chain_of(*links))] == ["y", "z"]


def test_what_is_worth_acting_on_is_turned_into_standard_deviations():
    panel = drawn(80, 5, forward=0.4, scale=(1.0, 10.0))
    loop = one(panel, said("x", "y", worth=Worth(2.0, step=0.5)))
    ratio = loop.judged.forward.standardised / loop.judged.forward.estimate
    assert loop.worth == pytest.approx(2.0 / 0.5 * ratio, rel=1e-9)


def test_a_constant_measure_gets_no_answer():
    panel = drawn(40, 4)
    panel.mean["y"][:] = 3.0
    loop = one(panel)
    assert loop.judged is None
    assert [c.name for c in loop.checks if c.status == BLOCK] == ["loop_search"]


def test_controls_are_named_as_not_held():
    panel = drawn(60, 4)
    panel.mean["z"] = panel.mean["x"] * 0 + 1
    loop = one(panel, said("x", "y", controls=("z",)))
    assert any(c.name == "loop_controls" for c in loop.checks)


def test_no_unit_is_named_by_a_loop():
    assert not re.search(r"u0\d\d", repr(one(drawn(40, 5))))
