"""The chain file, its reference page in both languages, its catalogue and the shelves agree."""

import ast
import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
import yaml
from babel.messages.pofile import read_po
from pydantic import TypeAdapter

from anello.listen import chain_faults, chain_schema
from anello.listen.chain_file import read_text
from anello.listen.chain_keys import Keys
from anello.listen.chain_lines import parse
from anello.listen.sources import SOURCES
from anello.score import SCORINGS

ROOT = Path(__file__).parents[2]
LISTEN = ROOT / "src" / "anello" / "listen"
PAGES = {
    "en": (ROOT / "docs" / "reference" / "chain-file.md").read_text("utf-8"),
    "it": (ROOT / "docs" / "reference" / "chain-file.it.md").read_text("utf-8"),
}
REQUIRED = {"en": "required", "it": "obbligatoria"}
SECTIONS = (
    chain_schema.ChainKeys,
    chain_schema.LabelKeys,
    chain_schema.NounKeys,
    chain_schema.ConfidentialityKeys,
    chain_schema.UnitsKeys,
    chain_schema.MergeKeys,
    chain_schema.WavesKeys,
    chain_schema.PeriodKeys,
    chain_schema.SourceKeys,
    chain_schema.ConstructKeys,
    chain_schema.MeasureKeys,
    chain_schema.ItemKeys,
    chain_schema.CoverageKeys,
    chain_schema.LinkKeys,
    chain_schema.WorthKeys,
    chain_schema.BorrowingKeys,
    chain_schema.TopicKeys,
    chain_schema.CommentsKeys,
    chain_schema.PlanKeys,
    chain_schema.MoneyKeys,
    chain_schema.StudyKeys,
)
ROW = re.compile(r"^\| `(\w+)` \| (.+) \| (.+) \| `(.+)` \|$", re.MULTILINE)


def sections(page):
    """Return the rows (key, meaning, left out, example) of every section that has a table."""
    found = [ROW.findall(section) for section in page.split("\n## ")[1:]]
    return [rows for rows in found if rows]


def fields(keys):
    return {field.alias or name: field for name, field in keys.model_fields.items()}


def test_every_kind_of_key_has_its_section():
    written = {
        kind
        for kind in vars(chain_schema).values()
        if isinstance(kind, type) and issubclass(kind, Keys) and kind is not Keys
    }
    assert set(SECTIONS) == written


@pytest.mark.parametrize("language", PAGES)
def test_every_key_is_explained_and_no_other(language):
    explained = [[row[0] for row in rows] for rows in sections(PAGES[language])]
    assert explained == [list(fields(keys)) for keys in SECTIONS]


@pytest.mark.parametrize("language", PAGES)
def test_the_page_says_which_keys_are_required(language):
    for keys, rows in zip(SECTIONS, sections(PAGES[language]), strict=True):
        said = {key for key, _, absent, _ in rows if absent == REQUIRED[language]}
        assert said == {key for key, field in fields(keys).items() if field.is_required()}


@pytest.mark.parametrize("language", PAGES)
def test_every_example_of_the_page_is_accepted(language):
    for keys, rows in zip(SECTIONS, sections(PAGES[language]), strict=True):
        for key, _, _, example in rows:
            accepts(keys, key, parse(f"x: {example}", "page").data["x"])


def test_every_example_that_a_fault_suggests_is_accepted():
    for keys in SECTIONS:
        for key, field in fields(keys).items():
            accepts(keys, key, parse(yaml.safe_dump({"x": field.examples[0]}), "x").data["x"])


def accepts(keys, key, value):
    field = fields(keys)[key]
    TypeAdapter(field.rebuild_annotation()).validate_python(value, strict=True)


@pytest.mark.parametrize("language", PAGES)
def test_the_small_file_of_the_page_is_read(language):
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGES[language], re.DOTALL)
    assert len(read_text(text).links) == 1


def test_the_scorings_of_the_file_are_those_of_the_shelf():
    assert get_args(chain_schema.Scoring) == tuple(SCORINGS)


def test_the_kinds_of_source_of_the_file_are_those_of_the_shelf():
    assert get_args(chain_schema.Kind) == ("auto", *SOURCES)


def sentences():
    """Return every sentence of the room that the catalogue must know."""
    found = {v for v in vars(chain_faults).values() if isinstance(v, str) and "{key}" in v}
    found |= set(chain_faults.TYPES.values())
    files = [*LISTEN.glob("chain_*.py"), LISTEN / "link_formula.py", *LISTEN.glob("init/*.py")]
    for path in files:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {node.value} if is_sentence(node.value) else set()
    return found


def is_sentence(text):
    """A sentence ends as one, fills in names, and is longer than a word; docstrings do not."""
    if "\n" in text or not re.search(r"[a-z]+ [a-z]+", text):
        return False
    try:
        names = [name for _, name, _, _ in Formatter().parse(text) if name]
    except ValueError:
        return False
    ends = re.search(r"[.?](\{caret\})?$", text)
    return bool(names and ends and all(name.isidentifier() for name in names))


def test_every_sentence_of_the_room_has_its_italian():
    known = {}
    for path in (ROOT / "src" / "anello" / "model" / "locale" / "it").glob("*.po"):
        with path.open("rb") as file:
            known |= {m.id: m.string for m in read_po(file, locale="it") if m.id}
    assert len(sentences()) > 60
    assert {s for s in sentences() if not known.get(s)} == set()
