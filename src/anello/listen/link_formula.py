"""How a link is written: `target ~ source + control`, `target ~ lag(source, 1)`."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from ..model.errors import ChainFileError

Place = tuple[str | int, ...]

_TOKEN = re.compile(r"=~|[~+(),]|[^\W\d]\w*|[-+]?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class LinkFormula:
    """A link as written: what it claims, and what it holds constant."""

    target: str
    source: str
    lag: int
    controls: tuple[str, ...]


def parse(text: str, path: Place = ()) -> LinkFormula:
    """Read a link formula; the first term after `~` is the source, the others are controls.

    Raises `ChainFileError` with a caret under the character at fault.

    >>> parse("burnout ~ lag(abuse, 1) + staffing")
    LinkFormula(target='burnout', source='abuse', lag=1, controls=('staffing',))
    """
    pieces = _Pieces(text, path)
    target = pieces.name()
    pieces.take("~")
    source, lag = pieces.source()
    controls = pieces.more()
    names = (target, source, *controls)
    for i, name in enumerate(names):
        if name in names[:i]:
            raise ChainFileError(
                "{name!r} stands twice in the link {formula!r}; a measure has one part in it.",
                path=path, name=name, formula=text,
            )  # fmt: skip
    return LinkFormula(target, source, lag, controls)


def parse_items(text: str, path: Place = ()) -> tuple[str, tuple[str, ...]]:
    """Read `construct =~ item + item`, the operator for what a construct is measured by.

    >>> parse_items("engagement =~ pride + advocacy")
    ('engagement', ('pride', 'advocacy'))
    """
    pieces = _Pieces(text, path)
    construct = pieces.name()
    pieces.take("=~")
    return construct, (pieces.name(), *pieces.more())


class _Pieces:
    """The formula in pieces, taken from left to right; the last piece is empty."""

    def __init__(self, text: str, path: Place) -> None:
        self.text = text
        self.path = path
        self._balanced()
        self._pieces = self._cut()
        self._i = 0

    @property
    def now(self) -> str:
        """The piece that comes next."""
        return self._pieces[self._i][0]

    def name(self) -> str:
        """Take the name of a measure."""
        if not self.now[:1].isidentifier():
            raise self._fault("the name of a measure is expected here.{caret}")
        self._i += 1
        return self._pieces[self._i - 1][0]

    def take(self, symbol: str) -> None:
        """Take `symbol`."""
        if self.now != symbol:
            if symbol == "~" and self.now == "=~":
                raise self._fault(
                    "=~ says what a construct is measured by; "
                    "a link is written target ~ source.{caret}"
                )
            raise self._fault("{symbol} is expected here.{caret}", symbol=symbol)
        self._i += 1

    def more(self) -> tuple[str, ...]:
        """Take `+ name` as often as it comes, to the end."""
        names = []
        while self.now:
            if self.now == "(":
                raise self._no_function()
            self.take("+")
            names.append(self.name())
        return tuple(names)

    def source(self) -> tuple[str, int]:
        """Take a measure and its lag: `name` is 0 waves back, `lag(name, 2)` is two."""
        name = self.name()
        if self.now != "(":
            return name, 0
        if name != "lag":
            raise self._no_function()
        self._i += 1
        name = self.name()
        if self.now == ")":
            raise self._fault("say how many waves back, as in lag({name}, 1).{caret}", name=name)
        self.take(",")
        lag = self._waves(name)
        self.take(")")
        return name, lag

    def _waves(self, name: str) -> int:
        if not re.fullmatch(r"[0-9]{1,3}", self.now):
            raise self._fault(
                "a lag is a whole number of waves, 0 or more, as in lag({name}, 1).{caret}",
                name=name,
            )
        self._i += 1
        return int(self._pieces[self._i - 1][0])

    def _no_function(self) -> ChainFileError:
        self._i -= 1
        if self.now == "lag":
            return self._fault("only the first term after ~ may have a lag.{caret}")
        if get_close_matches(self.now.lower(), ["lag"], cutoff=0.5):
            return self._fault(
                "there is no function {name!r}; did you mean lag?{caret}", name=self.now
            )
        return self._fault(
            "there is no function {name!r}; a link knows only lag(measure, waves).{caret}",
            name=self.now,
        )

    def _balanced(self) -> None:
        opened: list[int] = []
        for i, character in enumerate(self.text):
            if character == "(":
                opened.append(i)
            elif character == ")" and not opened:
                raise self._at(i, "this parenthesis closes one that was never opened.{caret}")
            elif character == ")":
                opened.pop()
        if opened:
            raise self._at(opened[-1], "the parenthesis opened here is not closed.{caret}")

    def _cut(self) -> list[tuple[str, int]]:
        found, at = [], 0
        while at < len(self.text):
            if self.text[at].isspace():
                at += 1
                continue
            match = _TOKEN.match(self.text, at)
            if match is None:
                raise self._at(
                    at,
                    "{character!r} has no meaning in a link; "
                    "write target ~ source + control.{caret}",
                    character=self.text[at],
                )
            found.append((match.group(), at))
            at = match.end()
        return [*found, ("", len(self.text.rstrip()))]

    def _fault(self, sentence: str, **values: object) -> ChainFileError:
        return self._at(self._pieces[self._i][1], sentence, **values)

    def _at(self, at: int, sentence: str, **values: object) -> ChainFileError:
        shown = "".join(" " if c.isspace() else c for c in self.text)
        caret = f"\n    {shown}\n    {' ' * at}^"
        return ChainFileError(sentence, path=self.path, caret=caret, **values)
