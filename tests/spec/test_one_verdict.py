"""Exactly one verdict is true for any estimate and standard error, and it is the first rule's."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anello.model.evidence import (
    BETWEEN,
    COMPARISON,
    LAGGED,
    RANDOMISED,
    TWO_WAVES,
    WITHIN,
    Check,
    Claim,
    Evidence,
    Level,
    Odds,
    Verdict,
    judge,
)
from anello.stats.linear.confidence import Confidence

DESIGNS = (RANDOMISED, COMPARISON, WITHIN, LAGGED, TWO_WAVES, BETWEEN)
WORTH = 0.2


def row(estimate, se, design=WITHIN, df=20.0, units=40, blocked=False, tried=1.0):
    found = Confidence(estimate, se, df)
    q = min(1.0, found.p * tried)
    return Evidence(
        Claim("x", "y"),
        Level.WITHIN,
        design,
        "by hand",
        estimate=estimate,
        se=se,
        units=units,
        waves=6,
        worth=WORTH,
        step=1.0,
        odds=Odds(found.above(WORTH), found.above(WORTH / 2), found.p, q),
        checks=(Check("doubt", "block", ""),) if blocked else (),
    )


def rules(e):
    """Return every verdict whose own rule holds, none of them looking at the others."""
    capped = e.design is TWO_WAVES or any(c.status == "block" for c in e.checks)
    judged = e.units >= 10 and not capped
    broken = judged and e.odds.above_worth <= 0.05
    strong = e.estimate >= WORTH and e.odds.above_half >= 0.90 and e.odds.q <= 0.05
    found = judged and strong and not broken
    return {
        Verdict.DESCRIBED_ONLY: e.units < 10,
        Verdict.BREAKS: broken,
        Verdict.HOLDS: found and e.design.grade in "AB",
        Verdict.GOES_TOGETHER: found and e.design.grade in "CD",
        Verdict.CANNOT_TELL_YET: e.units >= 10 and not broken and not found,
    }


GRID = list(product(np.linspace(-0.6, 0.8, 57), np.geomspace(0.005, 2, 30)))


@pytest.mark.parametrize("blocked", [False, True])
@pytest.mark.parametrize("design", DESIGNS, ids=[d.key for d in DESIGNS])
def test_exactly_one_rule_holds_on_a_grid_of_estimate_and_error(design, blocked):
    for estimate, se in GRID:
        e = row(float(estimate), float(se), design, blocked=blocked)
        assert [v for v, true in rules(e).items() if true] == [judge(e)]


@given(
    st.floats(-2, 2),
    st.floats(0.001, 3),
    st.sampled_from(DESIGNS),
    st.floats(1, 500),
    st.integers(1, 60),
    st.booleans(),
    st.floats(1, 20),
)
def test_exactly_one_rule_holds_anywhere(estimate, se, design, df, units, blocked, tried):
    e = row(estimate, se, design, df, units, blocked, tried)
    assert [v for v, true in rules(e).items() if true] == [judge(e)]


def test_a_surely_large_effect_is_never_broken_and_a_surely_small_one_never_found():
    for estimate, se in GRID:
        verdict = judge(row(float(estimate), float(se)))
        if estimate - 2 * se > WORTH:
            assert verdict is not Verdict.BREAKS
        if estimate + 2 * se < WORTH:
            assert verdict is Verdict.BREAKS


def test_no_evidence_is_told_before_anything_else():
    nothing = Evidence(Claim("x", "y"), Level.WITHIN, WITHIN, "by hand", units=3)
    assert judge(nothing) is Verdict.CANNOT_BE_TOLD
