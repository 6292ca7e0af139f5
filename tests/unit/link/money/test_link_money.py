"""Links in a currency: the product beside the direct link, costs with an interval or a refusal."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from small_panels import chain_of, measure, panel_of, said

from anello.link.money import money, shortest
from anello.link.published.what_if import sears
from anello.model.chain import Worth
from anello.model.evidence import WITHIN, Claim, Evidence, Level, Odds
from anello.model.money import Amount, Cost, Disengagement, Money, Value

STEP = Worth(0.2, standardised=True)
EXACT = Amount(1000.0, 1000.0, 1000.0)
PANEL = panel_of(mood=[[2.0], [3.0], [4.0], [5.0]], leavers=[[1.0]] * 4)


def row(source, target, estimate, se, df=1e6, level=Level.WITHIN, lag=0, **more):
    """Return evidence that goes together, with this slope for a step of one."""
    odds = Odds(0.99, 0.99, 0.001, 0.001)
    known = {"units": 20, "waves": 5, "n": 100, "worth": 0.01, "step": 1.0, "odds": odds}
    claim, design = Claim(source, target, lag), WITHIN
    wished = 1 if estimate > 0 else -1
    return Evidence(claim, level, design, "by hand", estimate, se, df, wished=wished,
                    **(known | more))  # fmt: skip


def chain(*links, **said_of_money):
    made = Money("EUR", **({"values": (Value("sales", EXACT),)} | said_of_money))
    return replace(chain_of(*links), money=made)


TWO = (said("mood", "smile"), said("smile", "sales"))
PATH = (("mood", "smile", "sales"),)


def told(evidence, chain, panel=PANEL):
    return money(evidence, panel, chain, draws=200_000)


def test_a_path_is_the_product_of_its_links_times_what_the_last_is_worth():
    rows = [row("mood", "smile", 0.6, 0.1), row("smile", "sales", 0.7, 0.2)]
    (found,) = told(rows, chain(*TWO, paths=PATH))
    a = np.random.default_rng(7).normal(0.6, 0.1, 1_000_000)
    b = np.random.default_rng(8).normal(0.7, 0.2, 1_000_000)
    expected = np.quantile(1000 * a * b, [0.025, 0.5, 0.975])
    shown = (found.product.low, found.product.mid, found.product.high)
    assert shown == pytest.approx(tuple(expected), rel=0.02)
    assert (found.per, found.conditional) == (("unit", "wave"), False)
    assert (found.units, found.waves, found.n) == (20, 5, 100)
    assert found.everywhere.mid == pytest.approx(20 * found.product.mid)


def test_few_degrees_of_freedom_widen_the_sum():
    wide, narrow = (
        told([row("smile", "sales", 0.7, 0.2, df=df)], chain(TWO[1]))[0].product
        for df in (4.0, 1e6)
    )
    assert wide.high - wide.low == pytest.approx(2 * 2.776 * 200, rel=0.03)
    assert narrow.high - narrow.low == pytest.approx(2 * 1.96 * 200, rel=0.03)


def test_a_year_has_as_many_waves_as_was_said():
    (week,), (year,) = (
        told([row("smile", "sales", 0.7, 0.2)], chain(TWO[1], waves_per_year=waves))
        for waves in (None, 52.0)
    )
    assert year.per == ("unit", "year")
    assert year.product.mid == pytest.approx(52 * week.product.mid, rel=1e-6)


def test_a_worth_over_a_year_needs_to_know_how_long_that_is():
    yearly = (Value("sales", EXACT, per="year"),)
    (found,) = told([row("smile", "sales", 0.7, 0.2)], chain(TWO[1], values=yearly))
    assert found.product is None
    assert "waves_per_year" in found.refused.sentence
    known = chain(TWO[1], values=yearly, waves_per_year=52.0)
    (found,) = told([row("smile", "sales", 0.7, 0.2)], known)
    assert found.product.mid == pytest.approx(700, rel=0.01)


def test_the_direct_link_stands_beside_the_product_and_is_never_added():
    rows = [row("mood", "smile", 0.6, 0.05), row("smile", "sales", 0.7, 0.05),
            row("mood", "sales", 0.45, 0.05)]  # fmt: skip
    (found,) = told(rows, chain(*TWO, said("mood", "sales"), paths=PATH))
    assert found.product.mid == pytest.approx(420, rel=0.02)
    assert found.direct.mid == pytest.approx(450, rel=0.02)
    assert not found.disagree


def test_two_estimates_that_disagree_beyond_chance_are_said_to():
    rows = [row("mood", "smile", 0.6, 0.02), row("smile", "sales", 0.7, 0.02),
            row("mood", "sales", 1.0, 0.02)]  # fmt: skip
    (found,) = told(rows, chain(*TWO, said("mood", "sales"), paths=PATH))
    assert found.disagree


def test_a_direct_link_that_looks_further_ahead_is_another_question():
    rows = [row("mood", "smile", 0.6, 0.02), row("smile", "sales", 0.7, 0.02),
            row("mood", "sales", 1.0, 0.02, lag=1)]  # fmt: skip
    (found,) = told(rows, chain(*TWO, said("mood", "sales", lag=1), paths=PATH))
    assert found.direct is None


@pytest.mark.parametrize(
    "weak",
    [
        row("smile", "sales", 0.7, 0.2, level=Level.BETWEEN),
        row("smile", "sales", 0.7, 0.2, odds=Odds(0.5, 0.5, 0.5, 0.5)),
    ],
    ids=["between", "open"],
)
def test_anything_that_does_not_go_together_within_units_is_conditional(weak):
    (found,) = told([weak], chain(TWO[1]))
    assert found.conditional
    assert found.product is not None


def test_a_link_without_an_interval_has_no_sum():
    described = replace(row("smile", "sales", 0.7, None), se=None, df=None, odds=None, units=6)
    (found,) = told([described], chain(TWO[1]))
    assert found.product is None
    assert dict(found.refused.values) == {"source": "smile", "target": "sales"}


def test_levels_are_not_multiplied_with_each_other():
    rows = [row("mood", "smile", 0.6, 0.1), row("smile", "sales", 0.7, 0.2, level=Level.BETWEEN)]
    (found,) = told(rows, chain(*TWO, paths=PATH))
    assert "not multiplied" in found.refused.sentence


def test_without_paths_the_links_into_money_and_the_shortest_ways_of_staff_are_taken():
    rows = [row("mood", "smile", 0.6, 0.1), row("smile", "sales", 0.7, 0.2)]
    assert [f.path for f in told(rows, chain(*TWO))] == [("smile", "sales"), PATH[0]]


def test_the_shortest_way_goes_round_no_loop():
    looped = chain_of(*TWO, said("sales", "mood", lag=1))
    assert shortest(looped, "mood", "sales") == PATH[0]
    assert shortest(looped, "sales", "smile") == ("sales", "mood", "smile")
    assert shortest(chain_of(*TWO), "sales", "mood") is None


def charged(reference=None, makes=1.0, estimate=-2.0):
    cost = Cost("leavers", "leavers", Amount(500.0, 500.0, 500.0), makes)
    made = chain(said("mood", "leavers"), values=(),
                 disengagement=Disengagement("mood", (cost,), reference))  # fmt: skip
    return told([row("mood", "leavers", estimate, 0.2)], made)


def test_leavers_are_charged_for_what_units_lack_to_the_reference():
    leavers, customers, hours = charged(reference=4.0)
    # Moods 2, 3, 4, 5 lack 2 + 1 to reach 4: 3 points x 2 leavers x 500 euro a wave.
    assert leavers.product.mid == pytest.approx(3000, rel=0.01)
    assert (leavers.per, leavers.step) == (("wave",), 4.0)
    assert leavers.product.high - leavers.product.low == pytest.approx(2 * 1.96 * 300, rel=0.02)
    assert {f.product for f in (customers, hours)} == {None}
    assert "hours of managers" in hours.refused.sentence


def test_without_a_reference_the_best_quarter_is_taken():
    leavers = charged()[0]
    assert leavers.step == pytest.approx(4.25)
    assert leavers.product.mid == pytest.approx((2.25 + 1.25 + 0.25) * 2 * 500, rel=0.01)


def test_a_share_of_a_leaver_is_charged_as_a_share():
    assert charged(4.0, makes=0.25)[0].product.mid == pytest.approx(750, rel=0.01)


def test_where_more_is_worse_the_shortfall_is_what_stands_above():
    strain = panel_of(strain=[[2.0], [3.0], [4.0], [5.0]], leavers=[[1.0]] * 4)
    cost = Cost("leavers", "leavers", Amount(500.0, 500.0, 500.0))
    base = chain_of(said("strain", "leavers"), measures=[measure("strain", higher_is_better=False)])
    made = Money("EUR", disengagement=Disengagement("strain", (cost,), 3.0))
    found = told([row("strain", "leavers", 2.0, 0.2)], replace(base, money=made), strain)
    assert found[0].product.mid == pytest.approx((1 + 2) * 2 * 500, rel=0.01)


def test_a_cost_that_no_link_leads_to_is_refused():
    cost = Cost("hours", "hours", EXACT)
    made = chain_of(said("mood", "leavers"), measures=[measure("hours")])
    made = replace(made, money=Money("EUR", disengagement=Disengagement("mood", (cost,))))
    hours = told([row("mood", "leavers", -2.0, 0.2)], made)[2]
    assert dict(hours.refused.values) == {"source": "mood", "target": "hours"}


def test_a_chain_that_says_nothing_of_money_has_none():
    assert told([row("smile", "sales", 0.7, 0.2)], chain_of(TWO[1])) == ()


def test_the_same_seed_gives_the_same_sums():
    rows = [row("smile", "sales", 0.7, 0.2)]
    assert told(rows, chain(TWO[1])) == told(rows, chain(TWO[1]))


def test_sears_gives_back_what_was_published_in_a_straight_line():
    assert (sears(5).customer, sears(5).growth) == (1.3, 0.5)
    assert (sears(10).customer, sears(10).growth) == (2.6, 1.0)
    assert sears(-5).growth == -0.5
    assert "unpublished model" in sears(5).banner.en
