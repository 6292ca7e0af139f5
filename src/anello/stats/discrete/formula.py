"""The formula of a model of counts: what the outcome says, and one or more grouping columns.

    y ~ terms + (1 | g)            0 and 1, TRUE and FALSE, two words; or ordered answers
    cbind(yes, no) ~ ...           counts of two kinds
    yes / n ~ ...                  counts of yes among n
    ... + offset(log(hours))       a known part of the predictor
    ... (1 | a/b), (1 | a:b), (1 | a) + (x | b)

Terms are those of `anello.stats.mixed.formula`; a group may be made of several columns.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NoReturn

from anello.model.errors import FormulaError

from ..mixed.formula import INTERCEPT, Formula, Variable, parse
from ..mixed.terms import Number

WORD = r"(?:`[^`]+`|[^\W\d_][\w.]*|\.[^\W\d][\w.]*)"
BOTH = re.compile(rf"\s*cbind\(\s*({WORD})\s*,\s*({WORD})\s*\)\s*")
SHARE = re.compile(rf"\s*({WORD})\s*/\s*({WORD})\s*")
ONE = re.compile(rf"\s*(?:(?:as\.)?(?:factor|ordered)\(\s*({WORD})\s*\)|({WORD}))\s*")
OFFSET = re.compile(r"[+\s]*\boffset\(")
NOTHING = Variable("", Number(0.0))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is counted: `one` answer per row, `both` columns (yes, no), or a `share` (yes, n)."""

    kind: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grouped:
    """One set of effects that vary together; its terms are the random part of `formula`."""

    group: tuple[str, ...]
    formula: Formula
    nested: bool = False

    @property
    def name(self) -> str:
        """Return the group's name as lme4 writes it: a/b/c is a, b:a and c:(b:a)."""
        return _chain(self.group) if self.nested else ":".join(self.group)


def _chain(columns: tuple[str, ...]) -> str:
    if len(columns) < 3:
        return ":".join(reversed(columns))
    return f"{columns[-1]}:({_chain(columns[:-1])})"


@dataclass(frozen=True, slots=True)
class Counted:
    """A formula as terms. `offset` is a formula whose single fixed term is the offset, or None."""

    text: str
    outcome: Outcome
    fixed: Formula
    varying: tuple[Grouped, ...]
    offset: Variable | None = None

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """Return the formulas whose columns are needed, one per set of varying effects."""
        return tuple(part.formula for part in self.varying)


def read(text: str, ordinal: bool = False) -> Counted:
    """Read a formula; an `ordinal` one always has an intercept, whose place the thresholds take.

    Raises `FormulaError` with the place of the fault.

    >>> found = read("cbind(stay, leave) ~ pay + (1 | region/shop)")
    >>> found.outcome.columns, [part.name for part in found.varying]
    (('stay', 'leave'), ['region', 'shop:region'])
    """
    left, tilde, right = text.partition("~")
    if not tilde:
        _refuse(text, len(text), "A formula reads `outcome ~ terms`; the ~ is missing here.")
    outcome = _outcome(text, left)
    blank = "y" + " " * max(len(left) - 1, 0) + "~"
    blank = blank[-len(left) - 1 :] if len(left) else "y~"
    if right.count("(") != right.count(")"):
        _parsed(text, blank + right)
    right, offset = _offset(text, right, blank)
    bars = list(_bars(right))
    if not bars:
        _refuse(text, len(text), "The formula has no group; add one, such as (1 | unit).")
    varying: list[Grouped] = []
    for bar in bars:
        varying += _grouped(text, blank, right, bar, bars)
    fixed = varying[0].formula
    if ordinal and INTERCEPT not in fixed.fixed:
        varying = [_with_intercept(part) for part in varying]
        fixed = varying[0].formula
    return Counted(text, outcome, fixed, tuple(varying), offset)


def _with_intercept(part: Grouped) -> Grouped:
    formula = replace(part.formula, fixed=(INTERCEPT, *part.formula.fixed))
    return replace(part, formula=formula)


def _outcome(text: str, left: str) -> Outcome:
    if found := BOTH.fullmatch(left):
        return Outcome("both", (_bare(found[1]), _bare(found[2])))
    if found := SHARE.fullmatch(left):
        return Outcome("share", (_bare(found[1]), _bare(found[2])))
    if found := ONE.fullmatch(left):
        return Outcome("one", (_bare(found[1] or found[2]),))
    start = len(left) - len(left.lstrip())
    _refuse(text, start, "The outcome is a column, cbind(yes, no) or yes / n.")


def _bare(name: str) -> str:
    return name.strip("`")


def _refuse(text: str, start: int, sentence: str) -> NoReturn:
    pointed = f"{sentence}\n  {{formula}}\n  {{caret}}"
    raise FormulaError(pointed, formula=text, caret=" " * start + "^")


def _closing(text: str, opening: int) -> int:
    """Return the place of the parenthesis that closes the one at `opening`, or the end."""
    depth = 0
    for place in range(opening, len(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth == 0:
            return place
    return len(text) - 1


def _offset(text: str, right: str, blank: str) -> tuple[str, Variable | None]:
    found = OFFSET.search(right)
    if not found:
        return right, None
    end = _closing(right, found.end() - 1)
    inside = right[found.end() : end]
    whole = blank + " " * found.end() + inside + "+(1|g)"
    terms = _parsed(text, whole).fixed
    if len(terms) != 2 or len(terms[1]) != 1:
        _refuse(text, len(blank) + found.end(), "offset( ) holds one column or log(column).")
    rest = right[: found.start()] + " " * (end + 1 - found.start()) + right[end + 1 :]
    if found.start() == 0:
        rest = re.sub(r"^(\s*)\+", r"\1 ", rest)
    return rest, terms[1][0]


def _bars(right: str) -> Iterator[tuple[int, int, int]]:
    """Yield the opening, the bar and the closing of each `(terms | group)` at the top."""
    place = 0
    while place < len(right):
        if right[place] == "(":
            end = _closing(right, place)
            bar = right.find("|", place, end)
            if bar >= 0:
                yield place, bar, end
            place = end
        place += 1


def _grouped(
    text: str,
    blank: str,
    right: str,
    bar: tuple[int, int, int],
    bars: list[tuple[int, int, int]],
) -> list[Grouped]:
    """Read one `(terms | group)`, with a nested group a/b as a and a:b."""
    alone = list(right)
    for other in bars:
        if other is not bar:
            _blank(alone, other)
    opening, at, end = bar
    before = right[:opening].rstrip()
    if before and before[-1] != "+":
        place = len(blank) + opening
        _refuse(text, place, "Varying effects can only be added, outside other parentheses.")
    at += right[at : at + 2] == "||"
    group = right[at + 1 : end]
    names = re.findall(WORD, group)
    signs = re.sub(WORD, "", group).replace(" ", "")
    if not names or not re.fullmatch(r"/*|:*", signs) or len(signs) != len(names) - 1:
        _refuse(text, len(blank) + at + 1, "A group is a column, or columns such as a/b or a:b.")
    alone[at + 1 : end] = list(names[0].ljust(end - at - 1))
    formula = _parsed(text, blank + "".join(alone))
    columns = tuple(_bare(name) for name in names)
    depths = range(1, len(columns) + 1) if "/" in signs else (len(columns),)
    return [Grouped(columns[:depth], formula, "/" in signs) for depth in depths]


def _blank(signs: list[str], bar: tuple[int, int, int]) -> None:
    """Blank out one varying part with the sign that ties it to the rest."""
    opening, _, end = bar
    signs[opening : end + 1] = " " * (end + 1 - opening)
    before = opening - 1
    while before >= 0 and signs[before].isspace():
        before -= 1
    after = end + 1
    while after < len(signs) and signs[after].isspace():
        after += 1
    if before >= 0 and signs[before] == "+":
        signs[before] = " "
    elif before < 0 and after < len(signs) and signs[after] == "+":
        signs[after] = " "


def _parsed(text: str, whole: str) -> Formula:
    """Parse a formula that stands at the same places as `text`; faults point into `text`."""
    try:
        found = parse(whole)
    except FormulaError as error:
        if "formula" in error.values:
            error.values["formula"] = text
        raise
    return replace(found, text=text, outcome=NOTHING)
