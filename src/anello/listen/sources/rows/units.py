"""Units that merge or change their name, as mappings with a date."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from anello.model.chain import Grain, Measure
from anello.model.errors import ChainFileError
from anello.model.notes import Note
from anello.model.place import Merge, Waves

from ..base import GIVEN
from .needs import Needs

OWN = "__own"
Cell = tuple[str, str]


def merged(
    table: ibis.Table,
    merges: Sequence[Merge],
    waves: Waves,
    measures: Sequence[Measure],
    needs: Needs,
    grain: Grain,
) -> tuple[ibis.Table, tuple[Note, ...]]:
    """Return the table with today's units, and what was renamed or pooled.

    Figures of a unit and wave that fall together are pooled: each measure weighted by its base
    column, by plain mean where a row has no base; bases are added up; the smallest coverage
    counts. People's answers only change the unit they belong to; `GIVEN` keeps the one they gave.
    """
    if not merges:
        return table, ()
    met = table.group_by("unit", "wave").aggregate(rows=table.count()).to_pyarrow()
    cells = {(r["unit"], r["wave"]): int(r["rows"]) for r in met.to_pylist()}
    named, notes = _named(merges, waves, cells)
    moved = table.mutate(unit=_renaming(table, named), **{OWN: table.unit})
    if grain is Grain.PERSON:
        return moved.rename({GIVEN: OWN}), notes
    pooled, note = _pooled(moved, measures, needs)
    return pooled, (*notes, *note)


def _named(
    merges: Sequence[Merge], waves: Waves, cells: dict[Cell, int]
) -> tuple[dict[Cell, str], tuple[Note, ...]]:
    """Return today's name of every unit and wave, merger after merger in time order."""
    keys = {wave for _, wave in cells}
    named = {cell: cell[0] for cell in cells}
    notes = []
    for i, merge in _in_time(merges, waves, keys):
        late = set(_late(i, merge, waves, keys))
        moves = [
            cell
            for cell, unit in named.items()
            if unit in merge.sources and (merge.backdate or cell[1] in late)
        ]
        named |= dict.fromkeys(moves, merge.into)
        if n := sum(cells[cell] for cell in moves):
            notes.append(_renamed(merge, n))
    return named, tuple(notes)


def _renaming(table: ibis.Table, named: dict[Cell, str]) -> ir.StringValue:
    """Return the unit column under today's names, as one expression."""
    changed: dict[tuple[str, str], list[str]] = {}
    for (unit, wave), name in sorted(named.items()):
        if unit != name:
            changed.setdefault((unit, name), []).append(wave)
    branches = [
        ((table.unit == unit) & table.wave.isin(waves), ibis.literal(name))
        for (unit, name), waves in changed.items()
    ]
    return ibis.cases(*branches, else_=table.unit) if branches else table.unit


def _in_time(merges: Sequence[Merge], waves: Waves, keys: set[str]) -> list[tuple[int, Merge]]:
    order = waves.sort(keys | {m.since for m in merges})
    rank = {key: i for i, key in enumerate(order)}
    return sorted(enumerate(merges), key=lambda pair: rank.get(pair[1].since, -1))


def _late(i: int, merge: Merge, waves: Waves, keys: set[str]) -> list[str]:
    """Return the waves from `since` on."""
    order = waves.sort(keys | {merge.since})
    counted = not waves.every and all(key.isdecimal() for key in keys)
    if merge.since not in order or (counted and not merge.since.isdecimal()):
        raise ChainFileError(
            "the merger into {into!r} is dated {since!r}, which is no wave.",
            path=("units", "merges", i, "since"),
            into=merge.into,
            since=merge.since,
        )
    return list(order[order.index(merge.since) :])


def _renamed(merge: Merge, n: int) -> Note:
    sources = ", ".join(merge.sources)
    if merge.backdate:
        return Note(
            "{n} row of {sources} is counted as {into}, earlier waves included.",
            "{n} rows of {sources} are counted as {into}, earlier waves included.",
            n=n,
            sources=sources,
            into=merge.into,
        )
    return Note(
        "{n} row of {sources} is counted as {into} from {since} on.",
        "{n} rows of {sources} are counted as {into} from {since} on.",
        n=n,
        sources=sources,
        into=merge.into,
        since=merge.since,
    )


def _pooled(
    table: ibis.Table, measures: Sequence[Measure], needs: Needs
) -> tuple[ibis.Table, tuple[Note, ...]]:
    sizes = table.group_by("unit", "wave").aggregate(n=table.count())
    together = sizes.filter(sizes.n > 1)
    found = together.aggregate(rows=together.n.sum(), cells=together.count())
    row = found.to_pyarrow().to_pylist()[0]
    if not row["cells"]:
        return table.drop(OWN), ()
    roles = _roles(measures)
    columns = {c: _pool(table, c, roles) for c in needs.numbers}
    texts = [c for c in table.columns if c not in {"unit", "wave", *columns} and c[:2] != "__"]
    columns |= {c: _text(table, c) for c in texts}
    note = Note(
        "{rows} figures of merged units were pooled into {n} figure, weighted by the base if "
        "there is one.",
        "{rows} figures of merged units were pooled into {n} figures, weighted by the base if "
        "there is one.",
        n=int(row["cells"]),
        rows=int(row["rows"]),
    )
    return table.group_by("unit", "wave").aggregate(**columns), (note,)


def _roles(measures: Sequence[Measure]) -> dict[str, str | None]:
    """Return, for each column, its base column, `+` for a base, `<` for a coverage, or None."""
    roles: dict[str, str | None] = {}
    for m in measures:
        for item in m.items:
            roles[item.column] = roles.get(item.column) or m.base
    for m in measures:
        if m.coverage:
            roles[m.coverage.column] = "<"
        if m.base:
            roles[m.base] = "+"
    return roles


def _pool(table: ibis.Table, column: str, roles: dict[str, str | None]) -> ir.FloatingScalar:
    value, role = table[column], roles.get(column)
    if role == "+":
        return value.sum()
    if role == "<":
        return value.min()
    if role is None:
        return value.mean()
    base = value.notnull().ifelse(table[role], ibis.null("float64"))
    weighted = (value * base).sum() / base.sum().nullif(0)
    return (base.count() == value.count()).ifelse(weighted, value.mean())


def _text(table: ibis.Table, column: str) -> ir.StringScalar:
    """Return the text of the row that already had today's name, else the first in the alphabet."""
    own = (table[OWN] == table.unit).ifelse(table[column], ibis.null("string"))
    return ibis.coalesce(own.max(), table[column].min())
