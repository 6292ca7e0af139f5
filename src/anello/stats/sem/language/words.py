"""The words of a structural equation model, and where each stands in the text."""

import re
from dataclasses import dataclass
from typing import NoReturn

from anello.model.errors import FormulaError

WORD = re.compile(
    r"(?P<space>[ \t\r]+|[#!][^\n]*)|(?P<newline>\n|;)"
    r"|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))"
    r"|(?P<name>[^\W\d][\w.]*|\.[^\W\d][\w.]*)"
    r"|(?P<quoted>\"[^\"\n]*\"|'[^'\n]*')"
    r"|(?P<operator>~\*~|<~|=~|~~|:=|==|[-~<>+*/^?,():|%])"
)
GLUE = frozenset(("+", "*", "?", ",", "(", "=~", "~", "~~", ":=", "==", "/", "^", "-"))
JOINS = GLUE - {"("}


@dataclass(frozen=True, slots=True)
class Word:
    """A word, its kind (`number`, `name`, `quoted`, `operator`, `newline`, `end`), its place."""

    kind: str
    text: str
    start: int


def words(text: str) -> tuple[Word, ...]:
    """Split a model into words without spaces and comments; the last is of kind `end`."""
    found: list[Word] = []
    place = 0
    while place < len(text):
        match = WORD.match(text, place)
        if match is None:
            refuse(text, place, "This sign has no meaning in a model.")
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(Word(kind, match[0], place))
        place = match.end()
    return (*found, Word("end", "", len(text)))


def statements(text: str) -> tuple[tuple[Word, ...], ...]:
    """Return the words of each statement; a line goes on after `+`, `=~` and in parentheses."""
    found: list[list[Word]] = [[]]
    depth = 0
    listed = words(text)
    for place, word in enumerate(listed):
        depth += {"(": 1, ")": -1}.get(word.text, 0) if word.kind == "operator" else 0
        if depth < 0:
            refuse(text, word.start, "This parenthesis was never opened.")
        if word.kind in ("newline", "end"):
            if not _goes_on(found[-1], listed[place + 1 :], depth):
                found.append([])
        else:
            found[-1].append(word)
    if depth:
        opened = [w for w in listed if w.text == "(" and w.kind == "operator"]
        refuse(text, opened[-1].start, "The parenthesis opened here is never closed.")
    return tuple(tuple(statement) for statement in found if statement)


def _goes_on(so_far: list[Word], rest: tuple[Word, ...], depth: int) -> bool:
    following = next((w for w in rest if w.kind != "newline"), None)
    if following is None or following.kind == "end":
        return False
    if depth or (so_far and so_far[-1].kind == "operator" and so_far[-1].text in GLUE):
        return True
    return bool(so_far) and following.kind == "operator" and following.text in JOINS


def refuse(text: str, start: int, sentence: str, **values: object) -> NoReturn:
    """Raise `FormulaError` with the line, its number and a caret under character `start`."""
    before = text[:start]
    line = before.count("\n") + 1
    column = start - (before.rfind("\n") + 1)
    shown = text.split("\n")[line - 1].rstrip()
    pointed = f"{sentence}\n  {{line}} | {{shown}}\n  {{caret}}"
    caret = " " * (len(f"{line} | ") + column) + "^"
    raise FormulaError(pointed, line=line, shown=shown, caret=caret, **values)
