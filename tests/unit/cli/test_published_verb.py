"""`anello published`: the register, one link, and one own correlation beside it."""

import json

import pytest
from click.testing import CliRunner

from anello.cli import app

ANSWERS = (
    "contact=much,relation=relation,personal=personal,labour_share=40,units=20,"
    "employees_per_unit=8,customers_per_unit=900"
)
LINK = "customer_satisfaction ~ engagement"


def told(*words):
    return CliRunner().invoke(app, ["published", *words])


def test_the_whole_register_is_listed_with_marks_and_nothing_from_memory():
    found = json.loads(told("--json").stdout)["findings"]
    assert len(found) > 100
    assert {row["status"] for row in found} == {"V", "V2", "R"}


def test_three_lines_for_an_own_correlation():
    given = ("--r", "0.42", "--n", "20", "--answers", ANSWERS, "--spread", "0.13")
    found = json.loads(told(LINK, *given, "--attenuation", "0.8", "--json").stdout)["findings"]
    first = found[0]
    assert (first["verdict"], first["leans"]) == ("cannot_tell_yet", 1)
    assert first["alone"]["r"] == pytest.approx(0.42)
    assert all("alone" not in row for row in found[1:])


def test_without_answers_the_first_question_is_asked():
    found = told(LINK, "--r", "0.4", "--n", "20", "--lang", "en").stdout
    assert "Nothing is borrowed: Before anything is borrowed: How much do staff" in found


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("profit",), "Write the link as target ~ source"),
        (("profit ~ weather",), "no published effect from 'weather' to 'profit'"),
        ((LINK, "--r", "0.3"), "come together"),
        ((LINK, "--answers", "much"), "question=answer"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_2(words, sentence):
    found = told(*words, "--lang", "en")
    assert found.exit_code == 2
    assert sentence in found.stderr
