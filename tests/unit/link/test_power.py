"""What so many units and waves find: simulated by the product's own estimator and rule."""

from dataclasses import replace

import numpy as np
import pytest
from small_panels import SAID, chain_of, drawn, measure, panel_of, said

from anello.link import judge
from anello.link.fit_power import fit_power
from anello.link.plans import could_have_found, from_history, from_plan, of_history, of_plan
from anello.link.power import Design, cap, detectable, reckoned, simulate, units_for, waves_for
from anello.model.chain import Grain, Worth
from anello.model.errors import ModelError
from anello.model.evidence import Level, Verdict
from anello.model.plan import Planned
from anello.stats.power.series import Parts

LINK = said("x", "y")
SIDE = Parts(0.5, 0.5, 0.5)


def design(units, waves, **more):
    return Design(units, waves, SIDE, SIDE, **more)


def test_the_simulated_verdicts_are_those_of_the_product_on_whole_panels():
    """The share of panels that go together is the one that was planned."""
    counts = 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(20, 4))
        y = 0.4 * x + np.sqrt(1 - 0.16) * rng.normal(size=(20, 4))
        inside = judge(panel_of(x=x, y=y), chain_of(LINK)).evidence[1]
        counts += replace(inside, odds=replace(inside.odds, q=inside.odds.p)).verdict is (
            Verdict.GOES_TOGETHER
        )
    side = Parts(0.5, 0.5, 0.0)
    told = simulate(Design(20, 4, side, side), Level.WITHIN, 0.4, SAID, draws=4000)
    assert counts / 150 == pytest.approx(told.found, abs=4 * 0.04)


@pytest.mark.parametrize(("r", "textbook"), [(0.2, 194), (0.3, 85)])
def test_between_units_a_correlation_takes_about_as_many_as_every_table_says(r, textbook):
    found = units_for(design(50, 1), Level.BETWEEN, r, draws=2000)
    assert 0.97 * textbook <= found <= 1.10 * textbook


def test_no_effect_is_seen_as_seldom_as_the_rule_promises():
    told = simulate(design(30, 5), Level.WITHIN, 0.0, SAID, draws=4000)
    assert told.seen == pytest.approx(0.025, abs=0.01)


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("units", [30, 100])
def test_what_is_computed_at_once_is_near_what_is_simulated(level, units):
    told = simulate(design(units, 6), level, 0.3, SAID, draws=2000)
    near = reckoned(design(units, 6), level, 0.3, 0.2)
    assert (near.seen, near.found) == pytest.approx((told.seen, told.found), abs=0.05)


def test_more_units_more_waves_and_better_measures_find_more():
    base = simulate(design(20, 4), Level.WITHIN, 0.3, SAID).seen
    assert simulate(design(40, 4), Level.WITHIN, 0.3, SAID).seen > base
    assert simulate(design(20, 8), Level.WITHIN, 0.3, SAID).seen > base
    assert simulate(design(20, 4, noise=(0.5, 0.5)), Level.WITHIN, 0.3, SAID).seen < base


def test_the_numbers_of_a_plan_reach_what_they_promise():
    found = units_for(design(20, 6), Level.WITHIN, 0.2, draws=2000)
    told = simulate(design(found, 6), Level.WITHIN, 0.2, SAID, draws=4000, seed=9)
    assert told.seen == pytest.approx(0.80, abs=0.03)
    longer = waves_for(design(20, 6), Level.WITHIN, 0.2, draws=2000)
    assert simulate(design(20, longer), Level.WITHIN, 0.2, SAID, draws=4000, seed=9).seen >= 0.77
    least = detectable(design(20, 6), Level.WITHIN, draws=2000)
    told = simulate(design(20, 6), Level.WITHIN, least, SAID, draws=4000, seed=9)
    assert told.seen == pytest.approx(0.80, abs=0.03)


def test_the_same_seed_gives_the_same_numbers_and_says_their_error():
    one, two = (simulate(design(12, 3), Level.BETWEEN, 0.5, SAID, draws=500) for _ in range(2))
    assert one == two
    assert one.error == pytest.approx(np.sqrt(one.seen * (1 - one.seen) / 500))


@pytest.mark.parametrize(
    ("made", "level", "word"),
    [
        (design(9, 6), Level.BETWEEN, "fewer than ten"),
        (design(20, 2), Level.WITHIN, "three waves"),
        (design(20, 8, lag=1), Level.WITHIN, "ten waves"),
    ],
)
def test_a_design_that_the_rule_does_not_judge_reaches_no_verdict(made, level, word):
    assert word in cap(made, level)
    told = simulate(made, level, 0.9, SAID, draws=50)
    assert (told.found, told.broken) == (0.0, 0.0)


def test_a_history_is_read_back_into_a_design():
    made = of_history(drawn(400, 6, 0.0), LINK, Level.WITHIN)
    assert (made.units, made.waves) == (400, 6)
    assert made.source.moving == pytest.approx(1.0, rel=0.1)
    assert made.source.autocorrelation == pytest.approx(0.0, abs=0.1)


def test_a_link_without_rows_has_no_prospect_and_says_so_with_zeros():
    empty = panel_of(x=[[np.nan, np.nan]] * 4, y=[[1.0, 2.0]] * 4)
    found = from_history(empty, chain_of(LINK), draws=0)
    assert [(p.units, p.seen) for p in found] == [(0, None), (0, None)]


def test_a_flat_measure_has_no_prospect():
    flat = panel_of(x=[[3.0, 3.0, 3.0]] * 12, y=np.random.default_rng(1).normal(size=(12, 3)))
    assert of_history(flat, LINK, Level.WITHIN) is None


def test_an_effect_in_units_of_the_target_is_turned_by_the_history():
    raw = said("x", "y", worth=Worth(0.4, step=1.0))
    panel = drawn(60, 5, 0.5)
    inside = from_history(panel, chain_of(raw), draws=0)[1]
    found = could_have_found(judge(panel, chain_of(raw)).evidence[1])
    assert inside.worth == pytest.approx(found.worth, rel=0.15)


def test_before_anything_is_asked_such_an_effect_cannot_be_turned():
    raw = said("x", "y", worth=Worth(0.4, step=1.0))
    (between, _) = from_plan(chain_of(raw), Planned(20, 6), draws=0)
    assert (between.worth, between.seen, between.units_for) == (None, None, None)
    assert between.detectable is not None


def test_people_who_answer_make_means_less_reliable_and_figures_of_units_do_not():
    people = [measure(k, grain=Grain.PERSON) for k in "xy"]
    planned = Planned(40, 6, size=12, icc=0.1)
    asked = from_plan(chain_of(LINK, measures=people), planned, draws=0)
    counted = from_plan(chain_of(LINK), planned, draws=0)
    assert asked[1].seen < counted[1].seen
    assert of_plan(planned).noise[0] == pytest.approx(1 / 0.571429 - 1, rel=1e-5)


def test_what_data_could_have_found_comes_from_their_own_error():
    e = judge(drawn(40, 6, 0.0), chain_of(LINK)).evidence[1]
    found = could_have_found(e)
    # With many degrees of freedom 2.8 errors are seen in four of five.
    assert found.detectable == pytest.approx(2.8 * e.se * e.sd_source / e.sd_target, rel=0.1)
    assert could_have_found(replace(e, se=None)) is None


@pytest.mark.parametrize(
    "wrong",
    [
        Planned(0, 3),
        Planned(10, 0),
        Planned(10, 3, size=-1),
        Planned(10, 3, icc=0.0),
        Planned(10, 3, stable=1.0),
        Planned(10, 3, autocorrelation=1.0),
        Planned(10, 3, reliability=(0.0, 0.5)),
        Planned(10, 3, icc=float("nan")),
    ],
)
def test_a_plan_that_cannot_be_is_refused(wrong):
    with pytest.raises(ModelError):
        of_plan(wrong)


@pytest.mark.parametrize("more", [{"effect": 0.0}, {"effect": 1.0}, {"worth": -1}, {"draws": 3}])
def test_an_effect_that_cannot_be_is_refused(more):
    with pytest.raises(ModelError):
        fit_power(Planned(20, 6), **more)


def test_fit_power_prints_the_textbook_beside_the_product():
    found = fit_power(Planned(20, 3, reliability=(0.8, 0.8)), effect=0.3, draws=200)
    assert found["correlation"]["units"] == 85
    assert found["correlation"]["observed_r"] == pytest.approx(0.24)
    assert [row["level"] for row in found["levels"]] == ["between", "within"]
