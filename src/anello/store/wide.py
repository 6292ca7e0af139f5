"""Long rows of units and waves laid out wide, one row per unit, in the engine that reads the file.

A missing wave of a unit is a hole in its row; nothing is filled in.
"""

from dataclasses import dataclass

from anello.model.errors import ModelError, SourceError
from anello.stats.mixed.design import Kind

from .files import File, literal, quoted


@dataclass(frozen=True, slots=True)
class Wide:
    """A file with one row per unit: `names` (measure by measure, wave by wave) and the waves."""

    file: File
    names: tuple[tuple[str, ...], ...]
    waves: tuple[str, ...]


def widened(file: File, measures: tuple[str, ...], unit: str, wave: str) -> Wide:
    """Return long rows as a wide table; waves stand in their order, numbers and dates as such.

    Raises `SourceError` for columns that are missing or hold text, and where a unit has two rows
    in one wave.
    """
    _known(file, (*measures, unit, wave))
    for name in measures:
        _varies(file, name)
    there = f"from {file.name} where {quoted(unit)} is not null and {quoted(wave)} is not null"
    run = file.connection.execute
    twice = run(
        f"select {quoted(unit)}::varchar, {quoted(wave)}::varchar, count(*) {there} "
        "group by 1, 2 having count(*) > 1 order by 1, 2 limit 1"
    ).fetchone()
    if twice is not None:
        raise SourceError(
            "{file}: {unit} has {n} rows in wave {wave}; take their mean first, one row each.",
            file=file.path,
            unit=twice[0],
            n=twice[2],
            wave=twice[1],
        )
    waves = run(f"select distinct {quoted(wave)} as w, w::varchar {there} order by w").fetchall()
    names = _names(measures, len(waves))
    wanted = [
        f"max({quoted(m)}::double) filter (where {quoted(wave)}::varchar = {literal(w)}) "
        f"as {quoted(name)}"
        for m, row in zip(measures, names, strict=True)
        for name, (_, w) in zip(row, waves, strict=True)
    ]
    if not waves:
        raise SourceError("{file} holds no rows with a unit and a wave.", file=file.path)
    sql = f"create temp table wide as select {', '.join(wanted)} {there} group by {quoted(unit)}"
    run(sql)
    kinds = dict.fromkeys((n for row in names for n in row), Kind.NUMBER)
    held = File(file.path, file.connection, "wide", kinds)
    return Wide(held, names, tuple(w[1] for w in waves))


def chosen(file: File, lists: tuple[tuple[str, ...], ...]) -> Wide:
    """Return a file that is wide already, its columns under names that a model's text can hold."""
    for columns in lists:
        _known(file, columns)
    names = _names(tuple(columns[0] for columns in lists), len(lists[0]))
    for columns in lists:
        if len(columns) != len(lists[0]):
            raise ModelError(
                "Both measures need the same waves: one has {x}, the other {y}.",
                x=len(lists[0]),
                y=len(columns),
            )
    for column in (name for columns in lists for name in columns):
        _varies(file, column)
    pairs = [pair for row in zip(lists, names, strict=True) for pair in zip(*row, strict=True)]
    wanted = ", ".join(f"{quoted(column)} as {quoted(name)}" for column, name in pairs)
    file.connection.execute(f"create temp table wide as select {wanted} from {file.name}")
    kinds = {name: file.kinds[column] for column, name in pairs}
    held = File(file.path, file.connection, "wide", kinds)
    return Wide(held, names, tuple(str(i + 1) for i in range(len(lists[0]))))


def _varies(file: File, name: str) -> None:
    """Raise for a column that is empty, holds text, or holds one value only, under its own name."""
    sql = f"select count({quoted(name)}), count(distinct {quoted(name)}) from {file.name}"
    filled, different = file.connection.execute(sql).fetchone() or (0, 0)
    if not filled:
        raise SourceError(
            "{file}, column {column!r} is empty in every row.", file=file.path, column=name
        )
    if file.kinds[name] in (Kind.TEXT, Kind.OTHER):
        raise SourceError(
            "{file}, column {column!r} holds text; a structural model needs numbers.",
            file=file.path,
            column=name,
        )
    if different == 1:
        raise ModelError(
            "{column!r} has the same value in every row, so nothing can be learned from it.",
            column=name,
        )


def _known(file: File, columns: tuple[str, ...]) -> None:
    for name in columns:
        if name not in file.kinds:
            raise SourceError(
                "{file} has no column {column!r}; it has: {known}.",
                file=file.path,
                column=name,
                known=", ".join(list(file.kinds)[:30]),
            )


def _names(measures: tuple[str, ...], waves: int) -> tuple[tuple[str, ...], ...]:
    """Return x1, x2 ... and y1, y2 ...: names that every model's text can hold."""
    return tuple(
        tuple(f"{letter}{wave}" for wave in range(1, waves + 1))
        for letter, _ in zip("xyz", measures, strict=False)
    )
