"""Each doubt is raised by data that deserve it, and not by data that do not."""

from dataclasses import replace

import numpy as np
import pytest
from small_panels import drawn, looked, measure, panel_of, said, with_groups

from anello.link import checks
from anello.link.levels import within
from anello.link.look import Look
from anello.model.chain import Link, Worth
from anello.model.evidence import Level
from anello.model.invariance import Alike, Invariance
from anello.stats.linear.influence import without_each

LINK = said("x", "y")
BETWEEN, WITHIN = Level.BETWEEN, Level.WITHIN


def found(name, panel, link=LINK, level=BETWEEN, **more):
    return checks.CHECKS[name](looked(panel, link, level, **more))


def status(*arguments, **more):
    check = found(*arguments, **more)
    return None if check is None else check.status


@pytest.mark.parametrize(("units", "expected"), [(9, "warn"), (20, "warn"), (31, "pass")])
def test_few_units(units, expected):
    assert status("few_units", drawn(units, 4, 1.0)) == expected


def test_few_units_block_when_the_bootstrap_does_not_share_a_small_p():
    for seed in range(200):
        look = looked(drawn(10, 3, 0.6, seed), LINK)
        values = dict(checks.CHECKS["few_units"](look).values)
        p = look.slope.confidence.p
        expected = "block" if p <= 0.05 < values["wild"] else "warn"
        assert checks.CHECKS["few_units"](look).status == expected
        if expected == "block":
            return
    pytest.fail("no panel of 200 made the two disagree")


def test_one_unit_that_makes_the_whole_link():
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(30, 1)), rng.normal(size=(30, 1))
    x[0], y[0] = 3, 12
    assert status("one_unit", panel_of(x=x, y=y)) == "warn"
    x[0] = 30
    assert status("one_unit", panel_of(x=x, y=y)) == "block"


def test_one_unit_among_equals():
    assert status("one_unit", drawn(40, 4, 1.0)) == "pass"


def test_leaving_a_unit_out_is_the_same_as_never_having_met_it():
    look = looked(drawn(12, 4, 0.5), LINK, WITHIN)
    left = without_each(look.slope.regression, look.slope.cluster, 0)
    for unit in range(12):
        alone = within(look.rows.keep(look.rows.unit != unit))
        assert left[unit] == pytest.approx(alone.estimate)


def test_one_wave_warns_between_and_blocks_within():
    panel = drawn(20, 1, 1.0)
    assert status("one_wave", panel) == "warn"
    assert status("one_wave", panel, level=WITHIN) == "block"
    assert status("one_wave", drawn(20, 2, 1.0)) is None


def test_two_waves_block_within():
    check = found("two_waves", drawn(20, 2, 1.0), level=WITHIN)
    assert (check.status, dict(check.values)) == ("block", {"waves": "2001 / 2002"})
    assert status("two_waves", drawn(20, 3, 1.0), level=WITHIN) is None


def test_a_lag_warns_of_direction_and_blocks_below_ten_waves():
    lagged = said("x", "y", lag=1)
    assert status("direction", drawn(20, 12, 1.0), lagged, WITHIN) == "warn"
    assert status("direction", drawn(20, 12, 1.0)) is None
    assert status("lag_waves", drawn(20, 10, 1.0), lagged, WITHIN) == "block"
    assert status("lag_waves", drawn(20, 11, 1.0), lagged, WITHIN) is None
    assert status("lag_waves", drawn(20, 10, 1.0), lagged, BETWEEN) is None


def test_a_lag_over_a_missing_year():
    panel = replace(drawn(20, 4, 1.0), waves=("2017", "2018", "2019", "2021"))
    check = found("wave_gap", panel, said("x", "y", lag=1))
    assert dict(check.values) == {"least": 1, "most": 2}
    assert status("wave_gap", drawn(20, 4, 1.0), said("x", "y", lag=1)) is None


def test_shared_shocks_that_make_a_link():
    shock = np.array([0.0, 3, -2, 4])
    rng = np.random.default_rng(1)
    panel = panel_of(x=rng.normal(size=(20, 4)) + shock, y=rng.normal(size=(20, 4)) + shock)
    assert status("wave_effects", panel, level=WITHIN) == "warn"
    x, noise = rng.normal(size=(20, 4)), rng.normal(size=(20, 4))
    assert status("wave_effects", panel_of(x=x, y=x + noise), level=WITHIN) == "pass"


def test_units_met_in_good_years_only():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(20, 2)), rng.normal(size=(20, 2))
    x[:, 1] += 5
    y[:, 1] += 5
    x[:10, 0], x[10:, 1] = np.nan, np.nan
    assert status("wave_mix", panel_of(x=x, y=y)) == "block"
    assert status("wave_mix", drawn(40, 2, 1.0)) == "pass"


def covered(*shares):
    panel = drawn(20, len(shares), 1.0)
    return replace(panel, coverage={"y": np.tile(np.array(shares), (20, 1))})


def test_nine_months_are_not_compared_with_twelve():
    part = covered(0.75, 1.0, 1.0)
    check = found("partial_periods", part, level=WITHIN)
    assert check.status == "block"
    assert dict(check.values)["waves"] == "2001 75 %, 2002 100 %, 2003 100 %"
    assert status("partial_periods", part) == "warn"


def test_the_same_nine_months_every_year_are_compared_with_a_warning():
    assert status("partial_periods", covered(0.75, 0.75, 0.75), level=WITHIN) == "warn"
    assert status("partial_periods", covered(1, 1, 1), level=WITHIN) == "pass"
    assert status("partial_periods", drawn(20, 3, 1.0)) is None


def answered(rate):
    panel = drawn(30, 3, 1.0)
    return replace(panel, response={"x": np.broadcast_to(rate, (30, 3)).astype(float)})


def test_few_answers():
    assert status("response_rate", answered(0.3)) == "warn"
    varied = np.linspace(0.5, 0.9, 90).reshape(30, 3)
    assert status("response_rate", answered(varied)) == "pass"
    assert status("response_rate", drawn(30, 3, 1.0)) is None


def test_a_link_that_is_made_by_who_answers():
    rng = np.random.default_rng(5)
    rate = rng.uniform(0.5, 0.9, size=(40, 3))
    panel = panel_of(
        x=10 * rate + rng.normal(size=(40, 3)) / 2, y=10 * rate + rng.normal(size=(40, 3)) / 2
    )
    check = found("response_rate", replace(panel, response={"x": rate}), level=WITHIN)
    assert check.status == "block"
    assert dict(check.values)["plain"] > 0.5 > 0.2 > dict(check.values)["held"]


def noisy(icc2, effect=1.0, units=60):
    panel = drawn(units, 4, effect)
    people = {**panel.n, "x": np.full((units, 4), 20.0)}
    return replace(panel, n=people, icc2={"x": icc2}, persons=frozenset("x"))


def test_one_wave_has_the_reliability_that_was_measured():
    panel = noisy(0.6)
    one = replace(
        panel, mean={k: np.where([[1, 0, 0, 0]], v, np.nan) for k, v in panel.mean.items()}
    )
    values = dict(found("reliability", one).values)
    assert values["reliability"] == pytest.approx(0.6, abs=0.005)


@pytest.mark.parametrize(("icc2", "expected"), [(0.97, "pass"), (0.80, "warn"), (0.60, "warn")])
def test_unreliable_means(icc2, expected):
    assert status("reliability", noisy(icc2), level=WITHIN) == expected


def test_noise_blocks_where_it_may_be_all_that_makes_a_link_look_too_small():
    weak = noisy(0.55, effect=0.08, units=200)
    assert status("reliability", weak, level=WITHIN) == "block"


def test_reliability_of_unit_level_figures_is_not_asked_for():
    assert status("reliability", drawn(30, 3, 1.0)) is None


def test_the_same_people_answered_both():
    persons = replace(drawn(20, 3, 1.0), persons=frozenset("xy"))
    assert status("same_source", persons) == "warn"
    other = [measure("x", source="staff"), measure("y", source="customers")]
    assert status("same_source", persons, measures=other) is None
    assert status("same_source", drawn(20, 3, 1.0)) is None


def test_withheld_cells_are_counted():
    hidden = replace(drawn(20, 3, 1.0), withheld={"x": 3, "y": 2})
    assert dict(found("withheld", hidden).values) == {"k": 5, "cells": 5}
    assert status("withheld", drawn(20, 3, 1.0)) is None


def test_nobody_said_what_is_worth_it():
    panel = drawn(20, 3, 1.0)
    assert status("worth", panel, Link("x", "y")) == "warn"
    assert status("worth", panel, said("x", "y", worth=Worth(0.1))) is None


def peers(inside):
    """Return 40 units in two groups far apart, with a slope of `inside` inside each of them."""
    rng = np.random.default_rng(3)
    far = np.repeat([[0.0], [6.0]], [25, 15], axis=0)
    x = rng.normal(size=(40, 2))
    y = far + inside * x + rng.normal(size=(40, 2)) / 2
    return with_groups(panel_of(x=x + far, y=y), kind=["a"] * 25 + ["b"] * 15)


def test_a_link_that_is_made_by_peer_groups():
    check = found("peer_group", peers(0.0), peers="kind")
    values = dict(check.values)
    assert check.status == "block"
    assert values["overall"] > 0.8
    assert abs(values["inside"]) < 0.4
    assert values["group"] == "a"


def test_a_link_that_is_weaker_inside_peer_groups_but_there():
    assert status("peer_group", peers(0.35), peers="kind") == "warn"


def test_a_link_that_stays_inside_peer_groups():
    assert status("peer_group", peers(1.0), peers="kind") == "pass"
    assert status("peer_group", peers(1.0)) is None


def test_a_link_declared_inside_peers_shows_the_open_estimate_beside():
    check = found("peer_group", peers(0.0), said("x", "y", peers="kind"))
    values = dict(check.values)
    assert check.status == "warn"
    assert values["overall"] > 0.8 > abs(values["inside"])


def extracted(noise):
    panel = drawn(60, 4, 0.5)
    again = panel.mean["x"] + noise * np.random.default_rng(8).normal(size=(60, 4))
    again[:, 0] = np.nan
    panel.mean["again"] = again
    return panel


TWINS = [measure("x"), measure("y"), measure("again", second_of="x")]


@pytest.mark.parametrize(("noise", "expected"), [(0.02, "pass"), (0.8, "warn"), (9.0, "block")])
def test_a_second_extraction_on_the_same_rows(noise, expected):
    check = found("second_extraction", extracted(noise), level=WITHIN, measures=TWINS)
    assert check.status == expected
    assert dict(check.values)["rows"] == 180


def test_the_second_extraction_is_compared_with_the_first():
    link = said("again", "y")
    check = found("second_extraction", extracted(3.0), link, WITHIN, measures=TWINS)
    assert (dict(check.values)["first"], dict(check.values)["second"]) == ("again", "x")


def test_every_check_bears_its_key_and_stays_silent_without_rows():
    empty = panel_of(x=[[None, None]] * 3, y=[[None, None]] * 3)
    for level in Level:
        look = looked(empty, LINK, level)
        assert isinstance(look, Look)
        for name, check in checks.CHECKS.items():
            result = check(look)
            assert result is None or result.name == name


def questions(level, key="x", least=300):
    found = Invariance(key, "waves", ("2001", "2002", "2003"), 3 * least, least, 4, level)
    return replace(drawn(20, 4, 1.0), invariance={key: found})


@pytest.mark.parametrize(
    ("level", "expected"),
    [("scalar", "pass"), ("metric", "warn"), ("configural", "warn"), ("none", "warn")],
)
def test_questions_that_changed_are_doubted_inside_units_only(level, expected):
    panel = questions(Alike(level))
    assert status("invariance", panel, level=WITHIN) == expected
    assert status("invariance", panel) is None


def test_the_worst_understood_measure_is_named():
    panel = questions(Alike.SCALAR)
    worse = replace(panel.invariance["x"], measure="y", level=Alike.METRIC)
    panel = replace(panel, invariance={**panel.invariance, "y": worse})
    check = found("invariance", panel, level=WITHIN)
    assert (check.status, dict(check.values)) == ("warn", {"measure": "y"})


def test_a_change_that_small_waves_may_show_by_chance_is_said_with_care():
    sure = found("invariance", questions(Alike.METRIC), level=WITHIN)
    small = found("invariance", questions(Alike.METRIC, least=250), level=WITHIN)
    assert "were not understood" in sure.sentence
    assert "may not have been understood" in small.sentence


def test_measures_that_nobody_asked_are_not_doubted():
    assert status("invariance", questions(Alike.METRIC, "other"), level=WITHIN) is None
