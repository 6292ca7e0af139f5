"""What one slope would come to on its own, by the rules of the verdict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_panels import drawn, looked, said

from anello.link.stake import Stake
from anello.model.chain import Worth
from anello.model.evidence import WITHIN, Claim, Evidence, Level, Odds, Verdict
from anello.stats.linear.confidence import Confidence

WORDS = {
    Verdict.GOES_TOGETHER: "found",
    Verdict.BREAKS: "broken",
    Verdict.CANNOT_TELL_YET: "open",
}


def test_the_effect_is_turned_and_counted_per_step():
    link = said("x", "y", worth=Worth(0.02, step=0.1), expected_sign=-1)
    look = looked(drawn(30, 4, 1.0), link)
    found = look.stake(look.slope)
    assert (found.worth, found.step) == (0.02, 0.1)
    assert found.turned.estimate == pytest.approx(-0.1 * look.slope.estimate)
    assert found.turned.se == pytest.approx(0.1 * look.slope.confidence.se)
    assert found.settles == "broken"


@given(st.floats(-2, 2), st.floats(0.001, 3), st.floats(1, 500))
def test_its_word_is_the_verdict_of_a_single_claim(estimate, se, df):
    found = Confidence(estimate, se, df)
    row = Evidence(
        Claim("x", "y"),
        Level.WITHIN,
        WITHIN,
        "by hand",
        estimate=estimate,
        units=40,
        worth=0.2,
        step=1.0,
        odds=Odds(found.above(0.2), found.above(0.1), found.p, found.p),
    )
    assert WORDS[row.verdict] == Stake(found, 0.2, 1.0).settles


def test_a_second_look_overturns_only_what_the_first_settled():
    strong = looked(drawn(60, 6, 1.0), said("x", "y"))
    none = looked(drawn(60, 6, 0.0), said("x", "y"))
    unsure = looked(drawn(12, 3, 0.2, seed=3), said("x", "y"))
    assert strong.stake(strong.slope).settles == "found"
    assert strong.overturned(none.slope)
    assert not strong.overturned(strong.slope)
    assert unsure.stake(unsure.slope).settles == "open"
    assert not unsure.overturned(strong.slope)
