"""What a mixed model of counts refuses, each in one sentence."""

import csv
from random import Random

import pytest

from anello.model.errors import FormulaError, ModelError
from anello.store.fit_glmm import fit_glmm


def answers():
    """Return six shops of ten people whose answers vary."""
    chance = Random(7)
    return [
        {
            "shop": f"s{i // 10}", "x": i % 4, "twice": 2 * (i % 4), "stays": chance.randint(0, 1),
            "mood": chance.randint(1, 4), "calls": chance.randint(0, 5), "people": 1 + i % 3,
            "trend": i // 10 % 2, "word": ("low", "mid", "high")[i % 3], "empty": "",
        }
        for i in range(60)
    ]  # fmt: skip


def fitted(tmp_path, formula, rows=None, **options):
    rows = rows or answers()
    path = tmp_path / "answers.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return fit_glmm(formula, str(path), **options)


def changed(**values):
    return [row | {k: v(row) if callable(v) else v for k, v in values.items()} for row in answers()]


@pytest.mark.parametrize(
    ("formula", "options", "rows", "sentence"),
    [
        ("stays ~ x + (1 | shop)", {}, changed(stays=1), "does not vary"),
        ("stays ~ x + (1 | shop)", {}, changed(shop="s0"), "only one group in 'shop'"),
        ("stays ~ x + twice + (1 | shop)", {}, None, "'twice' repeats"),
        ("stays ~ x + empty + (1 | shop)", {}, None, "'empty' holds no value"),
        ("stays ~ x + (1 | shop)", {}, changed(stays=lambda r: int(r["x"] > 1)), "end of 'x'"),
        (
            "stays ~ 1 + (1 | shop)", {},
            changed(stays=lambda r: int(r["shop"] > "s2")), "one and the same answer",
        ),
        (
            "stays ~ x + (1 | shop)", {"weights": "people"},
            changed(people=lambda r: r["people"] - 1), "zero or negative in 20 rows",
        ),
        (
            "stays ~ x + (1 | shop)", {"weights": "people"},
            changed(people=-1), "zero or negative in 60 rows",
        ),
        ("stays ~ x + (1 | shop)", {"agq": 0}, None, "0 nodes for 1"),
        ("mood ~ x + (1 | shop)", {}, None, "two different answers"),
        ("word ~ x + (1 | shop)", {"family": "ordinal"}, None, "say their order"),
        (
            "word ~ x + (1 | shop)", {"family": "ordinal", "order": ("low", "mid", "high", "top")},
            None, "Nobody chose 'top'",
        ),
        (
            "word ~ x + (1 | shop)", {"family": "ordinal", "order": ("low", "mid")},
            None, "does not name",
        ),
        ("stays ~ x + (1 | shop)", {"family": "ordinal"}, None, "three or more"),
        ("cbind(calls, mood) ~ x + (1 | shop)", {"family": "poisson"}, None, "binomial model"),
        ("calls / mood ~ x + (1 | shop)", {}, None, "more yes than answers"),
        ("calls ~ x + (1 | shop)", {"family": "poisson"}, changed(calls=0.5), "not a count"),
        ("stays ~ log(x) + (1 | shop)", {}, None, "logarithm needs numbers above zero"),
        ("stays ~ x + (1 | shop) + (1 | word)", {"agq": 9}, None, "one node"),
        ("stays ~ x + (1 | shop)", {"link": "cauchit"}, None, "no binomial model"),
        ("stays ~ x + (1 + x | shop) + (1 | shop)", {}, None, "twice"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_cannot_be_fitted_is_said_in_one_sentence(tmp_path, formula, options, rows, sentence):
    with pytest.raises(ModelError, match=sentence) as caught:
        fitted(tmp_path, formula, rows, **options)
    assert caught.value.text("it") != caught.value.text("en")


@pytest.mark.parametrize(
    ("formula", "sentence", "caret"),
    [
        ("stays x", "~ is missing", 7),
        ("stays ~ x", "no group", 9),
        ("stays ~ x + sqrt(x) + (1 | shop)", "sqrt", 12),
        ("stays ~ x + (1 | shop + x)", "A group is a column", 16),
        ("stays ~ x + (1 | shop", "never closed", 12),
        ("stays + x ~ x + (1 | shop)", "cbind", 0),
        ("stays ~ x + (1 | shp)", "did you mean 'shop'", 17),
    ],
)
def test_a_fault_in_a_formula_is_pointed_at(tmp_path, formula, sentence, caret):
    with pytest.raises(FormulaError, match=sentence) as caught:
        fitted(tmp_path, formula)
    lines = str(caught.value).splitlines()
    assert lines[1] == "  " + formula
    assert lines[2] == "  " + " " * caret + "^"


def test_no_spread_is_reported_as_singular(tmp_path):
    rows = changed(stays=lambda r: int((r["x"] + int(r["shop"][1])) % 2))
    found = fitted(tmp_path, "stays ~ 1 + (1 | shop)", rows)
    assert found["singular"]
    assert found["converged"]
    assert found["varcomp"][0]["variance"] == 0
    assert any("zero" in note for note in found["notes"])


def test_few_groups_are_warned_of_in_both_languages(tmp_path):
    english = fitted(tmp_path, "stays ~ x + (1 | shop)")["notes"]
    italian = fitted(tmp_path, "stays ~ x + (1 | shop)", language="it")["notes"]
    assert any("Only 6 groups in shop" in note for note in english)
    assert len(english) == len(italian)
    assert set(english).isdisjoint(italian)


def test_a_row_that_misses_a_value_is_dropped_and_counted(tmp_path):
    rows = answers()
    rows[3]["x"] = rows[9]["stays"] = rows[11]["shop"] = ""
    found = fitted(tmp_path, "stays ~ x + (1 | shop)", rows)
    assert (found["n"], found["dropped"]) == (57, 3)


def test_strange_names_of_columns_are_taken_in_backticks(tmp_path):
    rows = [{"the shop": r["shop"], 'hours "x"': r["x"], "stays?": r["stays"]} for r in answers()]
    plain = fitted(tmp_path, "stays ~ x + (1 | shop)")
    odd = fitted(tmp_path, '`stays?` ~ `hours "x"` + (1 | `the shop`)', rows)
    assert odd["loglik"] == plain["loglik"]
    assert odd["fixed"][1]["term"] == '`hours "x"`'


@pytest.mark.parametrize(
    "spelled",
    [("leaves", "stays"), ("FALSE", "TRUE"), ("a", "b")],
    ids=["words", "logical", "letters"],
)
def test_two_answers_may_be_spelled_in_any_way(tmp_path, spelled):
    rows = changed(stays=lambda r: spelled[r["stays"]])
    found = fitted(tmp_path, "stays ~ x + (1 | shop)", rows)
    plain = fitted(tmp_path, "stays ~ x + (1 | shop)")
    assert found["loglik"] == pytest.approx(plain["loglik"], rel=1e-12)
    assert found["answers"] == list(spelled)


def test_a_weight_counts_as_that_many_people(tmp_path):
    weighted = fitted(tmp_path, "stays ~ x + (1 | shop)", weights="people", agq=9)
    rows = [row for row in answers() for _ in range(row["people"])]
    repeated = fitted(tmp_path, "stays ~ x + (1 | shop)", rows, agq=9)
    assert weighted["loglik"] == pytest.approx(repeated["loglik"], rel=1e-12)
    for one, other in zip(weighted["fixed"], repeated["fixed"], strict=True):
        assert one["estimate"] == pytest.approx(other["estimate"], rel=1e-7)
        assert one["se"] == pytest.approx(other["se"], rel=1e-6)


def test_shares_with_their_number_of_answers_are_counts(tmp_path):
    rows = changed(n=lambda r: 6, yes=lambda r: r["calls"], share=lambda r: r["calls"] / 6)
    shares = fitted(tmp_path, "share ~ x + (1 | shop)", rows, weights="n")
    counts = fitted(tmp_path, "yes / n ~ x + (1 | shop)", rows)
    both = fitted(tmp_path, "cbind(yes, no) ~ x + (1 | shop)",
                  [row | {"no": 6 - row["yes"]} for row in rows])  # fmt: skip
    assert shares["loglik"] == pytest.approx(counts["loglik"], rel=1e-10)
    assert both["loglik"] == pytest.approx(counts["loglik"], rel=1e-12)


def test_an_ordinal_model_of_words_is_that_of_their_ranks(tmp_path):
    order = ("low", "mid", "high")
    rows = changed(rank=lambda r: 10 * order.index(r["word"]))
    words = fitted(tmp_path, "word ~ x + (1 | shop)", rows, family="ordinal", order=order)
    ranks = fitted(tmp_path, "rank ~ 0 + x + (1 | shop)", rows, family="ordinal")
    assert words["loglik"] == pytest.approx(ranks["loglik"], rel=1e-12)
    assert [t["term"] for t in words["thresholds"]] == ["low|mid", "mid|high"]
