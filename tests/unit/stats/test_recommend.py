"""Recommend scores and their intervals, in points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anello.stats.scales.recommend import recommend_score


def rounded(values):
    return tuple(round(v, 1) for v in values)


def test_twenty_customers():
    """Eleven promoters, three detractors: 40, and the honest interval starts at 4."""
    found = recommend_score(11, 6, 3)
    assert found.score == pytest.approx(40)
    assert rounded(found.wald) == (7.8, 72.2)
    assert round(found.centre, 1) == 34.8
    assert rounded(found.adjusted) == (4.4, 65.2)


def test_everybody_a_promoter_is_not_certainty():
    found = recommend_score(10, 0, 0)
    assert found.wald == (100, 100)
    assert found.adjusted[0] < 80
    assert found.adjusted[1] <= 100


def test_nobody_answered():
    with pytest.raises(ValueError, match="at least one answer"):
        recommend_score(0, 0, 0)


counts = st.integers(0, 500)


@given(counts, counts, counts)
def test_the_score_turns_with_the_answers_and_stays_inside_the_scale(p, s, d):
    if p + s + d == 0:
        return
    there, back = recommend_score(p, s, d), recommend_score(d, s, p)
    assert there.score == pytest.approx(-back.score)
    assert there.adjusted[0] == pytest.approx(-back.adjusted[1])
    assert -100 <= there.adjusted[0] <= there.centre <= there.adjusted[1] <= 100
