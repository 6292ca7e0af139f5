"""The formula of a mixed model, read into terms: `y ~ x * z + (1 + x | g)`.

    formula   outcome ~ sum
    sum       [+|-] product {(+|-) product}
    product   inter {* inter}                a * b is a + b + a:b
    inter     atom {: atom}
    atom      0 | 1 | column | log(...) | I(...) | factor(column) | (sum) | (sum | column)

`log` and `I` hold arithmetic on columns. Column names are R's words (letters, digits, `.` and
`_`), or anything in backticks.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from .terms import Log, Name, Node, label, written
from .tokens import Cursor, Token, call


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of a formula; `factor` is True when the formula itself says `factor(...)`."""

    label: str
    node: Node
    factor: bool = False


Term = tuple[Variable, ...]
INTERCEPT: Term = ()


@dataclass(frozen=True, slots=True)
class Random:
    """Effects that vary by group: `(terms | group)`; `apart` is True for `||`, no covariances.

    `group` is the group's name in lme4, such as `class:school`; `by` are its columns in that order.
    """

    terms: tuple[Term, ...]
    group: str
    apart: bool = False
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as terms; the empty term is the intercept.

    Terms stand as R orders them: by the number of variables, then by appearance.
    """

    text: str
    outcome: Variable
    fixed: tuple[Term, ...]
    random: tuple[Random, ...]

    @property
    def group(self) -> str:
        """Return the column that groups the rows."""
        return self.random[0].group

    @property
    def simple(self) -> bool:
        """Return whether everything that varies does so by one and the same column."""
        return all(r.by == (self.group,) for r in self.random)


@dataclass(frozen=True, slots=True)
class _Part:
    """What a piece of formula stands for; `zero` is True for a bare 0."""

    terms: tuple[Term, ...] = ()
    random: tuple[Random, ...] = ()
    zero: bool = False


@dataclass(slots=True)
class _Reading:
    """One pass over a formula: the cursor, and the variables of the sum being read, in order."""

    cursor: Cursor
    variables: list[Variable] = field(default_factory=list)


def parse(text: str) -> Formula:
    """Read a formula; `(1 | a/b)` becomes `(1 | b:a) + (1 | a)`, named as lme4 names them.

    Raises `FormulaError` with the place of the fault.

    >>> parse("y ~ x*z + (1 | g)").group
    'g'
    >>> [[v.label for v in term] for term in parse("y ~ x:z + x + (1 | g)").fixed]
    [[], ['x'], ['x', 'z']]
    """
    reading = _Reading(Cursor(text))
    cursor = reading.cursor
    outcome = _variable(reading)
    if outcome.factor:
        cursor.refuse("The outcome must be a number, not a factor.", cursor.tokens[0])
    if not cursor.take("~"):
        cursor.refuse("A formula reads `outcome ~ terms`; the ~ is missing here.", cursor.at)
    part = _sum(reading, outermost=True)
    _end(cursor)
    if not part.random:
        cursor.refuse("The formula has no group; add one, such as (1 | unit).", cursor.at)
    return Formula(text, outcome, _in_order(part.terms, reading.variables), part.random)


def _end(cursor: Cursor) -> None:
    if cursor.at.kind == "end":
        return
    if cursor.at.text in ("|", "||"):
        cursor.refuse("Put varying effects in parentheses, such as (1 | unit).", cursor.at)
    if cursor.at.text in ("/", "^"):
        cursor.refuse("Write divisions and powers inside I( ), such as I(x^2).", cursor.at)
    cursor.unexpected()


def _in_order(terms: Iterable[Term], variables: list[Variable]) -> tuple[Term, ...]:
    inside = (tuple(sorted(term, key=variables.index)) for term in terms)
    return tuple(sorted(dict.fromkeys(inside), key=len))


def _sum(reading: _Reading, outermost: bool = False, intercept: bool = True) -> _Part:
    cursor = reading.cursor
    terms: dict[frozenset[Variable], Term] = {frozenset(): INTERCEPT} if intercept else {}
    random: tuple[Random, ...] = ()
    minus = _sign(cursor)
    while True:
        start = cursor.at
        part = _product(reading)
        if part.random and (minus or not outermost):
            cursor.refuse("Varying effects can only be added, outside other parentheses.", start)
        if part.zero and not intercept:
            cursor.refuse("A 0 belongs outside the parentheses.", start)
        random += part.random
        for term in (INTERCEPT,) if part.zero else part.terms:
            if minus != part.zero:
                terms.pop(frozenset(term), None)
            else:
                terms.setdefault(frozenset(term), term)
        if cursor.at.text not in ("+", "-"):
            return _Part(tuple(terms.values()), random)
        minus = _sign(cursor)


def _sign(cursor: Cursor) -> bool:
    minus = False
    while sign := cursor.take("+", "-"):
        minus ^= sign.text == "-"
    return minus


def _product(reading: _Reading) -> _Part:
    start, left = reading.cursor.at, _inter(reading)
    while reading.cursor.take("*"):
        right = _inter(reading)
        both = _crossed(reading.cursor, start, left, right)
        left = _Part((*left.terms, *right.terms, *both.terms))
    return left


def _inter(reading: _Reading) -> _Part:
    start, left = reading.cursor.at, _atom(reading)
    while reading.cursor.take(":"):
        left = _crossed(reading.cursor, start, left, _atom(reading))
    return left


def _crossed(cursor: Cursor, start: Token, left: _Part, right: _Part) -> _Part:
    if left.random or right.random or left.zero or right.zero:
        cursor.refuse("0 and varying effects cannot be multiplied.", start)
    return _Part(tuple(tuple(dict.fromkeys(a + b)) for a in left.terms for b in right.terms))


def _atom(reading: _Reading) -> _Part:
    cursor = reading.cursor
    if cursor.at.kind == "number":
        number = cursor.next()
        if number.text not in ("0", "1"):
            cursor.refuse("Only 0 and 1 stand as terms; put numbers inside I( ).", number)
        return _Part(zero=True) if number.text == "0" else _Part((INTERCEPT,))
    if cursor.at.text == "(" and cursor.at.kind == "operator":
        return _parens(reading)
    variable = _variable(reading)
    if variable not in reading.variables:
        reading.variables.append(variable)
    return _Part(((variable,),))


def _parens(reading: _Reading) -> _Part:
    cursor = reading.cursor
    cursor.next()
    if not _holds_a_bar(cursor):
        part = _sum(reading, intercept=False)
        cursor.close()
        return part
    inside = _Reading(cursor)
    terms = _in_order(_sum(inside).terms, inside.variables)
    bar = cursor.next()
    if bar.text not in ("|", "||"):
        cursor.refuse("{word!r} cannot stand here.", bar, word=bar.text)
    if not terms:
        cursor.refuse("Nothing varies here; write (1 | unit) or (x | unit).", bar)
    apart = bar.text == "||"
    groups = _groups(reading)
    return _Part(random=tuple(Random(terms, name, apart, by) for name, by in groups))


def _holds_a_bar(cursor: Cursor) -> bool:
    depth = 0
    for token in cursor.tokens[cursor.place :]:
        if depth == 0 and token.kind == "operator" and token.text in ("|", "||"):
            return True
        if token.kind == "operator":
            depth += (token.text == "(") - (token.text == ")")
        if depth < 0:
            return False
    return False


def _groups(reading: _Reading) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Read `a`, `a:b` or `a/b`; the finest group comes first, as in lme4."""
    cursor = reading.cursor
    found = [_interacting(reading)]
    while cursor.take("/"):
        name, by = _interacting(reading)
        outer, columns = found[0]
        inside = f"({outer})" if len(found) > 1 else outer
        found.insert(0, (f"{name}:{inside}", (*by, *columns)))
    if cursor.at.text in ("+", "*", "-"):
        cursor.refuse("A group is one column, a:b or a/b.", cursor.at)
    cursor.close()
    return tuple(found)


def _interacting(reading: _Reading) -> tuple[str, tuple[str, ...]]:
    names = [_group(reading)]
    while reading.cursor.take(":"):
        names.append(_group(reading))
    return ":".join(names), tuple(dict.fromkeys(names))


def _group(reading: _Reading) -> str:
    start = reading.cursor.at
    variable = _variable(reading)
    if not isinstance(variable.node, Name) or variable.label.startswith("I("):
        reading.cursor.refuse("A group is one column.", start)
    return variable.node.column


def _variable(reading: _Reading) -> Variable:
    cursor = reading.cursor
    if cursor.at.kind == "quoted" or (cursor.at.kind == "name" and cursor.following.text != "("):
        name = cursor.next().text
        return Variable(written(name), Name(name))
    if cursor.at.kind != "name":
        cursor.unexpected()
    start = cursor.at
    inside = call(cursor, "I", "log", "factor")
    if start.text == "factor" and not isinstance(inside, Name):
        cursor.refuse("factor( ) holds one column.", start)
    if start.text == "factor":
        return Variable(f"factor({label(inside)})", inside, factor=True)
    node = inside if start.text == "I" else Log(inside)
    return Variable(f"{start.text}({label(inside)})", node)
