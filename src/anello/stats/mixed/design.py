"""From a formula to columns: what each term of the model is, row by row, under R's names.

Factors get treatment contrasts against their first level; levels sort as numbers or by code point.
A factor whose margin is missing from the model keeps all its levels (Chambers & Hastie, Statistical
Models in S, 1992, section 2.4), so that `0 + f` and `x:f` mean what they mean in R.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import reduce
from itertools import product

from anello.model.errors import FormulaError, ModelError

from .formula import INTERCEPT, Formula, Random, Term, Variable
from .terms import Binary, Is, Level, Log, Name, Node, Number, columns_of, level_text, walk

MOST_LEVELS = 100


class Kind(StrEnum):
    """What a column of the data holds."""

    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the model: its name in R and how a row's value is computed.

    `indicator` columns hold only 0 and 1 and are never shifted.
    """

    name: str
    node: Node
    indicator: bool = False


ONES = Column("(Intercept)", Number(1.0), indicator=True)


@dataclass(frozen=True, slots=True)
class Design:
    """Which columns a model is made of.

    `blocks` are the sets of effects that vary together by `group`; effects of different blocks do
    not covary. `reads` are the columns of the data in which a missing value drops the row.
    """

    formula: str
    outcome: Column
    fixed: tuple[Column, ...]
    blocks: tuple[tuple[Column, ...], ...]
    group: str
    reads: tuple[str, ...]
    integers: frozenset[str] = frozenset()

    @property
    def varying(self) -> tuple[Column, ...]:
        """Return the columns with varying effects, block after block."""
        return tuple(column for block in self.blocks for column in block)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Return every column once: the ones first, the outcome last."""
        inside = dict.fromkeys((ONES, *self.varying, *self.fixed))
        return (*inside, self.outcome)


def factors(formula: Formula, kinds: Mapping[str, Kind]) -> tuple[str, ...]:
    """Return the columns whose levels must be known before the columns can be written.

    Raises `FormulaError` for a column that the data do not have, or that holds no numbers where
    numbers are needed.
    """
    found: dict[str, None] = {}
    check_column(formula.group, kinds, formula)
    for variable in variables(formula):
        for name in columns_of(variable.node):
            check_column(name, kinds, formula)
        if is_factor(variable, kinds):
            found[columns_of(variable.node)[0]] = None
        elif any(kinds[name] not in NUMERIC for name in columns_of(variable.node)):
            _not_numeric(variable, kinds, formula)
    if is_factor(formula.outcome, kinds):
        _not_numeric(formula.outcome, kinds, formula)
    return tuple(found)


NUMERIC = (Kind.INTEGER, Kind.NUMBER)


def _not_numeric(variable: Variable, kinds: Mapping[str, Kind], formula: Formula) -> None:
    name = next(n for n in columns_of(variable.node) if kinds[n] not in NUMERIC)
    raise FormulaError(
        "{term} needs numbers, but the column {column!r} holds none.\n  {formula}",
        term=variable.label,
        column=name,
        formula=formula.text,
    )


def variables(formula: Formula) -> tuple[Variable, ...]:
    """Return every variable of a formula once, the outcome first."""
    terms = (*formula.fixed, *(term for r in formula.random for term in r.terms))
    return tuple(dict.fromkeys((formula.outcome, *(v for term in terms for v in term))))


def reads(formula: Formula) -> tuple[str, ...]:
    """Return the columns of the data that a formula reads, the group last.

    A missing value in any of them drops the row.
    """
    found = dict.fromkeys(name for v in variables(formula) for name in columns_of(v.node))
    return (*(name for name in found if name != formula.group), formula.group)


def check_column(name: str, kinds: Mapping[str, Kind], formula: Formula) -> None:
    """Raise `FormulaError`, with the nearest name, unless the data have this column."""
    if name in kinds:
        return
    near = get_close_matches(name, list(kinds), n=1, cutoff=0.5)
    start = formula.text.find(name)
    values = {"column": name, "formula": formula.text, "caret": " " * max(start, 0) + "^"}
    if near:
        raise FormulaError(
            "There is no column {column!r} in the data; did you mean {near!r}?"
            "\n  {formula}\n  {caret}",
            near=near[0],
            **values,
        )
    raise FormulaError(
        "There is no column {column!r} in the data; they have: {names}.\n  {formula}\n  {caret}",
        names=", ".join(kinds),
        **values,
    )


def is_factor(variable: Variable, kinds: Mapping[str, Kind]) -> bool:
    """Tell whether a variable enters by its levels."""
    if variable.factor:
        return True
    plain = isinstance(variable.node, Name)
    return plain and kinds[columns_of(variable.node)[0]] in (Kind.TEXT, Kind.BOOLEAN)


def design(
    formula: Formula, kinds: Mapping[str, Kind], levels: Mapping[str, tuple[Level, ...]]
) -> Design:
    """Write a formula's terms as columns, given what the data hold.

    `levels` has, sorted, the levels of every column that `factors` names.

    >>> from .formula import parse
    >>> kinds = {"y": Kind.NUMBER, "g": Kind.TEXT, "shop": Kind.INTEGER}
    >>> [c.name for c in design(parse("y ~ g + (1|shop)"), kinds, {"g": ("a", "b", "c")}).fixed]
    ['(Intercept)', 'gb', 'gc']
    """
    for name, found in levels.items():
        _check_levels(name, found)
    fixed = _columns(formula.fixed, kinds, levels)
    blocks = tuple(b for r in formula.random for b in _blocks(r, kinds, levels))
    outcome = Column(formula.outcome.label, formula.outcome.node)
    if any(outcome.name == column.name for column in fixed):
        raise FormulaError(
            "{term} stands on both sides of the formula.\n  {formula}",
            term=outcome.name,
            formula=formula.text,
        )
    integers = frozenset(name for name, kind in kinds.items() if kind is Kind.INTEGER)
    return Design(formula.text, outcome, fixed, blocks, formula.group, reads(formula), integers)


def _check_levels(name: str, levels: tuple[Level, ...]) -> None:
    if not levels:
        raise ModelError(
            "No row is left to fit: every row misses a value or lies in a group that is withheld."
        )
    if len(levels) < 2:
        raise ModelError(
            "The factor {column!r} has a single level in the rows used; leave it out.", column=name
        )
    if len(levels) > MOST_LEVELS:
        raise ModelError(
            "The factor {column!r} has {levels} levels, more than {most}; "
            "give it a varying effect instead, as in (1 | {column}).",
            column=name,
            levels=len(levels),
            most=MOST_LEVELS,
        )


def _blocks(
    random: Random, kinds: Mapping[str, Kind], levels: Mapping[str, tuple[Level, ...]]
) -> list[tuple[Column, ...]]:
    if not random.apart:
        return [_columns(random.terms, kinds, levels)]
    return [_columns((term,), kinds, levels) for term in random.terms]


def _columns(
    terms: tuple[Term, ...], kinds: Mapping[str, Kind], levels: Mapping[str, tuple[Level, ...]]
) -> tuple[Column, ...]:
    full = _first_factor(terms, kinds) if INTERCEPT not in terms else None
    found: list[Column] = []
    for i, term in enumerate(terms):
        parts = [
            _coded(v, kinds, levels, full == (i, v) or not _has_margin(v, term, terms[:i]))
            for v in term
        ]
        found += [_times(reversed_) for reversed_ in product(*reversed(parts))]
    return tuple(found)


def _first_factor(
    terms: tuple[Term, ...], kinds: Mapping[str, Kind]
) -> tuple[int, Variable] | None:
    found = ((i, v) for i, term in enumerate(terms) for v in term if is_factor(v, kinds))
    return next(found, None)


def _has_margin(variable: Variable, term: Term, before: tuple[Term, ...]) -> bool:
    rest = set(term) - {variable}
    return not rest or any(rest <= set(other) for other in before)


def _coded(
    variable: Variable,
    kinds: Mapping[str, Kind],
    levels: Mapping[str, tuple[Level, ...]],
    every_level: bool,
) -> list[Column]:
    if not is_factor(variable, kinds):
        return [Column(variable.label, variable.node)]
    name = columns_of(variable.node)[0]
    kept = levels[name] if every_level else levels[name][1:]
    return [Column(f"{variable.label}{level_text(v)}", Is(name, v), True) for v in kept]


def _times(backwards: tuple[Column, ...]) -> Column:
    if not backwards:
        return ONES
    parts = backwards[::-1]
    node = reduce(lambda a, b: Binary("*", a, b), (column.node for column in parts))
    name = ":".join(column.name for column in parts)
    return Column(name, node, all(column.indicator for column in parts))


def logarithms(design: Design) -> tuple[Node, ...]:
    """Return the arguments of every `log` in the model: none may be zero or less."""
    nodes = (n for c in design.columns for n in walk(c.node))
    return tuple(dict.fromkeys(n.inside for n in nodes if isinstance(n, Log)))
