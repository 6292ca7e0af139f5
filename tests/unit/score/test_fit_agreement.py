"""Agreement of one scale in a file, as `anello fit agreement` prints it."""

import json

import pytest

from anello.model.errors import ModelError, SourceError
from anello.score.fit_agreement import fit_agreement

TWO_TEAMS = """\
team,q1,q2,q3
north,4,4,5
north,5,4,4
north,4,5,5
north,4,4,4
south,1,3,5
south,5,2,3
south,2,5,1
south,4,1,4
"""


@pytest.fixture
def fitted(tmp_path):
    def fit(text=TWO_TEAMS, items=("q1", "q2", "q3"), group="team", low=1, high=5):
        path = tmp_path / "answers.csv"
        path.write_text(text, encoding="utf-8")
        return fit_agreement(path, items=items, group=group, low=low, high=high)

    return fit


def test_a_team_that_agrees_and_a_team_that_quarrels(fitted):
    found = fitted()
    assert (found["model"], found["n"], found["groups"], found["dropped"]) == ("agreement", 8, 2, 0)
    agreement = found["rwgj"]["values"]
    assert agreement == {"north": pytest.approx(0.9489796, abs=5e-8), "south": 0}
    assert found["rwgj"]["median"] == pytest.approx(0.9489796 / 2, abs=5e-8)
    assert found["rwgj"]["max"] == agreement["north"]
    deviation = found["ad"]["values"]
    assert (deviation["north"], deviation["south"]) == pytest.approx((0.4166667, 1.3333333))
    assert found["r_star"]["values"]["south"] == pytest.approx(-0.5277778)


def test_what_cannot_be_told_is_null_and_is_left_out_of_the_mean(fitted):
    found = fitted()
    assert found["awg"]["values"] == {"north": None, "south": pytest.approx(-0.1574074)}
    assert found["awg"]["mean"] == found["awg"]["values"]["south"]
    assert "NaN" not in json.dumps(found)


def test_a_lenient_null_is_shown_beside_the_uniform_one(fitted):
    found = fitted()
    assert found["nulls"]["uniform"] == 2
    north = [found["rwgj_skewed"][k]["values"]["north"] for k in ("slight", "moderate", "heavy")]
    assert found["rwgj"]["values"]["north"] > north[0] > north[1] > north[2] > 0


def test_scales_without_five_options_have_only_the_uniform_null(fitted):
    assert fitted(high=7)["rwgj_skewed"] == {}
    assert fitted(high=7)["nulls"] == {"uniform": 4}


def test_both_kinds_of_icc_are_printed_under_their_names(fitted):
    """One item, 4 5 4 5 | 2 3 2 3 | 3 3 4 4: F = 12, ICC(1) .7333, tau = (4 - 1/3) / 4."""
    text = "g,q\n" + "".join(
        f"{g},{q}\n" for g, qs in zip("abc", ("4545", "2323", "3344"), strict=True) for q in qs
    )
    found = fitted(text, items=["q"], group="g")
    anova, reml = found["icc"]["anova"], found["icc"]["reml"]
    assert (anova["f"], anova["icc1"]) == pytest.approx((12, 11 / 15))
    assert anova["p"] == pytest.approx(0.00289, abs=5e-6)
    assert (reml["tau"], reml["sigma2"], reml["mean"]) == pytest.approx((11 / 12, 1 / 3, 3.5))
    assert (reml["icc1"], reml["icc2"]) == pytest.approx((11 / 15, 11 / 12))
    assert (found["alpha"], found["omega"]) == (None, None)
    assert found["rwgj"]["values"]["a"] == pytest.approx(5 / 6)


def test_alpha_is_that_of_all_people_together(fitted):
    """Variances 2.2679, 2.0000, 1.8393, of the sum 5.2679: 3/2 (1 - 6.1071 / 5.2679)."""
    people = [
        (4, 4, 5),
        (5, 4, 4),
        (4, 5, 5),
        (4, 4, 4),
        (1, 3, 5),
        (5, 2, 3),
        (2, 5, 1),
        (4, 1, 4),
    ]

    def variance(x):
        return sum((v - sum(x) / len(x)) ** 2 for v in x) / (len(x) - 1)

    items = sum(variance(q) for q in zip(*people, strict=True))
    total = variance([sum(p) for p in people])
    assert fitted()["alpha"] == pytest.approx(1.5 * (1 - items / total))


def test_people_who_left_an_item_out_are_dropped_and_counted(fitted):
    found = fitted(TWO_TEAMS + "south,,1,1\nsouth,5,5,\n")
    assert (found["n"], found["dropped"]) == (8, 2)
    assert found["rwgj"] == fitted()["rwgj"]


def test_the_order_of_rows_changes_nothing(fitted):
    head, *rows = TWO_TEAMS.splitlines()
    assert fitted("\n".join([head, *reversed(rows)])) == fitted()


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ("team,q1,q2,q3\na,1,2,9\nb,1,2,3\n", SourceError, "row 2, column 'q3': 9"),
        ("team,q1,q2,q3\na,1,2,3\nb,1,two,3\n", SourceError, "row 3, column 'q2': 'two'"),
        ("team,q1,q2\na,1,2\n", SourceError, "no column 'q3'"),
        ("team,q1,q2,q3\na,1,2,3\na,1,2,3\n", ModelError, "there are 1"),
        ("team,q1,q2,q3\na,,2,3\nb,1,2,\n", ModelError, "there are 0"),
    ],
)
def test_bad_input_gets_one_sentence(fitted, text, error, sentence):
    with pytest.raises(error, match=sentence):
        fitted(text)


def test_items_must_be_named_once(fitted):
    for items in ([], ["q1", "q1"]):
        with pytest.raises(ModelError, match="one or more different items"):
            fitted(items=items)


def test_a_scale_has_a_lowest_answer_below_its_highest(fitted):
    with pytest.raises(ModelError, match="the scale goes from 5 to 1; the lowest answer must be"):
        fitted(low=5, high=1)


def test_a_scale_has_two_ends(fitted):
    with pytest.raises(ModelError, match="the scale goes from nan to 5"):
        fitted(low=float("nan"), high=5)


def test_a_missing_file_is_named_without_a_word_of_chains():
    with pytest.raises(SourceError, match=r"^There is no file nowhere\.csv\.$"):
        fit_agreement("nowhere.csv", items=["q1"], group="team", low=1, high=5)


def test_a_group_column_may_be_called_unit(fitted):
    assert fitted(TWO_TEAMS.replace("team", "unit"), group="unit")["groups"] == 2
