"""A diary in a file: the rows of each person in order, with days and prompts as steps of time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from anello.model.errors import FormulaError, ModelError, SourceError
from anello.stats.diary.clock import days, on_one_axis, prompts
from anello.stats.diary.columns import by_day
from anello.stats.diary.rows import Diary, diary, doubled
from anello.stats.diary.terms import DiaryFormula
from anello.stats.mixed.design import Kind

from .file_columns import fetched
from .files import File, check_known, open_file

DAY, PROMPT = "\x00day", "\x00prompt"
NUMERIC = (Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN)


@dataclass(frozen=True, slots=True)
class When:
    """The columns that say when: a day and a prompt in it, or one column of time.

    `night` is how many steps lie between the last prompt of a day and the first of the next;
    infinite, each day begins anew. `whole_days` makes one row of each day.
    """

    day: str | None = None
    prompt: str | None = None
    time: str | None = None
    night: float = 1.0
    whole_days: bool = False


@dataclass(frozen=True, eq=False)
class Loaded:
    """The diary, how many prompts a day has, and how many rows the file has."""

    rows: Diary
    prompts: tuple[str, ...]
    asked: int
    read: int


def read(path: str, formula: DiaryFormula, person: str, when: When) -> Loaded:
    """Read the columns that a formula needs; raises `SourceError` or `FormulaError`.

    A row without a person, or without its day or prompt, is left out; for inertia also one without
    an outcome, so that what is asked once a day can be followed by days. Two rows of one person
    at one time are an error with their place in the file.
    """
    file = open_file(Path(path))
    roles = [c for c in (person, when.day, when.prompt, when.time) if c]
    names = tuple(dict.fromkeys((*formula.columns, *roles)))
    for name in names:
        check_known(name, file, FormulaError)
    found = _fetched(file, names)
    numbers, texts = _typed(found, file, formula)
    times, asked, kinds = _times(found, file, when)
    numbers |= times
    there = np.isfinite(times[DAY]) & np.isfinite(times[PROMPT])
    who = found[person].copy()
    who[~there] = None
    if not any(p is not None for p in who):
        raise ModelError("No row names a person; choose another column for the person.")
    night = when.night if when.day and np.isfinite(when.night) else 1.0
    axis = on_one_axis(times[DAY], times[PROMPT], max(len(kinds), 1), night)
    rows = diary(who, axis, numbers, texts)
    if formula.kind == "ar1":
        rows = rows.kept(np.isfinite(rows.values[formula.outcome.column]))
    if when.day or when.time:
        _once(rows, file, person)
    if when.whole_days and when.day:
        rows = by_day(rows, rows.values[DAY])
    elif not (when.day or when.time):
        rows = replace(rows, time=np.arange(rows.n, dtype=np.float64))
    return Loaded(rows, kinds, asked, len(who))


def _fetched(file: File, names: Sequence[str]) -> dict[str, Any]:
    """Return columns in the order of the file: numbers as doubles, all others as text or None."""
    return fetched(file, {n: "double" if file.kinds[n] in NUMERIC else "varchar" for n in names})


def _typed(
    found: dict[str, Any], file: File, formula: DiaryFormula
) -> tuple[dict[str, Any], dict[str, Any]]:
    numbers: dict[str, Any] = {}
    texts: dict[str, Any] = {}
    needed = {formula.outcome.column, *([formula.mediator.column] if formula.mediator else [])}
    needed |= {t.column for t in formula.terms} if formula.kind == "mediation" else set()
    for name in formula.columns:
        if file.kinds[name] in NUMERIC:
            numbers[name] = _numbers(found[name])
        elif name in needed or not any(v is not None for v in found[name]):
            numbers[name] = _parsed(found[name], file, name)
        else:
            texts[name] = found[name]
    return numbers, texts


def _numbers(column: Any) -> Any:
    values = np.array([np.nan if v is None else float(v) for v in column], dtype=np.float64)
    return np.where(np.isfinite(values), values, np.nan)


def _parsed(column: Any, file: File, name: str) -> Any:
    """Return a text column as numbers, or say in which row it holds none."""
    out = np.full(len(column), np.nan)
    for i, value in enumerate(column):
        if value is None:
            continue
        try:
            out[i] = float(value)
        except ValueError:
            raise SourceError(
                "{file}, row {row}, column {column!r}: {value!r} is not a number. "
                "Correct it or leave it empty.",
                file=file.path,
                row=i + 2,
                column=name,
                value=value,
            ) from None
    return out


def _times(
    found: dict[str, Any], file: File, when: When
) -> tuple[dict[str, Any], int, tuple[str, ...]]:
    """Return day and prompt of each row, how many prompts were asked, and the prompts of a day."""
    n = len(next(iter(found.values())))
    day, (prompt, kinds) = np.zeros(n), prompts([0] * n)
    if when.time:
        numeric = file.kinds[when.time] in NUMERIC
        column = found[when.time]
        day = _numbers(column) if numeric else _parsed(column, file, when.time)
    if when.day:
        day = days(found[when.day])
    if when.prompt:
        prompt, kinds = prompts(found[when.prompt])
    distinct = np.unique(day[np.isfinite(day)]).size
    if when.day and distinct == 1:
        raise ModelError(
            "All rows are of one day; what happens inside a person takes at least two days."
        )
    return {DAY: day, PROMPT: prompt}, int(distinct * max(len(kinds), 1)), kinds


def _once(rows: Diary, file: File, person: str) -> None:
    pair = doubled(rows)
    if pair is not None:
        raise SourceError(
            "{file}, row {row} and row {second}, column {column!r}: the same person stands twice "
            "at one time. Keep one of the two rows.",
            file=file.path,
            row=pair[0] + 2,
            second=pair[1] + 2,
            column=person,
        )
