"""A fault in a formula is told in both languages; its sentence is put together in `refuse`."""

import ast
from pathlib import Path

import pytest

import anello.stats.mixed.tokens
from anello.model.errors import FormulaError
from anello.model.words import catalogue
from anello.stats.mixed.formula import parse

ROOM = Path(anello.stats.mixed.tokens.__file__).parent


def _refusals() -> set[str]:
    calls = (
        node
        for name in ("tokens.py", "formula.py")
        for node in ast.walk(ast.parse((ROOM / name).read_text()))
        if isinstance(node, ast.Call) and "refuse" in ast.unparse(node.func)
    )
    texts = (a.value for c in calls for a in c.args if isinstance(a, ast.Constant))
    return {t for t in texts if isinstance(t, str)}


def test_every_refusal_has_its_italian():
    assert len(_refusals()) > 15
    missing = {t for t in _refusals() if f"{t}\n  {{formula}}\n  {{caret}}" not in catalogue("it")}
    assert missing == set()


def test_the_caret_stands_under_the_same_sign_in_italian():
    with pytest.raises(FormulaError) as found:
        parse("y ~ (x + (1|g)")
    assert found.value.text("it").split("\n") == [
        "La parentesi aperta qui non viene mai chiusa.",
        "  y ~ (x + (1|g)",
        "      ^",
    ]
