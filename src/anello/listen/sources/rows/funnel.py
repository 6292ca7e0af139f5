"""Which rows are left: answers that are none, rows filtered away, rows without unit or wave."""

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from anello.model.errors import SourceError
from anello.model.notes import Note

from ..base import useless
from .needs import Needs
from .stack import RAW, Stack

Step = tuple[ir.BooleanValue, Callable[[int], Note | None]]


def kept(stack: Stack, needs: Needs) -> tuple[ibis.Table, tuple[Note, ...]]:
    """Return the rows that are used, and a note for each reason why others are not.

    Rows that `where` filters away are what the chain file asked for, so they get no note; a
    filter that leaves nothing is an error. All counts come from one pass.
    """
    table = stack.table
    steps = [*_drops(stack), *_filters(table, needs), *_placeless(table)]
    left: ir.BooleanValue = ibis.literal(True)
    counts = {"all": table.count()}
    for i, (keep, _) in enumerate(steps):
        counts[f"n{i}"] = (left & ~keep).sum()
        left = left & keep
    found = table.aggregate(**counts).to_pyarrow().to_pylist()[0]
    lost = [int(found[f"n{i}"] or 0) for i in range(len(steps))]
    notes = [note(n) for (_, note), n in zip(steps, lost, strict=True) if n]
    if sum(lost) == found["all"]:
        raise _nothing(stack, needs)
    return table.filter(left), tuple(n for n in notes if n)


def _drops(stack: Stack) -> list[Step]:
    steps: list[Step] = []
    for i, drop in enumerate(stack.drops):
        column = stack.table[f"__drop{i}"]
        gone = column.isin(sorted(drop.values))
        if "" in drop.values:
            gone = gone.fill_null(True)
        steps.append((~gone.fill_null(False), lambda n, d=drop: Note(d.one, d.many, n=n)))  # type: ignore[misc]
    return steps


def _filters(table: ibis.Table, needs: Needs) -> list[Step]:
    return [
        ((table[f"__where{i}"] == value).fill_null(False), lambda n: None)
        for i, (_, value) in enumerate(needs.where)
    ]


def _placeless(table: ibis.Table) -> list[Step]:
    unit = ("{n} row without a unit was left out.", "{n} rows without a unit were left out.")
    wave = ("{n} row without a wave was left out.", "{n} rows without a wave were left out.")
    return [
        (table.unit.notnull(), lambda n: Note(*unit, n=n)),
        (table[RAW].notnull(), lambda n: Note(*wave, n=n)),
    ]


def _nothing(stack: Stack, needs: Needs) -> SourceError:
    name = stack.sheets[0].name
    for i, (column, value) in enumerate(needs.where):
        there = stack.table.select(v=f"__where{i}").distinct().order_by("v").limit(8)
        values = [v for v in there.to_pyarrow()["v"].to_pylist() if v is not None]
        if value not in values:
            return SourceError(
                "{file}: no row has {value!r} in the column {column!r}; it holds: {values}. "
                "Correct `where`.",
                file=name,
                value=value,
                column=column,
                values=", ".join(values),
            )
    return useless(name)
