"""The formulas of a diary.

    y ~ x + z           inside persons and between them, each x split in two
    y ~ m ~ x           mediation: x goes over m to y
    ar1(y), ar1(y ~ x)  inertia: what is left of a deviation one step later

A term is a column (in backticks unless it is a plain word), `lag(x)` or `lag(x, 2)`: the value of
so many steps before, and `raw(x)`: a control that enters as it stands, not split.
"""

import re
from dataclasses import dataclass
from typing import NoReturn

from anello.model.errors import FormulaError

from ..mixed.terms import written

_PIECE = re.compile(
    r"(?P<word>[^\W\d][\w.]*)|`(?P<quoted>[^`]+)`|(?P<number>\d+)|(?P<sign>[~+(),])"
)


@dataclass(frozen=True, slots=True)
class Term:
    """One column of the data, `lag` steps before; `raw` enters as it stands."""

    column: str
    lag: int = 0
    raw: bool = False

    @property
    def label(self) -> str:
        """Return the term as it is written.

        >>> Term("sleep", 1).label, Term("hours slept", raw=True).label
        ('lag(sleep, 1)', 'raw(`hours slept`)')
        """
        name = written(self.column)
        name = f"lag({name}, {self.lag})" if self.lag else name
        return f"raw({name})" if self.raw else name


@dataclass(frozen=True, slots=True)
class DiaryFormula:
    """A formula as terms: `kind` is "levels", "mediation" (then `mediator`) or "ar1"."""

    kind: str
    text: str
    outcome: Term
    terms: tuple[Term, ...]
    mediator: Term | None = None

    @property
    def all(self) -> tuple[Term, ...]:
        """Return every term, the outcome first."""
        middle = () if self.mediator is None else (self.mediator,)
        return (self.outcome, *middle, *self.terms)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that are read, each once."""
        return tuple(dict.fromkeys(t.column for t in self.all))


def parse(text: str) -> DiaryFormula:
    """Read a formula; raises `FormulaError` with the place of the fault.

    >>> parse("sleep ~ lag(worry) + raw(weekend)").terms
    (Term(column='worry', lag=1, raw=False), Term(column='weekend', lag=0, raw=True))
    >>> parse("y ~ m ~ x").kind, parse("ar1(y)").kind
    ('mediation', 'ar1')
    """
    reading = _Reading(text)
    if reading.word() == "ar1" and reading.peek(1) == "(":
        reading.skip(2)
        outcome = reading.term()
        terms = reading.sum() if reading.take("~") else ()
        reading.need(")")
        return reading.done(DiaryFormula("ar1", text, outcome, terms))
    outcome = reading.term()
    reading.need("~")
    terms = reading.sum()
    if not reading.take("~"):
        return reading.done(DiaryFormula("levels", text, outcome, terms))
    if len(terms) != 1:
        reading.refuse("A mediation reads `y ~ m ~ x`: one mediator between the two ~.")
    source = reading.term()
    return reading.done(DiaryFormula("mediation", text, outcome, (source,), terms[0]))


class _Reading:
    """The formula in pieces, taken from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[tuple[str, str, int]] = []
        at = 0
        while at < len(text):
            if text[at].isspace():
                at += 1
                continue
            match = _PIECE.match(text, at)
            if match is None:
                self._fault("This sign has no meaning in the formula of a diary.", at)
            kind = str(match.lastgroup)
            self.pieces.append((kind, match[kind], at))
            at = match.end()
        self.pieces.append(("end", "", len(text.rstrip())))
        self.i = 0

    def word(self) -> str:
        """Return the plain word that comes next, or nothing."""
        kind, value, _ = self.pieces[self.i]
        return value if kind == "word" else ""

    def peek(self, ahead: int) -> str:
        """Return the sign so many pieces ahead, or nothing."""
        i = min(self.i + ahead, len(self.pieces) - 1)
        return self.pieces[i][1] if self.pieces[i][0] == "sign" else ""

    def skip(self, count: int) -> None:
        """Pass over pieces that were looked at."""
        self.i += count

    def take(self, sign: str) -> bool:
        """Take a sign if it comes next."""
        found = self.peek(0) == sign
        self.i += found
        return found

    def need(self, sign: str) -> None:
        """Take a sign; raise `FormulaError` if another piece comes next."""
        if not self.take(sign):
            self.refuse("{sign} is expected here.", sign=sign)

    def sum(self) -> tuple[Term, ...]:
        """Take terms with + between them; one that stands twice is an error."""
        found = [self.term()]
        while self.take("+"):
            term = self.term()
            if term in found:
                self.i -= 1
                self.refuse("This term stands twice; keep one.")
            found.append(term)
        return tuple(found)

    def term(self) -> Term:
        """Take a column, `lag(column, k)` or `raw(term)`."""
        kind, value, _ = self.pieces[self.i]
        if kind not in ("word", "quoted"):
            self.refuse("The name of a column is expected here.")
        if kind == "word" and self.peek(1) == "(":
            return self._call(value)
        self.i += 1
        return Term(value)

    def _call(self, name: str) -> Term:
        if name not in ("lag", "raw"):
            self.refuse("A diary knows lag(x), raw(x) and ar1(y); {name}( ) is none.", name=name)
        self.skip(2)
        inner = self.term()
        if name == "raw":
            self.need(")")
            return Term(inner.column, inner.lag, raw=True)
        lag = 1
        if self.take(","):
            kind, value, _ = self.pieces[self.i]
            if kind != "number" or not 1 <= int(value) <= 999:
                self.refuse("A lag is a whole number of steps, 1 or more.")
            lag = int(value)
            self.i += 1
        self.need(")")
        return Term(inner.column, inner.lag + lag, inner.raw)

    def done(self, formula: DiaryFormula) -> DiaryFormula:
        """Return the formula when nothing is left and no term explains itself."""
        if self.pieces[self.i][0] != "end":
            self.refuse("The formula should end here; terms are joined by +.")
        rest = formula.all[1:]
        if formula.outcome in rest or len(set(rest)) < len(rest):
            self.refuse("One term stands twice in this formula; each has one part in it.")
        return formula

    def refuse(self, sentence: str, **values: object) -> NoReturn:
        """Raise `FormulaError` with a caret under the next piece."""
        self._fault(sentence, self.pieces[self.i][2], **values)

    def _fault(self, sentence: str, at: int, **values: object) -> NoReturn:
        caret = f"\n  {self.text}\n  {' ' * at}^"
        raise FormulaError(sentence + "{caret}", caret=caret, **values)
