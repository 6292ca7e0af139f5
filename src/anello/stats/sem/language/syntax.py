"""A structural equation model as lavaan's users write it: text in, statements out."""

from dataclasses import dataclass, field

from .modifiers import STRANGE, Modifier, modifier
from .words import Word, refuse, statements

FORMULAS = ("=~", "~~", "~")
LATER = ("<~", "~*~", "|", "%")
RELATIONS = ("==", "<", ">")
ENDED = "The line stops here, where a variable should follow."
FORMATIVE = "The operator {word!r} is not fitted here; use =~, ~, ~~, :=, == and level:."


@dataclass(slots=True)
class Statement:
    """One parameter that was asked for: `lhs op rhs` in a block; an intercept is `lhs ~1`."""

    lhs: str
    op: str
    rhs: str
    level: str
    group: str
    place: int
    asked: Modifier = field(default_factory=Modifier)


@dataclass(frozen=True, slots=True)
class Equation:
    """A defined parameter (`name := text`) or a constraint (`left op right`)."""

    left: str
    op: str
    right: str
    place: int


@dataclass(frozen=True, slots=True)
class Syntax:
    """Everything a model's text says; `levels` and `groups` are the names of its blocks."""

    text: str
    statements: tuple[Statement, ...]
    equations: tuple[Equation, ...]
    levels: tuple[str, ...]
    groups: tuple[str, ...]

    @property
    def most(self) -> int:
        """Return for how many groups the text has words: of its blocks, or of the longest c()."""
        asked = (s.asked for s in self.statements)
        longest = (max(len(a.fixed), len(a.start), len(a.label)) for a in asked)
        return max(1, len(self.groups) or max(longest, default=1))


def parse(text: str) -> Syntax:
    """Read a model in lavaan's syntax.

    Operators: `=~ ~ ~~ ~1 := ==` and blocks `level:` and `group:`; modifiers: numbers, labels,
    `NA*`, `start()*`, `label()*`, `equal()*`, `c()*`. Raises `FormulaError` with line and caret.

    >>> parse("f =~ x1 + a*x2").statements[1].asked.label
    ('a',)
    """
    reader = _Reader(text)
    for statement in statements(text):
        reader.read(statement)
    if not reader.found:
        refuse(text, 0, "The model is empty: write at least one line such as y ~ x.")
    return Syntax(
        text,
        tuple(reader.found.values()),
        tuple(reader.equations),
        tuple(reader.levels),
        tuple(reader.groups),
    )


class _Reader:
    """Reads one statement after the other and remembers the block it stands in."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.level = self.group = ""
        self.levels: dict[str, None] = {}
        self.groups: dict[str, None] = {}
        self.found: dict[tuple[str, ...], Statement] = {}
        self.equations: list[Equation] = []

    def read(self, line: tuple[Word, ...]) -> None:
        depth = 0
        for place, word in enumerate(line):
            depth += {"(": 1, ")": -1}.get(word.text, 0)
            if word.kind != "operator" or depth:
                continue
            if word.text in LATER:
                refuse(self.text, word.start, FORMATIVE, word=word.text)
            if word.text == ":":
                return self.block(line, place)
            if word.text in FORMULAS:
                return self.formula(line, place)
            if word.text in (":=", *RELATIONS):
                return self.equation(line, place)
        start = line[-1].start + len(line[-1].text)
        refuse(self.text, start, "An operator is missing here: write f =~ x, y ~ x or x ~~ z.")

    def block(self, line: tuple[Word, ...], place: int) -> None:
        kind = line[0].text.lower()
        if place != 1 or len(line) != 3 or kind not in ("level", "group"):
            refuse(self.text, line[place].start, "A block starts with a line such as level: 1.")
        name = line[2].text.strip("\"'")
        if kind == "level":
            self.level = name
            self.levels[name] = None
        else:
            self.group, self.level = name, ""
            self.groups[name] = None

    def equation(self, line: tuple[Word, ...], place: int) -> None:
        left, right = line[:place], line[place + 1 :]
        for side, at in ((left, line[0].start), (right, line[-1].start + len(line[-1].text))):
            if not side:
                refuse(self.text, at, "Something is missing on this side.")
        if line[place].text == ":=" and (len(left) != 1 or left[0].kind != "name"):
            refuse(self.text, left[0].start, "A defined parameter has one name, as in ab := a*b.")
        sides = ("".join(w.text for w in side) for side in (left, right))
        first, second = sides
        self.equations.append(Equation(first, line[place].text, second, line[0].start))

    def formula(self, line: tuple[Word, ...], place: int) -> None:
        names = self.names(line[:place], line[place])
        rest = line[place + 1 :]
        if not rest:
            refuse(self.text, line[place].start + len(line[place].text), ENDED)
        for term in self.terms(rest):
            asked, last = self.term(term)
            for name in names:
                self.add(name, line[place].text, last, asked)

    def names(self, left: tuple[Word, ...], operator: Word) -> list[str]:
        names = []
        for position, word in enumerate(left):
            wanted = word.kind == "name" if position % 2 == 0 else word.text == "+"
            if not wanted:
                refuse(self.text, word.start, STRANGE, word=word.text)
            names += [word.text] if word.kind == "name" else []
        if len(left) % 2 == 0:
            refuse(self.text, operator.start, "A variable is missing before this operator.")
        return names

    def terms(self, rest: tuple[Word, ...]) -> list[list[Word]]:
        found: list[list[Word]] = [[]]
        depth = 0
        for word in rest:
            depth += {"(": 1, ")": -1}.get(word.text, 0) if word.kind == "operator" else 0
            if word.kind == "operator" and word.text == "+" and not depth:
                if not found[-1]:
                    refuse(self.text, word.start, STRANGE, word="+")
                found.append([])
            else:
                found[-1].append(word)
        if not found[-1]:
            refuse(self.text, rest[-1].start + 1, ENDED)
        return found

    def term(self, term: list[Word]) -> tuple[Modifier, Word]:
        asked = Modifier()
        start = depth = 0
        for position, word in enumerate(term):
            depth += {"(": 1, ")": -1}.get(word.text, 0) if word.kind == "operator" else 0
            if word.kind == "operator" and word.text in ("*", "?") and not depth:
                asked.merge(modifier(self.text, term[start:position], word))
                start = position + 1
        last = term[start:]
        if not last:
            refuse(self.text, term[-1].start + 1, ENDED)
        if len(last) > 1 and last[1].text == ":":
            refuse(
                self.text,
                last[1].start,
                "Products of variables are not built here; make a column of the product first.",
            )
        if len(last) > 1:
            refuse(self.text, last[1].start, STRANGE, word=last[1].text)
        if last[0].kind != "name" and last[0].text not in ("1", "0"):
            refuse(self.text, last[0].start, STRANGE, word=last[0].text)
        return asked, last[0]

    def add(self, lhs: str, op: str, last: Word, asked: Modifier) -> None:
        rhs = last.text
        if rhs in ("0", "1"):
            if op != "~":
                refuse(self.text, last.start, STRANGE, word=rhs)
            asked = Modifier(fixed=(0.0,)) if rhs == "0" else asked
            op, rhs = "~1", ""
        if lhs == rhs and op != "~~":
            refuse(self.text, last.start, "{word!r} cannot explain itself.", word=rhs)
        key = (self.group, self.level, lhs, op, rhs)
        if op == "~~" and (self.group, self.level, rhs, op, lhs) in self.found:
            key = (self.group, self.level, rhs, op, lhs)
        if key not in self.found:
            self.found[key] = Statement(lhs, op, rhs, self.level, self.group, last.start)
        self.found[key].asked.merge(asked)
