"""The figures in the documents come out of the program."""

import doctest
from pathlib import Path

import pytest

from anello.score import SCORINGS

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"


@pytest.mark.parametrize("name", ["scores.md", "scores.it.md", "agreement.md", "agreement.it.md"])
def test_every_example_in_the_document_gives_what_it_says(name):
    found = doctest.testfile(str(REFERENCE / name), module_relative=False, encoding="utf-8")
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize("name", ["scores.md", "scores.it.md"])
def test_every_scoring_has_its_row_in_the_document(name):
    text = (REFERENCE / name).read_text("utf-8")
    rows = [line.split("`")[1] for line in text.splitlines() if line.startswith("| `")]
    assert rows[1:] == list(SCORINGS)
