"""Where people belong: the way to each unit as they gave it, and which units may not be shown."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from anello.listen.sources.base import GIVEN, Rows
from anello.model.chain import Chain, Source
from anello.model.notes import Note
from anello.protect.atoms import response
from anello.store import panel as panels

from .persons import Persons

Eligible = Mapping[tuple[str, str], float]
"""How many people may answer, by unit and wave."""


def ways(rows: Rows, hierarchy: Sequence[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the way from the top of the hierarchy to each unit as given, in each wave.

    Units that merged stand beside one another under the name of today, so that small ones join
    those that they merged with first.
    """
    table, given = rows.table, GIVEN in rows.table.columns
    if given:
        table = table.mutate(unit=table[GIVEN], home=table["unit"])
    columns = [*hierarchy, "home"] if given else list(hierarchy)
    found = {}
    for row in panels.facts(table, columns).to_pylist():
        above = [str(row.get(name) or "") for name in hierarchy if name in row]
        merged = [row["home"]] if given and row["home"] != row["unit"] else []
        found[row["unit"], row["wave"]] = (*above, *merged, row["unit"])
    return found


def eligible(source: Source, chain: Chain, rows: Sequence[Rows]) -> Eligible:
    """Return how many people may answer a source, where a measure of units counts them."""
    if source.eligible is None:
        return {}
    m = chain.measure(source.eligible)
    column = m.items[0].column
    found = panels.facts(next(r.table for r in rows if r.source.key == m.source), [column])
    cells = zip(*(found[c].to_pylist() for c in ("unit", "wave", column)), strict=True)
    return {(unit, wave): float(n) for unit, wave, n in cells if n is not None}


def blocked(persons: Persons, eligible: Eligible) -> frozenset[str]:
    """Return today's units in which more people answered than may: nothing of them is shown.

    A unit is not certified: whoever holds a code may name another. Where nobody knows how many may
    answer, nothing is blocked.
    """
    count = np.bincount(persons.home, minlength=len(persons.homes))
    return frozenset(
        unit
        for unit, n in zip(persons.homes, count.tolist(), strict=True)
        if n > eligible.get((unit, persons.wave), np.inf)
    )


def rates(persons: Persons, eligible: Eligible) -> dict[str, float]:
    """Return the share of each unit that answered, as the lower end of the range that is told."""
    count = np.bincount(persons.home, minlength=len(persons.homes))
    found = {}
    for unit, n in zip(persons.homes, count.tolist(), strict=True):
        may = eligible.get((unit, persons.wave), np.nan)
        told = response(n, round(may)) if np.isfinite(may) else None
        if told is not None:
            found[unit] = told[0] / 100
    return found


def note(blocked: Iterable[tuple[str, str]]) -> tuple[Note, ...]:
    """Return the sentence about units and waves that are blocked; none where none is."""
    told = ", ".join(f"{unit} ({wave})" for unit, wave in sorted(blocked))
    if not told:
        return ()
    return (
        Note("More people answered than may in {places}; nothing of them is shown.", places=told),
    )
