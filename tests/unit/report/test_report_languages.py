"""No reader of Italian meets an English sentence, and no sentence is left without its Italian."""

import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po
from report_specimen import few, files, nhs, shops

import anello.model
from anello.report.drawing.icons import SIDE_WORDS
from anello.report.drawing.intervals import written
from anello.report.drawing.legend import DESCRIBED, KINDS
from anello.report.numbers import fixed, short
from anello.report.reading import Reading
from anello.report.sections.cards import CHECK_WORDS
from anello.report.sentences import WORDS

ROOM = Path(anello.model.__file__).parent.parent / "report"
OTHERS = ("folder.py", "terminal.py")
SAME = {"n: {units}", "Trust"}
TEXT = r'"((?:[^"\\]|\\.)*)"(?:\s*"((?:[^"\\]|\\.)*)")*'


def catalogue():
    found = []
    for path in sorted((ROOM.parent / "model" / "locale" / "it").glob("*.po")):
        with path.open("rb") as file:
            found += [m for m in read_po(file, locale="it") if m.id]
    return found


def singular(message):
    return message.id if isinstance(message.id, str) else message.id[0]


def said():
    """Every text that the room's code and templates say."""
    found = set()
    for path in [*ROOM.rglob("*.py"), *ROOM.rglob("*.j2")]:
        if path.name in OTHERS:
            continue
        text = path.read_text(encoding="utf-8")
        for call in re.finditer(r"\bsay(?:_n)?\(\s*((?:\"(?:[^\"\\]|\\.)*\"\s*)+)", text):
            found.add("".join(re.findall(r'"((?:[^"\\]|\\.)*)"', call.group(1))))
        found |= set(re.findall(r'SECTION = Section\("([^"]+)"', text))
        for block in re.findall(r"\btext = (?:\(\s*)?((?:\"(?:[^\"\\]|\\.)*\"\s*)+)", text):
            found.add("".join(re.findall(r'"((?:[^"\\]|\\.)*)"', block)))
    hints = {text for _, *texts in (*KINDS, DESCRIBED) for text in texts}
    return (
        found | hints | set(WORDS.values()) | set(SIDE_WORDS.values()) | set(CHECK_WORDS.values())
    )


def test_every_sentence_of_the_room_has_its_italian():
    known = {singular(m) for m in catalogue()}
    assert len(said()) > 80
    assert not said() - known


def test_every_italian_sentence_keeps_the_places_of_the_english_one():
    def names(text):
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    for message in catalogue():
        texts = (message.string,) if isinstance(message.id, str) else message.string
        own = message.id if isinstance(message.id, str) else message.id[1]
        for text in texts:
            assert text
            assert names(text) <= names(own) | {"unit"}


def test_no_italian_sentence_equals_its_english_one():
    same = {singular(m) for m in catalogue() if singular(m) == m.string}
    assert same <= SAME


@pytest.mark.parametrize("release", [nhs, shops, few])
def test_no_english_sentence_stands_on_the_italian_page(release):
    page = re.sub(r"<style>.*?</style>", "", files(release)["report.it.html"].decode(), flags=re.S)
    for message in catalogue():
        ids = [message.id] if isinstance(message.id, str) else message.id
        for part in (p for text in ids for p in re.split(r"\{\w+\}", text)):
            if len(part.strip()) >= 9 and part.strip() not in str(message.string):
                assert part.strip() not in page


def test_numbers_are_written_the_reader_s_way():
    assert (fixed(0.24, 2, "en"), fixed(0.24, 2, "it")) == ("0.24", "0,24")
    assert (short(1073, "en"), short(1073, "it")) == ("1,073", "1.073")
    made = nhs()
    shmi = made.value.evidence[4]
    assert written(Reading(made.value, "", "en"), shmi) == ("−0.25", "[−0.40, −0.10]")
    assert written(Reading(made.value, "", "it"), shmi) == ("−0,25", "[−0,40; −0,10]")


def test_both_pages_show_the_same_numbers():
    def numbers(name, comma):
        text = re.sub(r"<[^>]*>", " ", files(nhs)[name].decode().split("</style>")[1])
        return [n.replace(comma, ".") for n in re.findall(rf"[+−]\d{comma}\d\d\b", text)]

    assert numbers("report.html", r"\.".replace("\\", "")) == numbers("report.it.html", ",")
