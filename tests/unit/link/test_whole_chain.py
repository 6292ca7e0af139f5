"""The whole chain as one model: what it holds, what it leaves out and why."""

from itertools import pairwise

import numpy as np
import pytest
from small_panels import chain_of, panel_of, said

from anello.link.paths.graph import graph, ring
from anello.link.whole_chain import whole_chain
from anello.model.chain import Link
from anello.model.evidence import BLOCK, Level
from anello.model.paths import DIRECT, INDIRECT, TOTAL


def drawn(units, waves, a=0.5, b=0.6, c=0.2, seed=1):
    """x moves m by a, m moves y by b, x moves y by c: the same on both levels."""
    rng = np.random.default_rng(seed)

    def own():
        return rng.normal(size=(units, 1)) + rng.normal(size=(units, waves))

    x = own()
    m = a * x + own()
    return panel_of(x=x, m=m, y=b * m + c * x + own())


LINKS = (said("x", "m"), said("m", "y"), said("x", "y"))


def effects(model, level):
    return {(e.kind, e.source, e.target): e for e in model.effects if e.level is level}


@pytest.mark.parametrize("level", [*Level])
def test_direct_and_indirect_add_up_to_the_total(level):
    model = whole_chain(drawn(120, 6), chain_of(*LINKS)).paths
    found = effects(model, level)
    direct, indirect, total = (found[k, "x", "y"] for k in (DIRECT, INDIRECT, TOTAL))
    assert total.estimate == pytest.approx(direct.estimate + indirect.estimate, abs=1e-10)
    product = found[DIRECT, "x", "m"].estimate * found[DIRECT, "m", "y"].estimate
    assert indirect.estimate == pytest.approx(product, abs=1e-10)
    assert indirect.low < 0.3 < indirect.high
    assert total.low < 0.5 < total.high


def test_within_slopes_are_those_of_the_deviations_from_unit_and_wave():
    """A complete panel and every arrow: regression on what is left of units and waves."""
    panel = drawn(60, 5)
    model = whole_chain(panel, chain_of(*LINKS)).paths
    left = {
        k: v - v.mean(1, keepdims=True) - v.mean(0, keepdims=True) + v.mean()
        for k, v in panel.mean.items()
    }
    slope = float((left["x"] * left["m"]).sum() / (left["x"] ** 2).sum())
    assert effects(model, Level.WITHIN)[DIRECT, "x", "m"].estimate == pytest.approx(slope, abs=1e-6)


def test_a_saturated_chain_says_that_its_fit_means_nothing():
    model = whole_chain(drawn(60, 5), chain_of(*LINKS)).paths
    assert model.fit.df == 0
    assert "fits any figures" in next(c.sentence for c in model.checks if c.name == "paths_fit")


def test_a_missing_arrow_shows_in_the_fit():
    model = whole_chain(drawn(120, 6, c=0.6), chain_of(*LINKS[:2])).paths
    assert model.fit.cfi < 0.9
    assert "links are missing" in next(c.sentence for c in model.checks if c.name == "paths_fit")


def test_a_link_that_leads_back_is_left_out_as_a_ring():
    back = Link("y", "x", lag=1)
    found = graph(drawn(30, 4), chain_of(*LINKS, back))
    assert ("y", "x") not in found.links
    check = next(c for c in found.left_out if c.name == "paths_ring")
    closed = dict(check.values)["ring"]
    assert closed[0] == closed[-1]
    assert ("y", "x") in set(pairwise(closed))


def test_a_ring_is_found_and_a_chain_is_none():
    assert ring([("a", "b"), ("b", "c")]) == ()
    assert set(ring([("a", "b"), ("b", "c"), ("c", "a")])) == {"a", "b", "c"}


def test_more_parameters_between_than_units_are_refused_with_numbers():
    keys = "abcdefgh"
    rng = np.random.default_rng(2)
    panel = panel_of(**{k: rng.normal(size=(12, 1)) + rng.normal(size=(12, 5)) for k in keys})
    links = [said(p, q) for p, q in pairwise(keys)]
    model = whole_chain(panel, chain_of(*links)).paths
    assert model.refused
    check = model.checks[0]
    assert (check.name, check.status) == ("paths_parameters", BLOCK)
    assert dict(check.values) == {"units": 12, "parameters": 15}


def test_measures_that_never_meet_are_refused_by_name():
    panel = drawn(30, 8)
    panel.mean["x"][:, 4:] = np.nan
    panel.mean["y"][:, :4] = np.nan
    model = whole_chain(panel, chain_of(*LINKS[:2])).paths
    assert model.checks[0].name == "paths_overlap"
    assert set(dict(model.checks[0].values).values()) == {"x", "y"}


def test_two_waves_are_too_few_for_a_link_to_enter():
    assert whole_chain(drawn(40, 2), chain_of(*LINKS[:2])).paths is None


def test_a_single_link_is_no_chain():
    assert whole_chain(drawn(40, 5), chain_of(LINKS[0])).paths is None


def test_missing_figures_keep_their_rows():
    panel = drawn(80, 6)
    hole = np.random.default_rng(4).random((80, 6)) < 0.2
    panel.mean["m"][hole] = np.nan
    model = whole_chain(panel, chain_of(*LINKS)).paths
    assert model.rows == 80 * 6
    assert effects(model, Level.WITHIN)[INDIRECT, "x", "y"].arrives


def test_controls_are_held_equal_and_are_no_link():
    model = whole_chain(drawn(120, 6), chain_of(said("x", "m"), said("m", "y", controls=("x",))))
    found = model.paths
    assert found.controls == (("x", "y"),)
    assert (DIRECT, "x", "y") not in effects(found, Level.WITHIN)
    slope = effects(found, Level.WITHIN)[DIRECT, "m", "y"]
    assert slope.low < 0.6 < slope.high


def test_peers_and_scale_do_not_change_what_is_standardised():
    panel = drawn(60, 5)
    big = panel_of(**{k: v * (1000 if k == "y" else 1) for k, v in panel.mean.items()})
    one, other = (whole_chain(p, chain_of(*LINKS)).paths for p in (panel, big))
    for a, b in zip(one.effects, other.effects, strict=True):
        assert b.standardised == pytest.approx(a.standardised, abs=1e-5)
