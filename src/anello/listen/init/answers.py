"""What must be known to propose a chain: guessed from the columns, corrected by the user."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from ...model.errors import SourceError
from .columns import Column, Table
from .lexicon import UNITS, WAVES, is_of_a_life, noun, theme

SIDES = ("employee", "customer", "operations", "money")

LINKS = "Which links (target ~ source; ...)? Empty: from each side to the next."


@dataclass(frozen=True)
class Question:
    """One question, its sentence (Italian in the catalogue), the guess, and what is possible.

    An answer is one of `choices`; with `many`, several of them with commas between.
    """

    key: str
    text: str
    default: str
    choices: tuple[str, ...]
    many: bool = False


@dataclass(frozen=True)
class Answers:
    """Which columns say where and when, which belong to which side, and the links wanted."""

    unit: str
    wave: str
    employee: tuple[str, ...] = ()
    customer: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    money: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    def side(self, column: str) -> str | None:
        """Return the side on which the user put a column."""
        return next((s for s in SIDES if column in getattr(self, s)), None)


def questions(tables: Sequence[Table]) -> tuple[Question, ...]:
    """Return what to ask, in order, each with the guess that an empty answer takes."""
    guessed = _complete(tables, {})
    columns = _names(tables)
    figured = figures(tables, guessed.unit, guessed.wave)
    numbers = tuple(c.name for c in figured if not c.is_id)
    asked = (
        ("employee", "Which columns are about employees?"),
        ("customer", "Which columns are about customers?"),
        ("operations", "Which columns are about the work done?"),
        ("money", "Which columns are about money?"),
    )
    return (
        Question("unit", "Which column says where (shop, team, hospital)?", guessed.unit, columns),
        Question("wave", "Which column says when (month, year)?", guessed.wave, columns),
        *(
            Question(side, text, ", ".join(getattr(guessed, side)), numbers, many=True)
            for side, text in asked
        ),
        Question(
            "links",
            "Which links (target ~ source; ...)? Empty: from each side to the next.",
            "",
            (),
        ),
    )


def answers(tables: Sequence[Table], given: Mapping[str, str]) -> Answers:
    """Return the answers: what was given, and guesses for the rest.

    `given` holds texts by question key; columns with commas between, links with semicolons.
    An empty text takes the guess; `-` says that no column stands on this side. Raises
    `SourceError`, with the nearest name, for a column that no file has.
    """
    said = _complete(tables, given)
    for table in tables:
        _found(where(table, said.unit), table, "unit")
        _found(when(table, said.wave, said.unit), table, "wave")
    return said


def _complete(tables: Sequence[Table], given: Mapping[str, str]) -> Answers:
    unit = given.get("unit") or _unit(tables)
    wave = given.get("wave") or _wave(tables, unit)
    for name in filter(None, (unit, wave)):
        _known(name, _names(tables))
    sides = _sides(tables, given, unit, wave)
    links = (" ".join(link.split()) for link in re.split(r"[;\n]", given.get("links", "")))
    return Answers(unit, wave, **sides, links=tuple(link for link in links if link not in "-"))


def _sides(
    tables: Sequence[Table], given: Mapping[str, str], unit: str, wave: str
) -> dict[str, tuple[str, ...]]:
    said = {side: _several(given.get(side, "")) for side in SIDES}
    taken = [name for names in said.values() for name in names]
    numbers = [(c, t) for t in tables for c in figures([t], unit, wave)]
    for name in taken:
        _known(name, tuple(c.name for c, _ in numbers))
    for column, table in numbers:
        side = guessed_side(column, table)
        guess = side and not column.is_id and column.name not in taken
        if side and guess and not given.get(side, "").strip():
            said[side].append(column.name)
    return {side: tuple(dict.fromkeys(names)) for side, names in said.items()}


def figures(tables: Sequence[Table], unit: str, wave: str) -> tuple[Column, ...]:
    """Return the columns of numbers, other than those that say where and when."""
    apart = {unit, wave}
    for table in tables:
        apart |= {where(table, unit), when(table, wave, unit)}
    return tuple(
        column
        for table in tables
        for column in table.columns
        if column.name not in apart and column.is_number
    )


def where(table: Table, unit: str) -> str:
    """Return the column of `table` that says where; it may have another name in each file."""
    return unit if table.column(unit) else _unit([table])


def when(table: Table, wave: str, unit: str) -> str:
    """Return the column of `table` that says when."""
    return wave if table.column(wave) else _wave([table], where(table, unit))


def guessed_side(column: Column, table: Table) -> str | None:
    """Return the side that a column's name gives away, or for answers the name of its file."""
    found = theme(column.name) or (theme(table.path.stem) if column.scale else None)
    return found.side if found else None


def _unit(tables: Sequence[Table]) -> str:
    def is_unit(column: Column) -> bool:
        return noun(column.name, UNITS) is not None and (not column.is_number or column.is_whole)

    def is_text(column: Column) -> bool:
        return not column.is_number and not column.is_day

    return _best(tables, (is_unit, is_text), ())


def _wave(tables: Sequence[Table], unit: str) -> str:
    def is_wave(column: Column) -> bool:
        return noun(column.name, WAVES) is not None and column.distinct <= column.filled

    def is_day(column: Column) -> bool:
        return column.is_day

    def is_text(column: Column) -> bool:
        return not column.is_number and column.distinct < column.filled

    lives = [c.name for table in tables for c in table.columns if is_of_a_life(c.name)]
    return _best(tables, (is_wave, is_day, is_text), (unit, *lives))


def _best(
    tables: Sequence[Table], tests: Sequence[Callable[[Column], bool]], apart: tuple[str, ...]
) -> str:
    """Return the first column that passes the earliest test, rather one that all files have."""
    candidates = [c for c in tables[0].columns if c.name not in apart]
    shared = [c for c in candidates if all(t.column(c.name) for t in tables)]
    for test in tests:
        for columns in (shared, candidates):
            found = next(filter(test, columns), None)
            if found:
                return found.name
    return ""


def _several(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip() not in {"", "-"}]


def _names(tables: Sequence[Table]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c.name for table in tables for c in table.columns))


def _known(name: str, names: tuple[str, ...]) -> None:
    if name in names:
        return
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    if near:
        raise SourceError(
            "there is no such column as {column!r}; did you mean {near!r}?",
            column=name,
            near=near[0],
        )
    raise SourceError(
        "there is no such column as {column!r}; there are: {names}.",
        column=name,
        names=", ".join(names) or "-",
    )


def _found(column: str, table: Table, key: str) -> None:
    if column:
        return
    raise SourceError(
        "{file} has no column that says where or when; name it with --{key}. There are: {names}.",
        file=table.path,
        key=key,
        names=", ".join(c.name for c in table.columns),
    )
