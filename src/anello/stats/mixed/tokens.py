"""The words of a formula, and a cursor over them that knows where a fault lies."""

import re
from dataclasses import dataclass
from typing import NoReturn

from anello.model.errors import FormulaError

from .terms import Binary, Log, Minus, Name, Node, Number, Parens

WORD = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d_][\w.]*|\.[^\W\d][\w.]*)|`(?P<quoted>[^`]+)`"
    r"|(?P<operator>\|\||[-+*/:^|~()]))"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, its kind (`number`, `name`, `quoted`, `operator`, `end`) and where it starts."""

    kind: str
    text: str
    start: int


def tokens(text: str) -> tuple[Token, ...]:
    """Split a formula into words; the last is of kind `end`."""
    found: list[Token] = []
    place, end = 0, len(text.rstrip())
    while place < end:
        match = WORD.match(text, place)
        if match is None:
            start = place + len(text[place:]) - len(text[place:].lstrip())
            refuse(text, start, "This sign has no meaning in a formula.")
        kind = match.lastgroup or ""
        start = match.start(kind) - (kind == "quoted")
        found.append(Token(kind, match[kind], start))
        place = match.end()
    return (*found, Token("end", "", end))


def refuse(text: str, start: int, sentence: str, **values: object) -> NoReturn:
    """Raise `FormulaError` with the formula and a caret under character `start`."""
    pointed = f"{sentence}\n  {{formula}}\n  {{caret}}"
    raise FormulaError(pointed, formula=text, caret=" " * start + "^", **values)


class Cursor:
    """A place in the words of one formula."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        _balanced(text, self.tokens)
        self.place = 0

    @property
    def at(self) -> Token:
        """Return the word under the cursor."""
        return self.tokens[self.place]

    @property
    def following(self) -> Token:
        """Return the word after it."""
        return self.tokens[min(self.place + 1, len(self.tokens) - 1)]

    def next(self) -> Token:
        """Return the word under the cursor and step over it."""
        token = self.at
        self.place = min(self.place + 1, len(self.tokens) - 1)
        return token

    def take(self, *operators: str) -> Token | None:
        """Step over one of these operators, if the cursor stands on one."""
        return self.next() if self.at.kind == "operator" and self.at.text in operators else None

    def close(self) -> None:
        """Step over a closing parenthesis."""
        if not self.take(")"):
            self.unexpected()

    def refuse(self, sentence: str, token: Token, **values: object) -> NoReturn:
        """Raise `FormulaError` with a caret under `token`."""
        refuse(self.text, token.start, sentence, **values)

    def unexpected(self) -> NoReturn:
        """Refuse the word under the cursor."""
        if self.at.kind == "end":
            self.refuse("The formula stops here, where a term should follow.", self.at)
        if self.at.text == ")":
            self.refuse("This parenthesis closes where a term should stand.", self.at)
        self.refuse("{word!r} cannot stand here.", self.at, word=self.at.text)


def _balanced(text: str, found: tuple[Token, ...]) -> None:
    opened: list[Token] = []
    for token in found:
        if token.text == "(" and token.kind == "operator":
            opened.append(token)
        elif token.text == ")" and token.kind == "operator" and not opened:
            refuse(text, token.start, "This parenthesis was never opened.")
        elif token.text == ")" and token.kind == "operator":
            opened.pop()
    if opened:
        refuse(text, opened[-1].start, "The parenthesis opened here is never closed.")


def arithmetic(cursor: Cursor) -> Node:
    """Read arithmetic on columns; `^` binds tightest and from the right, then `-`, `* /`, `+ -`."""
    left = _product(cursor)
    while sign := cursor.take("+", "-"):
        left = Binary(sign.text, left, _product(cursor))
    return left


def _product(cursor: Cursor) -> Node:
    left = _signed(cursor)
    while sign := cursor.take("*", "/"):
        left = Binary(sign.text, left, _signed(cursor))
    return left


def _signed(cursor: Cursor) -> Node:
    if cursor.take("-"):
        return Minus(_signed(cursor))
    if cursor.take("+"):
        return _signed(cursor)
    base = _atom(cursor)
    return Binary("^", base, _signed(cursor)) if cursor.take("^") else base


def _atom(cursor: Cursor) -> Node:
    if cursor.at.kind == "number":
        return Number(float(cursor.next().text))
    if cursor.at.text == "(" and cursor.at.kind == "operator":
        cursor.next()
        inside = arithmetic(cursor)
        cursor.close()
        return Parens(inside)
    if cursor.at.kind == "name" and cursor.following.text == "(":
        return Log(call(cursor, "log"))
    if cursor.at.kind in ("name", "quoted"):
        return Name(cursor.next().text)
    cursor.unexpected()


def call(cursor: Cursor, *known: str) -> Node:
    """Read the arithmetic inside `name( )`, where `name` must be one of `known`."""
    name = cursor.next()
    if name.text not in known:
        cursor.refuse(
            "{call}( ) is not known here; known are: {known}.",
            name,
            call=name.text,
            known=", ".join(f"{k}( )" for k in known),
        )
    cursor.next()
    inside = arithmetic(cursor)
    cursor.close()
    return inside
