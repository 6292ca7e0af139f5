"""Every sentence a person sees stands in English and in Italian."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

SOURCE = Path(__file__).parents[2] / "src" / "anello"
CATALOGUES = sorted((SOURCE / "model" / "locale" / "it").glob("*.po"))
SPEAKERS = {"say", "say_n", "helped", "AnelloError", "Check", "_n", "_say"}
SAME = {"n", "95 %", "alpha", "omega", "ICC(1)", "ICC(2)", "rWG(J)", "No", "r", "beta", "LMG"}


def named(node: ast.Call) -> str:
    function = node.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def speaks(name: str) -> bool:
    return name in SPEAKERS or name.endswith("Error")


@cache
def spoken() -> dict[str, str]:
    """Return every literal sentence handed to a speaker, and where it stands."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and speaks(named(node)):
                for text in sentences(node):
                    found.setdefault(text, f"{path.relative_to(SOURCE)}:{node.lineno}")
    return found


def sentences(node: ast.Call) -> list[str]:
    """Return the literal sentences of one call: the first for most, the third for a Check."""
    name = named(node)
    if name in {"ValueError", "TypeError", "KeyError", "OSError", "RuntimeError"}:
        return []
    places = (2,) if name == "Check" else (0, 1) if name == "say_n" else (0,)
    arguments = [node.args[i] for i in places if i < len(node.args)]
    texts = [a.value for a in arguments if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    return [t for t in texts if re.search(r"[A-Za-z]{2}", re.sub(r"\{.*?\}", "", t))]


@cache
def italian() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for path in CATALOGUES:
        with path.open("rb") as file:
            for message in read_po(file, locale="it"):
                if message.id:
                    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
                    texts = message.string
                    texts = (texts,) if isinstance(texts, str) else tuple(texts)
                    for key, text in zip(ids, texts, strict=True):
                        found[key] = (*found.get(key, ()), text)
    return found


def test_there_is_something_to_translate():
    assert len(spoken()) > 50


def test_every_sentence_has_its_italian():
    missing = {text: place for text, place in spoken().items() if not any(italian().get(text, ()))}
    assert missing == {}


def test_no_italian_sentence_equals_its_english():
    same = {text for text, forms in italian().items() if text in forms and text not in SAME}
    assert same == set()


def test_a_sentence_is_translated_once():
    twice = {text: forms for text, forms in italian().items() if len(set(forms)) > 1}
    assert twice == {}


@pytest.mark.parametrize("path", CATALOGUES, ids=[p.stem for p in CATALOGUES])
def test_both_languages_name_the_same_values(path):
    def names(text):
        return sorted(set(re.findall(r"\{(\w+)", text)) - {"n"})

    with path.open("rb") as file:
        for message in read_po(file, locale="it"):
            if message.id:
                ids = (message.id,) if isinstance(message.id, str) else message.id
                texts = (message.string,) if isinstance(message.string, str) else message.string
                for one, other in zip(ids, texts, strict=True):
                    assert names(one) == names(other), one
