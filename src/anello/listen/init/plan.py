"""From answers to the parts of a chain: sources with their grain, measures with their scale."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ...model.words import Words
from ..chain_measures import in_words
from .answers import SIDES, Answers, figures, guessed_side, when, where
from .columns import Column, Table, day, quoted
from .lexicon import theme


@dataclass(frozen=True)
class PlannedSource:
    """A file, how it is called in the chain, and whether its rows are people's.

    `rollup` says that its figures come more often than the waves and are added up.
    """

    key: str
    table: Table
    unit: str
    wave: str
    person: bool
    rollup: bool = False


@dataclass(frozen=True)
class PlannedMeasure:
    """Columns that become one measure; without a side they are written as a comment."""

    key: str
    source: PlannedSource
    columns: tuple[Column, ...]
    side: str | None
    up: bool
    label: Words
    scale: tuple[int, int] | None


def step(tables: Sequence[Table], said: Answers) -> str | None:
    """Return how dates are cut into waves, by the file that is least often; None without dates."""
    steps = [_step(table, when(table, said.wave, said.unit)) for table in tables]
    known = [s for s in steps if s]
    return max(known, key=("week", "month", "year").index) if len(known) == len(steps) else None


def _step(table: Table, wave: str) -> str | None:
    column = table.column(wave)
    if column is None or not column.is_day:
        return None
    days = table.groups(day(wave))
    months, years = (table.groups(f"date_trunc('{s}', {day(wave)})") for s in ("month", "year"))
    if days == years > 1:
        return "year"
    return "month" if months > 2 or days == months else "week"


def sources(tables: Sequence[Table], said: Answers, every: str | None) -> list[PlannedSource]:
    """Return one source for each file.

    Several rows for a unit and wave are rows of people, or, when no column looks like an answer
    on a scale, figures of days to be added up.
    """
    planned: list[PlannedSource] = []
    for table in tables:
        unit, wave = where(table, said.unit), when(table, said.wave, said.unit)
        moment = f"date_trunc('{every}', {day(wave)})" if every else quoted(wave)
        several = table.groups(quoted(unit), moment) < table.rows
        numbers = figures([table], said.unit, said.wave)
        person = several and any(_scale((c,)) for c in numbers if not c.is_id)
        key = _free(slug(table.path.stem), {s.key for s in planned})
        planned.append(PlannedSource(key, table, unit, wave, person, several and not person))
    return planned


def measures(planned: Sequence[PlannedSource], said: Answers) -> list[PlannedMeasure]:
    """Return the measures of every source; numbered questions of one kind make one scale."""
    found: list[PlannedMeasure] = []
    for source in planned:
        seen = figures([source.table], said.unit, said.wave)
        numbers = [c for c in seen if not c.is_id or said.side(c.name)]
        for columns in _scales(numbers) if source.person else [(c,) for c in numbers]:
            measure = _measure(source, columns, said)
            key = _free(measure.key, {m.key for m in found})
            found.append(replace(measure, key=key))
    return found


def _measure(source: PlannedSource, columns: tuple[Column, ...], said: Answers) -> PlannedMeasure:
    stem = _stem(columns[0].name) if len(columns) > 1 else columns[0].name
    known = theme(stem)
    side = next((s for c in columns if (s := said.side(c.name))), None)
    linked = any(re.search(rf"\b{slug(stem)}\b", link) for link in said.links)
    if side is None and linked:
        side = guessed_side(columns[0], source.table) or "operations"
    return PlannedMeasure(
        key=slug(stem),
        source=source,
        columns=columns,
        side=side,
        up=known.up if known else True,
        label=known.label if known and len(columns) == 1 else in_words(slug(stem)),
        scale=_scale(columns) if source.person else None,
    )


def links(found: Sequence[PlannedMeasure], said: Answers) -> list[str]:
    """Return the links wanted, or one from each side of the chain to the next."""
    if said.links:
        return list(said.links)
    first = [next((m for m in found if m.side == side), None) for side in SIDES]
    steps = [m for m in first if m is not None]
    if len(steps) > 2:
        steps = [m for m in steps if m.side != "operations"]
    return [f"{after.key} ~ {before.key}" for before, after in pairwise(steps)]


def slug(text: str) -> str:
    """Return a text as a name that may stand in a formula.

    >>> slug("Sales (EUR)"), slug("2024 visits"), slug("lag")
    ('sales_eur', 'm_2024_visits', 'm_lag')
    """
    plain = unicodedata.normalize("NFKC", text.lower())
    kept = "".join(c if f"a{c}".isidentifier() else "_" for c in plain)
    name = re.sub("_+", "_", kept).strip("_")
    return name if name.isidentifier() and name != "lag" else f"m_{name}".strip("_")


def _free(name: str, taken: set[str]) -> str:
    n = 2
    free = name
    while free in taken:
        free, n = f"{name}_{n}", n + 1
    return free


def _stem(name: str) -> str:
    return re.sub(r"[\W_]*\d+$", "", name) or name


def _scales(numbers: Sequence[Column]) -> list[tuple[Column, ...]]:
    groups: dict[object, list[Column]] = defaultdict(list)
    for column in numbers:
        low = column.scale[0] if column.scale else None
        numbered = low is not None and re.search(r"\D\d+$", column.name)
        groups[(_stem(column.name), low) if numbered else column.name].append(column)
    return [tuple(columns) for columns in groups.values()]


def _scale(columns: tuple[Column, ...]) -> tuple[int, int] | None:
    """Return the scale that holds the answers to all of these questions."""
    scales = [c.scale for c in columns if c.scale]
    if len(scales) < len(columns):
        return None
    return min(low for low, _ in scales), max(high for _, high in scales)
