"""One file of rows reduced by DuckDB to counts: per group, covariate pattern and answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from anello.model.errors import FormulaError, ModelError
from anello.stats.discrete.formula import Counted
from anello.stats.mixed.design import NUMERIC, Kind, check_column, factors, reads
from anello.stats.mixed.terms import Level, columns_of, level_text

from .files import File, literal, loaded, quoted
from .scan import complete, run

MOST_CATEGORIES = 50
BOOLEANS = {"no": False, "yes": True, "false": False, "true": True, "0": False, "1": True}


@dataclass(frozen=True, eq=False)
class Counting:
    """The counts of a file.

    `cells` has one array per column of the pattern; `yes`, `total` and `category` belong to them.
    `constant` is the part of the log-likelihood that only the data say, `saturated` the highest
    that any model could reach; both are sums over rows. `answers` names the kinds of answer.
    """

    cells: Mapping[str, npt.NDArray[Any]]
    yes: npt.NDArray[np.float64]
    total: npt.NDArray[np.float64]
    category: npt.NDArray[np.int64] | None
    answers: tuple[str, ...]
    rows: int
    dropped: int
    constant: float
    saturated: float
    whole_weights: bool
    sql: str


@dataclass(frozen=True, slots=True)
class _Said:
    """SQL of one row's `yes` and `trials`, its weight, and the columns they read."""

    yes: str
    trials: str
    weight: str
    answers: tuple[str, ...] = ()
    category: str | None = None


def columns(read: Counted, kinds: Mapping[str, Kind], weights: str | None) -> tuple[str, ...]:
    """Return every column the model reads, checked; a missing value in any drops the row."""
    first = read.fixed
    found = dict.fromkeys((*read.outcome.columns, *((weights,) if weights else ())))
    for name in found:
        check_column(name, kinds, first)
    for part in read.varying:
        factors(part.formula, kinds)
        for name in part.group:
            check_column(name, kinds, first)
        found |= dict.fromkeys((*reads(part.formula), *part.group))
    terms = {n for f in read.formulas for n in reads(f) if n != f.group}
    both = next((n for n in read.outcome.columns if n in terms), None)
    if both is not None:
        raise FormulaError(
            "{term} stands on both sides of the formula.\n  {formula}", term=both, formula=read.text
        )
    for name in columns_of(read.offset.node) if read.offset else ():
        check_column(name, kinds, first)
        _number(name, kinds)
        found[name] = None
    return tuple(found)


def pattern(read: Counted, kinds: Mapping[str, Kind]) -> tuple[str, ...]:
    """Return the columns whose values make a pattern: groups, terms, offset."""
    found: dict[str, None] = {}
    for part in read.varying:
        found |= dict.fromkeys((*part.group, *reads(part.formula)))
    found |= dict.fromkeys(columns_of(read.offset.node) if read.offset else ())
    return tuple(found)


def _number(name: str, kinds: Mapping[str, Kind]) -> None:
    if kinds[name] not in NUMERIC:
        raise ModelError("The column {column!r} must hold numbers.", column=name)


def held(file: File, wanted: tuple[str, ...]) -> File:
    """Return the file with these columns at hand; each must hold a value somewhere."""
    file = loaded(file, wanted)
    counts = ", ".join(f"count({quoted(name)})" for name in wanted)
    row = _row(file, f"select count(*), {counts} from {file.name}")
    if row[0] == 0:
        raise ModelError("The file has no rows below its header.")
    for name, count in zip(wanted, row[1:], strict=True):
        if count == 0:
            raise ModelError("The column {column!r} holds no value in any row.", column=name)
    return file


def counting(
    file: File,
    read: Counted,
    wanted: tuple[str, ...],
    family: str,
    weights: str | None,
    levels: tuple[str, ...],
) -> Counting:
    """Reduce a file to counts for a model of this `family`."""
    where = complete(file, wanted)
    rows = int(_row(file, f"select count(*) from {file.name} where {where}")[0])
    if not rows:
        raise ModelError(
            "No row is left to fit: every row misses a value or lies in a group that is withheld."
        )
    if weights:
        _check_weights(file, where, weights)
    said = _said(file, read, where, family, weights, levels)
    whole = not weights or _whole(file, where, weights)
    names = pattern(read, file.kinds)
    if len(names) != len({name.lower() for name in names}):
        raise ModelError("Two columns differ only in upper and lower case; rename one.")
    sql = _statement(file, said, names, where)
    found = _numpy(file, sql)
    category = None
    if said.category is not None:
        category = np.asarray(found["k_"], dtype=np.int64)
    every = int(_row(file, f"select count(*) from {file.name}")[0])
    constant, saturated = _constants(file, said, family, where)
    return Counting(
        cells={name: np.asarray(found[f"c{i}"]) for i, name in enumerate(names)},
        yes=np.asarray(found["yes_"], dtype=float),
        total=np.asarray(found["total_"], dtype=float),
        category=category,
        answers=said.answers,
        rows=rows,
        dropped=every - rows,
        constant=constant,
        saturated=saturated,
        whole_weights=whole,
        sql=sql,
    )


def _statement(file: File, said: _Said, names: tuple[str, ...], where: str) -> str:
    chosen = [f"{quoted(name)} as c{i}" for i, name in enumerate(names)]
    if said.category is not None:
        chosen.append(f"{said.category} as k_")
    yes = f"sum({_times(said.weight, said.yes)})::double as yes_"
    total = f"sum({_times(said.weight, said.trials)})::double as total_"
    keys = ", ".join(str(i + 1) for i in range(len(chosen)))
    return (
        f"select {', '.join((*chosen, yes, total))} from {file.name} where {where} group by {keys}"
    )


def _times(weight: str, value: str) -> str:
    return value if weight == "1" else f"{weight} * {value}"


def _check_weights(file: File, where: str, weights: str) -> None:
    _number(weights, file.kinds)
    bad = _row(file, f"select count(*) from {file.name} where {where} and {quoted(weights)} <= 0")
    if bad[0]:
        raise ModelError(
            "The weights in {column!r} are zero or negative in {rows} rows; correct them or leave "
            "those rows out.",
            column=weights,
            rows=bad[0],
        )


def _whole(file: File, where: str, weights: str) -> bool:
    name = quoted(weights)
    sql = f"select count(*) from {file.name} where {where} and {name} <> floor({name})"
    return not _row(file, sql)[0]


def _said(
    file: File,
    read: Counted,
    where: str,
    family: str,
    weights: str | None,
    levels: tuple[str, ...],
) -> _Said:
    kind, names = read.outcome.kind, read.outcome.columns
    weight = f"{quoted(weights)}::double" if weights else "1"
    if kind != "one" and family != "binomial":
        raise ModelError("cbind( ) and yes / n are outcomes of a binomial model; name one column.")
    if kind != "one":
        return _two_columns(file, read, where, weight, weights)
    if family == "poisson":
        return _events(file, names[0], where, weight)
    if family == "ordinal":
        return _ordered(file, names[0], where, weight, levels)
    return _yes_or_no(file, names[0], where, weight, weights, levels)


def _two_columns(file: File, read: Counted, where: str, weight: str, weights: str | None) -> _Said:
    for name in read.outcome.columns:
        _number(name, file.kinds)
    one, other = (f"{quoted(name)}::double" for name in read.outcome.columns)
    trials = f"({one} + {other})" if read.outcome.kind == "both" else other
    if weights == read.outcome.columns[1] and read.outcome.kind == "share":
        weight = "1"
    sql = f"count(*) filter ({one} < 0 or {trials} < {one} or {trials} < 0)"
    row = _row(file, f"select {sql}, sum({one}), sum({trials}) from {file.name} where {where}")
    if row[0]:
        raise ModelError(
            "In {rows} rows the counts are negative, or there are more yes than answers.",
            rows=row[0],
        )
    _check_both(row[1], row[2])
    return _Said(one, trials, weight)


def _check_both(yes: float, total: float) -> None:
    if not 0 < yes < total:
        raise ModelError("Every answer is the same: the outcome does not vary, so nothing is left.")


def _events(file: File, name: str, where: str, weight: str) -> _Said:
    _number(name, file.kinds)
    y = f"{quoted(name)}::double"
    bad = f"count(*) filter ({y} < 0 or {y} <> floor({y}))"
    row = _row(file, f"select {bad}, min({y}), max({y}) from {file.name} where {where}")
    if row[0]:
        raise ModelError(
            "{column!r} is not a count: {rows} rows are negative or not whole.",
            column=name,
            rows=row[0],
        )
    if row[1] == row[2]:
        raise ModelError("Every answer is the same: the outcome does not vary, so nothing is left.")
    return _Said(y, "1", weight)


def _distinct(file: File, name: str, where: str, most: int) -> list[Level]:
    sql = f"select distinct {quoted(name)} from {file.name} where {where} limit {most + 1}"
    return sorted(row[0] for row in _rows(file, sql))


def _named(found: list[Level], levels: tuple[str, ...], name: str) -> list[Level]:
    """Return the levels in the order a person gave; every one must occur, and no other."""
    by_text = {level_text(value): value for value in found}
    if set(map(type, found)) == {bool} and len(levels) == 2:
        spelled = {
            word: value for word, value in BOOLEANS.items() if word in map(str.lower, levels)
        }
        by_text = {text: spelled[text.lower()] for text in levels if text.lower() in spelled}
    empty = [level for level in levels if level not in by_text]
    if empty:
        raise ModelError(
            "Nobody chose {level!r} in {column!r}, so nothing can be said of it; take it out of "
            "--levels.",
            level=empty[0],
            column=name,
        )
    other = [text for text in by_text if text not in levels]
    if other:
        raise ModelError(
            "{column!r} also holds {level!r}, which --levels does not name.",
            column=name,
            level=other[0],
        )
    return [by_text[level] for level in levels]


def _ordered(file: File, name: str, where: str, weight: str, levels: tuple[str, ...]) -> _Said:
    found = _distinct(file, name, where, MOST_CATEGORIES)
    if len(found) > MOST_CATEGORIES:
        raise ModelError(
            "{column!r} holds more than {most} different answers; an ordinal model is for a few.",
            column=name,
            most=MOST_CATEGORIES,
        )
    if levels:
        found = _named(found, levels, name)
    elif file.kinds[name] not in NUMERIC:
        raise ModelError(
            "{column!r} holds words; say their order, lowest first, as in --levels {levels}.",
            column=name,
            levels=",".join(level_text(value) for value in found),
        )
    if len(found) < 3:
        raise ModelError(
            "{column!r} holds {count} different answers; an ordinal model needs three or more, and "
            "for two there is --family binomial.",
            column=name,
            count=len(found),
        )
    cases = " ".join(f"when {_literal(value)} then {k}" for k, value in enumerate(found))
    category = f"case {quoted(name)} {cases} end"
    return _Said("1", "1", weight, tuple(level_text(v) for v in found), category)


def _literal(value: Level) -> str:
    return literal(value) if isinstance(value, str) else repr(value).lower()


def _yes_or_no(
    file: File, name: str, where: str, weight: str, weights: str | None, levels: tuple[str, ...]
) -> _Said:
    found = _distinct(file, name, where, 2)
    if len(found) == 1:
        raise ModelError("Every answer is the same: the outcome does not vary, so nothing is left.")
    if levels and len(levels) == 2:
        found = _named(found, levels, name)
    elif len(found) == 2 and (set(found) <= {0, 1} or file.kinds[name] not in NUMERIC):
        found = sorted(found)
    elif file.kinds[name] in NUMERIC:
        return _shares(file, name, where, weights)
    else:
        raise ModelError(
            "{column!r} holds more than two different answers; for ordered answers there is "
            "--family ordinal.",
            column=name,
        )
    answers = tuple(level_text(value) for value in found)
    yes = f"({quoted(name)} = {_literal(found[1])})::int"
    return _Said(yes, "1", weight, answers)


def _shares(file: File, name: str, where: str, weights: str | None) -> _Said:
    y = f"{quoted(name)}::double"
    row = _row(file, f"select min({y}), max({y}) from {file.name} where {where}")
    if row[0] < 0 or row[1] > 1 or not weights:
        raise ModelError(
            "{column!r} must hold two different answers (0 and 1), or shares between 0 and 1 with "
            "the number of answers behind each in --weights.",
            column=name,
        )
    n = f"{quoted(weights)}::double"
    return _Said(f"({y} * {n})", n, "1")


def _constants(file: File, said: _Said, family: str, where: str) -> tuple[float, float]:
    """Return the sum of what only the data say, and the kernel of a model that fits every row."""
    if said.category is not None or (said.trials == "1" and family != "poisson"):
        return 0.0, 0.0
    y, n, w = said.yes, said.trials, said.weight
    if family == "poisson":
        constant = f"-lgamma({y} + 1)"
        saturated = f"(case when {y} > 0 then {y} * ln({y}) else 0 end - {y})"
    else:
        no = f"({n} - {y})"
        constant = f"(lgamma({n} + 1) - lgamma({y} + 1) - lgamma({no} + 1))"
        saturated = (
            f"(case when {y} > 0 then {y} * ln({y} / {n}) else 0 end + "
            f"case when {no} > 0 then {no} * ln({no} / {n}) else 0 end)"
        )
    parts = ", ".join(f"fsum({_times(w, part)})" for part in (constant, saturated))
    row = _row(file, f"select {parts} from {file.name} where {where}")
    return float(row[0]), float(row[1])


def _row(file: File, sql: str) -> tuple[Any, ...]:
    return run(file, sql).fetchone() or (0,)


def _rows(file: File, sql: str) -> list[tuple[Any, ...]]:
    return run(file, sql).fetchall()


def _numpy(file: File, sql: str) -> dict[str, npt.NDArray[Any]]:
    return run(file, sql).fetchnumpy()
