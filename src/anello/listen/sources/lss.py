"""The structure of a LimeSurvey survey (.lss): which answers a question offers."""

import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException, ElementTree
from defusedxml.ElementTree import DefusedXMLParser

from anello.model.errors import SourceError

LARGEST = 16 << 20
MOST_TAGS, DEEPEST = 1_000_000, 30
"""Bytes and tags of a structure file: a tree takes a hundred bytes a tag and more."""


class _Shallow(TreeBuilder):
    """Builds a tree that is neither deep nor has millions of tags."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._tags = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth, self._tags = self._depth + 1, self._tags + 1
        if self._depth > DEEPEST or self._tags > MOST_TAGS:
            raise ValueError("<...><...><...>?")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


@dataclass(frozen=True)
class Answer:
    """One answer that a question offers."""

    code: str
    text: str


@dataclass(frozen=True)
class Structure:
    """The answers of each question, by question code."""

    path: Path
    offered: dict[str, tuple[Answer, ...]]

    def answers(self, column: str) -> tuple[Answer, ...]:
        """Return the answers behind a column of the export: Q1, or Q1[SQ001] of an array."""
        return self.offered.get(column.split("[")[0], ())


def beside(path: Path) -> Structure | None:
    """Return the structure file of an export: of the same name, or the only one in its folder."""
    same = path.with_suffix(".lss")
    others = (p for p in path.parent.glob("*.lss") if p.is_file())
    found = [same] if same.is_file() else sorted(others)
    return read(found[0]) if len(found) == 1 else None


def read(path: Path) -> Structure:
    """Read an .lss file; entities and document types, the stuff of XML bombs, are refused."""
    if path.stat().st_size > LARGEST:
        raise _broken(path, f"{path.stat().st_size >> 20} MB")
    try:
        parser = DefusedXMLParser(target=_Shallow(), forbid_dtd=True)
        root = ElementTree.parse(path, parser).getroot()
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise _broken(path, str(error)) from None
    if root is None or root.tag != "document":
        raise _broken(path, "<document>?")
    titles = {
        row.get("qid", ""): row.get("title", "")
        for row in _rows(root, "questions")
        if row.get("parent_qid", "0") == "0"
    }
    texts = {row.get("aid", ""): row.get("answer", "") for row in _rows(root, "answer_l10ns")}
    offered: dict[str, dict[str, Answer]] = {}
    for row in sorted(_rows(root, "answers"), key=_place):
        code, title = row.get("code", ""), titles.get(row.get("qid", ""), "")
        text = texts.get(row.get("aid", ""), row.get("answer", ""))
        if title and code:
            offered.setdefault(title, {}).setdefault(code, Answer(code, text.strip()))
    return Structure(path, {title: tuple(found.values()) for title, found in offered.items()})


def numbered(answers: tuple[Answer, ...]) -> list[str]:
    """Return the numbers that answer codes count, or nothing when they do not count.

    >>> numbered((Answer("A1", "no"), Answer("A2", "yes"))), numbered((Answer("Y", "yes"),))
    (['1', '2'], [])
    """
    parts = [re.fullmatch(r"([A-Za-z]+)([0-9]{1,4})", a.code) for a in answers]
    found = [p for p in parts if p]
    if len(found) < len(answers) or len({p[1] for p in found}) != 1:
        return []
    numbers = [str(int(p[2])) for p in found]
    return numbers if len(set(numbers)) == len(numbers) else []


def _rows(root: Element, table: str) -> list[dict[str, str]]:
    rows = root.findall(f"./{table}/rows/row")
    return [{field.tag: field.text or "" for field in row} for row in rows]


def _place(row: dict[str, str]) -> int:
    place = row.get("sortorder", "")
    return int(place) if re.fullmatch("[0-9]{1,9}", place) else 0


def _broken(path: Path, reason: str) -> SourceError:
    return SourceError(
        "{file} is not a survey structure of LimeSurvey: {reason}. Export it again as .lss, or "
        "take it out of the folder.",
        file=path.name,
        reason=reason[:160],
    )
