"""Every sentence of the sources that a person may meet stands in Italian too."""

import ast
import re
from pathlib import Path

from anello.model.words import catalogue

SOURCES = Path(__file__).parents[3] / "src" / "anello" / "listen" / "sources"
FILLED = re.compile(r"\{(file|path|n|rows|row|column)[!}:]")


def sentences():
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and FILLED.search(text) and " " in text and "\n" not in text:
                yield text


def test_every_sentence_with_a_value_has_its_italian():
    plural = {
        many
        for many in sentences()
        if many.startswith(("{n} rows", "{rows} figures", "{rows} rows"))
    }
    found = set(sentences())
    assert len(found) > 40
    assert {text for text in found - plural if text not in catalogue("it")} == set()


def test_every_plural_has_both_forms():
    counted = {text for text in sentences() if re.match(r"\{n\} row ", text)}
    assert counted
    assert {text for text in counted if len(catalogue("it").get(text, ())) != 2} == set()
