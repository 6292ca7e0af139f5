"""What each scoring gives for answers that can be scored by hand."""

import pytest

from anello.model.chain import Grain, Item, Measure
from anello.model.errors import ChainFileError
from anello.model.words import Words
from anello.score import score, span

FIVE = ("proud", "recommend", "attached", "inspired", "motivated")


def scale(*columns, scoring="mean", low=1, high=5, turned=(), grain=Grain.PERSON, **more):
    items = tuple(Item(c, c in turned) for c in columns)
    return Measure(
        "m", "m", Words("", ""), "s", items, scoring, grain=grain, low=low, high=high, **more
    )


def scores(rows, measure):
    return score(rows, [measure]).to_pyarrow()["m"].to_pylist()


def test_the_civil_service_index_of_one_person_is_65(rows):
    """100, 75, 75, 50, 25 -> 65 (Cabinet Office technical guide)."""
    answers = rows("""
        proud recommend attached inspired motivated
        5     4         4        3        2
    """)
    assert scores(answers, scale(*FIVE, scoring="index_0_100")) == [65]


def test_the_civil_service_index_of_ten_people_is_53(rows):
    """65 25 70 35 50 100 90 40 20 35 -> 530 / 10."""
    answers = rows("""
        proud recommend attached inspired motivated
        5     4         4        3        2
        2     2         2        2        2
        4     4         4        4        3
        3     3         2        2        2
        3     3         3        3        3
        5     5         5        5        5
        5     5         5        4        4
        3     3         3        2        2
        2     2         2        2        1
        3     3         2        2        2
    """)
    found = scores(answers, scale(*FIVE, scoring="index_0_100"))
    assert found == [65, 25, 70, 35, 50, 100, 90, 40, 20, 35]
    assert sum(found) / len(found) == 53


def test_the_proxy_stress_index_turns_what_is_good_for_people(rows):
    """Seven turned items give 100 50 50 50 25 75 50, no bullying gives 0: 400 / 8 = 50."""
    answers = rows("""
        b1 b2 b3 b4 b5 b6 b7 bullied
        1  3  3  3  4  2  3  1
    """)
    good = tuple(f"b{i}" for i in range(1, 8))
    stress = scale(*good, "bullied", scoring="index_0_100", turned=good, min_items=8)
    assert scores(answers, stress) == [50]


def test_the_perma_index_is_read_from_recoded_answers(rows):
    """75, 100, 50, life satisfaction 8 -> 75, worthwhile 1 to 4 -> 25: 325 / 5 = 65."""
    answers = rows("""
        interest achieve friends life worthwhile
        75       100     50      75   25
    """)
    names = ("interest", "achieve", "friends", "life", "worthwhile")
    perma = scale(*names, scoring="mean", low=0, high=100, min_items=5)
    assert scores(answers, perma) == [65]


def test_a_reversed_item_is_turned_at_the_ends_of_its_scale(rows):
    answers = rows("""
        happy sad
        5     1
        4     1
        1     5
    """)
    assert scores(answers, scale("happy", "sad", turned=("sad",))) == [5, 4.5, 1]


def test_half_of_the_items_must_be_answered_unless_the_chain_says_otherwise(rows):
    answers = rows("""
        proud recommend attached inspired motivated
        5     4         3        .        .
        5     4         .        .        .
        .     .         .        .        .
    """)
    assert scores(answers, scale(*FIVE)) == [4, None, None]
    assert scores(answers, scale(*FIVE, min_items=2)) == [4, 4.5, None]
    assert scores(answers, scale(*FIVE, min_items=5)) == [None, None, None]


def test_percent_positive_counts_the_upper_two_of_five(rows):
    answers = rows("""
        q1 q2 q3 q4
        5  4  3  2
        3  3  3  3
        .  .  5  1
    """)
    assert scores(answers, scale("q1", "q2", "q3", "q4", scoring="percent_positive")) == [50, 0, 50]


@pytest.mark.parametrize(
    ("low", "high", "positive"), [(1, 5, 2), (1, 7, 3), (1, 4, 2), (0, 10, 5), (0, 1, 1)]
)
def test_percent_positive_of_any_scale_counts_answers_above_its_middle(rows, low, high, positive):
    every = "\n".join(["q", *(str(x) for x in range(low, high + 1))])
    measure = scale("q", scoring="percent_positive", low=low, high=high)
    assert sum(scores(rows(every), measure)) == 100 * positive


def test_percent_positive_of_a_reversed_item_counts_those_who_disagree(rows):
    answers = rows("""
        worried
        1
        2
        3
        5
        .
    """)
    measure = scale("worried", scoring="percent_positive", turned=("worried",))
    assert scores(answers, measure) == [100, 100, 0, 0, None]


def test_the_top_box_counts_only_the_best_answer(rows):
    answers = rows("""
        q
        5
        4
        1
        .
    """)
    assert scores(answers, scale("q", scoring="top_box")) == [100, 0, 0, None]


def test_the_recommend_score_of_twenty_customers_is_the_mean_of_their_points(rows):
    """Eleven promoters, six passives, three detractors: 55 - 15 = 40."""
    promoters, passives, detractors = [10] + [9] * 10, [7, 7, 8, 8, 8, 8], [6, 0, 3]
    everyone = [str(x) for x in promoters + passives + detractors]
    answers = rows("\n".join(["q", *everyone]))
    found = scores(answers, scale("q", scoring="recommend", low=0, high=10))
    assert sorted(set(found)) == [-100, 0, 100]
    assert sum(found) / 20 == 40


def test_a_given_figure_stays_as_it_stands(rows):
    figures = rows("""
        shmi
        0.9871
        .
    """)
    measure = scale("shmi", scoring="given", low=None, high=None, grain=Grain.UNIT)
    assert scores(figures, measure) == [0.9871, None]


def test_a_survey_weight_travels_beside_the_score(rows):
    answers = rows("""
        unit wave q w
        a    2019 5 0.5
        b    2020 . 2
    """)
    table = score(answers, [scale("q", weight="w")]).to_pyarrow()
    assert table.to_pydict() == {
        "unit": ["a", "b"],
        "wave": ["2019", "2020"],
        "m": [5, None],
        "m__w": [0.5, 2],
    }


def test_scoring_reads_no_row(rows):
    """What comes back is a question to the engine: it can still be filtered there."""
    table = score(rows("q\n5\n3"), [scale("q")])
    assert table.filter(table["m"] > 4).count().to_pyarrow().as_py() == 1


@pytest.mark.parametrize(
    ("measure", "sentence"),
    [
        (scale("q", scoring="index_0_100", low=None), "lowest and the highest answer"),
        (scale("q", turned=("q",), high=None), "lowest and the highest answer"),
        (scale("q", low=5, high=1, scoring="top_box"), "lowest and the highest answer"),
        (scale("q", low=3, high=3), "lowest and the highest answer"),
        (scale("q", scoring="recommend", low=1, high=10), "asked from 0 to 10"),
        (scale("q", scoring="recommend", low=0, high=10, grain=Grain.UNIT), "unit's figure"),
        (scale("q", "p", scoring="given"), "lists 2 items"),
        (scale("q", "p", min_items=3), "asks for 3 answered items and has 2"),
        (scale("q", "p", min_items=0), "asks for 0 answered items and has 2"),
        (scale("q", scoring="nps"), "there is no scoring called 'nps'"),
    ],
)
def test_a_measure_that_contradicts_its_scoring_is_named(rows, measure, sentence):
    with pytest.raises(ChainFileError, match=sentence) as error:
        score(rows("q p\n5 3"), [measure])
    assert error.value.path[:2] == ("measures", "m")
    assert error.value.text("it") != error.value.text("en")


def test_the_ends_of_a_score_are_known_before_any_answer():
    assert span(scale("q", scoring="recommend", low=0, high=10)) == (-100, 100)
    assert span(scale("q", scoring="index_0_100")) == (0, 100)
    assert span(scale("q")) == (1, 5)
    assert span(scale("q", low=None, high=None)) is None
