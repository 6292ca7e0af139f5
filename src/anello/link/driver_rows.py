"""The rows of `anello fit drivers`: outcome and themes of one file, at the level that is asked."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from anello.model.errors import FormulaError, ModelError, SourceError
from anello.stats.linear.demean import group_means, one_way, two_way
from anello.stats.mixed.design import Kind
from anello.stats.mixed.tokens import Token, refuse, tokens
from anello.store.files import File, open_file, quoted

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
NUMBERS = (Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN)
LEVELS = ("pooled", "between", "within")
MOST_LEVELS = 50
LARGEST = 1e100
"""Beyond this the square of a number, summed over rows, is no number any more."""


@dataclass(frozen=True, slots=True, eq=False)
class DriverRows:
    """Outcome (first) and columns of themes, n x (1 + p), with the units that are drawn together.

    `sizes` says how many columns each theme has: one, or one less than the levels of a text. `df`
    counts the dimensions in which a column can vary once means are out.
    """

    themes: tuple[str, ...]
    sizes: tuple[int, ...]
    columns: tuple[str, ...]
    values: Array
    unit: Codes
    df: int
    dropped: int


def read_formula(text: str) -> tuple[str, tuple[str, ...]]:
    """Return outcome and themes of `y ~ a + b + c`; names that are no words stand in backticks.

    Raises `FormulaError` with a caret where something else stands.

    >>> read_formula("rating ~ raises + `my manager`")
    ('rating', ('raises', 'my manager'))
    """
    words = list(tokens(text))
    outcome = _name(text, words, ())
    _sign(text, words, "~")
    names = [_name(text, words, (outcome,))]
    while words[0].kind != "end":
        _sign(text, words, "+")
        names.append(_name(text, words, (outcome, *names)))
    return outcome, tuple(names)


def _sign(text: str, words: list[Token], sign: str) -> None:
    word = words.pop(0)
    if (word.kind, word.text) != ("operator", sign):
        sentence = "Themes stand as `outcome ~ a + b + c`; {sign} is missing here."
        refuse(text, word.start, sentence, sign=sign)


def _name(text: str, words: list[Token], known: tuple[str, ...]) -> str:
    word = words.pop(0)
    if word.kind not in ("name", "quoted"):
        refuse(text, word.start, "The name of a column belongs here.")
    if word.text in known:
        sentence = "{name!r} stands twice; name each column once."
        refuse(text, word.start, sentence, name=word.text)
    return word.text


def driver_rows(
    formula: str, path: Path, *, unit: str | None = None, level: str = "pooled", wave: str | None
) -> DriverRows:
    """Read outcome and themes at one level; rows that miss a value are dropped.

    `pooled` takes rows as they stand, `between` the means of units, each once, `within` what is
    left when the means of units (and of waves, if a column is named) are out. Columns of text
    become one column for each level but the first. Raises `SourceError`, `FormulaError` or
    `ModelError`, one sentence each.
    """
    outcome, themes = read_formula(formula)
    if level not in LEVELS:
        raise ModelError(
            "{level!r} is not a level; choose among {known}.", level=level, known=", ".join(LEVELS)
        )
    if level != "pooled" and unit is None:
        raise ModelError(
            "The level {level!r} needs the column of the unit: add `--unit`.", level=level
        )
    file = open_file(path)
    places = tuple(name for name in (unit, wave) if name is not None)
    for name in (outcome, *themes, *places):
        _there(file, name)
    if file.kinds[outcome] not in NUMBERS:
        raise ModelError("The outcome {column!r} holds no numbers.", column=outcome)
    read, dropped = _read(file, (outcome, *themes), places)
    parts = [_columns(name, read[name], file.kinds[name]) for name in themes]
    values = np.column_stack([read[outcome].astype(float), *(c for _, c in parts)])
    codes = {name: _codes(read[name]) for name in places}
    names = tuple(name for found, _ in parts for name in found)
    sizes = tuple(len(found) for found, _ in parts)
    scale = _scale(values, (outcome, *names))
    drawn, left, df = _at(level, values, codes.get(unit or ""), codes.get(wave or ""))
    _check(left, scale, names, df, outcome)
    return DriverRows(themes, sizes, names, left, drawn, df, dropped)


def _there(file: File, name: str) -> None:
    if name not in file.kinds:
        raise FormulaError(
            "There is no column {column!r} in {file}; it has: {names}.",
            column=name,
            file=file.path,
            names=", ".join(file.kinds),
        )


def _read(
    file: File, names: tuple[str, ...], places: tuple[str, ...]
) -> tuple[dict[str, NDArray[np.generic]], int]:
    wanted = tuple(dict.fromkeys((*names, *places)))
    said = [
        f"{quoted(n)}::double" if n in names and file.kinds[n] in NUMBERS else f"{quoted(n)}::text"
        for n in wanted
    ]
    chosen = ", ".join(f"{what} as {quoted(n)}" for what, n in zip(said, wanted, strict=True))
    sql = f"select {chosen} from {file.name} where {_complete(file, wanted)}"
    found = file.connection.execute(sql).fetchnumpy()
    total = (file.connection.execute(f"select count(*) from {file.name}").fetchone() or (0,))[0]
    columns = {name: np.asarray(found[name]) for name in wanted}
    rows = len(columns[names[0]])
    if rows == 0:
        raise SourceError("No row of {file} has every value that is asked.", file=file.path)
    return columns, int(total) - rows


def _complete(file: File, names: tuple[str, ...]) -> str:
    """Return the SQL condition that a row misses none of these columns."""
    parts = [f"{quoted(name)} is not null" for name in names]
    real = (name for name in names if file.kinds[name] is Kind.NUMBER)
    return " and ".join([*parts, *(f"not isnan({quoted(name)}::double)" for name in real)])


def _columns(name: str, values: NDArray[np.generic], kind: Kind) -> tuple[list[str], Array]:
    """Return the names and columns of a theme: itself, or its levels but the first."""
    if kind in NUMBERS:
        return [name], values.astype(float)[:, None]
    levels, codes = np.unique(values.astype(str), return_inverse=True)
    if not 2 <= len(levels) <= MOST_LEVELS:
        raise ModelError(
            "The column {column!r} holds {n} different texts; a theme needs 2 to {most}.",
            column=name,
            n=len(levels),
            most=MOST_LEVELS,
        )
    made = np.asarray(codes[:, None] == np.arange(1, len(levels)), dtype=float)
    return [f"{name}{level}" for level in levels[1:]], made


def _codes(values: NDArray[np.generic]) -> Codes:
    return np.unique(values.astype(str), return_inverse=True)[1].astype(np.int64)


def _at(
    level: str, values: Array, unit: Codes | None, wave: Codes | None
) -> tuple[Codes, Array, int]:
    """Return the drawn units, the values at this level, and their degrees of freedom."""
    rows = np.arange(len(values))
    if unit is None or level == "pooled":
        return (rows if unit is None else unit), values - values.mean(axis=0), len(values) - 1
    units = int(unit.max()) + 1
    if level == "between":
        means = group_means(values, unit)
        return np.arange(units), means, units - 1
    if wave is None:
        return unit, one_way(values, unit), len(values) - units
    try:
        left = two_way(values, unit, wave)
    except ValueError:
        raise ModelError("Units and waves cannot be told apart in these rows.") from None
    return unit, left, len(values) - units - int(wave.max())


def _scale(values: Array, names: tuple[str, ...]) -> Array:
    """Return the largest size in each column; raise `ModelError` where squares would overflow."""
    scale = np.abs(values).max(axis=0) + np.finfo(float).tiny
    for name, largest in zip(names, scale, strict=True):
        if not largest < LARGEST:
            raise ModelError(
                "The column {column!r} holds {value}, which is too large to be squared.",
                column=name,
                value=largest,
            )
    return np.asarray(scale, float)


def _check(left: Array, scale: Array, names: tuple[str, ...], df: int, outcome: str) -> None:
    """Raise `ModelError` for a column that does not vary, too few rows, or a column of others."""
    for name, sd in zip((outcome, *names), np.std(left, axis=0) / scale, strict=True):
        if sd < 1e-12:
            raise ModelError(
                "The column {column!r} does not vary at this level; leave it out.", column=name
            )
    if df <= len(names):
        raise ModelError(
            "{n} independent rows cannot tell {themes} columns apart; bring more units or rows, or "
            "name fewer columns.",
            n=df + 1,
            themes=len(names),
        )
    X = left[:, 1:] - left[:, 1:].mean(axis=0)
    X = X / np.sqrt(np.sum(X**2, axis=0))
    for j in range(1, X.shape[1]):
        b = np.linalg.lstsq(X[:, :j], X[:, j], rcond=None)[0]
        if np.sum((X[:, j] - X[:, :j] @ b) ** 2) < 1e-9:
            others = [name for name, c in zip(names, b, strict=False) if abs(c) > 1e-4]
            raise ModelError(
                "The column {column!r} can be computed from {others}; leave one of them out.",
                column=names[j],
                others=", ".join(others),
            )
