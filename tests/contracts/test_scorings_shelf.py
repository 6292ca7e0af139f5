"""Every scoring on the shelf keeps the contract before its author writes a test."""

import ibis
import pytest

from anello.model.chain import Grain, Item, Measure
from anello.model.words import Words
from anello.score import SCORINGS, Scoring, base

NONE = Words("", "")
ENDS = {"recommend": (0, 10), "sentiment": (-2, 2), "topic_share": (0, 1)}


def measure(scoring: str) -> Measure:
    low, high = ENDS.get(scoring, (1, 5))
    return Measure(
        "m", "m", NONE, "s", (Item("q"),), scoring, grain=Grain.PERSON, low=low, high=high
    )


@pytest.fixture(params=SCORINGS)
def scoring(request: pytest.FixtureRequest) -> Scoring:
    return SCORINGS[request.param]


def points(scoring: Scoring, answers: list[float | None]) -> list[float | None]:
    table = ibis.memtable({"q": answers}, schema={"q": "float64"})
    column = scoring.points(table["q"], measure(scoring.key))
    return ibis.duckdb.connect().to_pyarrow(column).to_pylist()


def test_a_scoring_stands_under_its_own_key(scoring):
    assert SCORINGS[scoring.key] is scoring


def test_a_scoring_lives_in_the_file_of_its_key(scoring):
    assert type(scoring).__module__ == f"anello.score.{scoring.key}"


def test_a_missing_answer_earns_no_points(scoring):
    assert points(scoring, [None, 5.0])[0] is None


def test_a_better_answer_never_earns_fewer_points(scoring):
    one = measure(scoring.key)
    ladder = [float(x) for x in range(int(one.low), int(one.high) + 1)]
    earned = points(scoring, ladder)
    assert earned == sorted(earned)
    assert earned[0] < earned[-1]


def test_the_worst_and_the_best_answer_earn_the_ends_of_the_span(scoring):
    one = measure(scoring.key)
    assert tuple(points(scoring, [one.low, one.high])) == scoring.span(one)


def test_points_are_float64(scoring):
    table = ibis.table({"q": "float64"}, name="t")
    assert scoring.points(table["q"], measure(scoring.key)).type().is_float64()


def test_only_scorings_that_are_straight_lines_take_the_figure_of_a_unit(scoring):
    """The points of a mean are the mean of the points, or the scoring says `of_answers`."""
    one = measure(scoring.key)
    middle = (one.low + one.high) / 2
    low, mid, high = points(scoring, [one.low, middle, one.high])
    straight = mid == (low + high) / 2
    assert scoring.of_answers is not straight


def test_a_scoring_says_in_a_docstring_what_it_does(scoring):
    assert len(type(scoring).__doc__ or "") > 60
    base.check(measure(scoring.key), scoring)
