"""The page of questions names every model, every kind of study and only pages that are there."""

import re
from pathlib import Path

import pytest

from anello.cli.fit import MODELS
from anello.link.studies import STUDIES

PLACE = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", ["models.md", "models.it.md"])
def test_every_model_answers_a_question(name):
    table = [row for row in (PLACE / name).read_text("utf-8").splitlines() if row.startswith("| ")]
    verbs = {verb for row in table for verb in re.findall(r"`(\w+)`", row.split(" | ")[-1])}
    kinds = {kind for row in table for kind in re.findall(r"`(\w+)`", row.split(" | ")[2])}
    assert verbs - {"level"} == set(MODELS)
    assert set(STUDIES) <= kinds


@pytest.mark.parametrize("name", ["models.md", "models.it.md"])
def test_its_pages_are_there(name):
    linked = re.findall(r"\]\(([\w.-]+)\)", (PLACE / name).read_text("utf-8"))
    assert len(linked) > 10
    assert [page for page in linked if not (PLACE / page).is_file()] == []
