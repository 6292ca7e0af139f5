"""The page that sends a question to its model names every verb there is, and no other."""

import re
from itertools import chain
from pathlib import Path

import pytest

from anello.cli.fit import MODELS
from anello.link.studies import STUDIES

PAGES = Path(__file__).parents[2] / "docs" / "reference"
ENDING = {"en": ".md", "it": ".it.md"}
each = pytest.mark.parametrize("language", ENDING)


def page(language):
    return (PAGES / f"models{ENDING[language]}").read_text("utf-8")


def questions(language):
    """Return the rows of the first table, each as the cells under their heads."""
    lines = [line for line in page(language).split("\n## ")[0].splitlines() if line[:1] == "|"]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[2:]]


def verbs(row):
    """Return the verbs of a row: what is set as code and is one word (not options or syntax)."""
    return re.findall(r"`([a-z][a-z0-9-]*)`", row["`anello fit`"])


def pages(row):
    return re.findall(r"\]\(([^)#]+)", "".join(row.values()))


def listed(language):
    return [verbs(row) for row in questions(language)]


@each
def test_every_verb_of_the_command_line_answers_a_question_of_the_page(language):
    assert set(MODELS) - set(chain(*listed(language))) == set()


@each
def test_every_verb_of_the_page_stands_on_the_command_line(language):
    said = re.findall(r"anello fit ([a-z][a-z0-9-]*)", page(language))
    assert len(said) > 1
    assert {*chain(*listed(language)), *said} - set(MODELS) == set()


@each
def test_every_kind_of_study_stands_on_the_page(language):
    told = page(language).split("\n## ")[0]
    assert [kind for kind in STUDIES if f"`{kind}`" not in told] == []


@each
def test_every_page_that_the_questions_lead_to_is_there_in_that_language(language):
    found = [target for row in questions(language) for target in pages(row)]
    assert len(found) > 5
    assert [t for t in found if not (PAGES / t).is_file()] == []
    assert [t for t in found if t.endswith(".it.md") != (language == "it")] == []


def test_both_languages_ask_the_same_questions_of_the_same_models():
    assert listed("it") == listed("en")
    translated = [[t.replace(".it.md", ".md") for t in pages(row)] for row in questions("it")]
    assert translated == [pages(row) for row in questions("en")]
