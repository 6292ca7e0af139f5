"""Several figures of one unit and wave made one: the daily till becomes the month's."""

from collections.abc import Sequence

import ibis

from anello.model.chain import Measure, Source
from anello.model.notes import Note

from .needs import Needs


def rolled(
    table: ibis.Table, source: Source, measures: Sequence[Measure], needs: Needs
) -> tuple[ibis.Table, tuple[Note, ...]]:
    """Return one row for each unit and wave: figures added up or averaged, as the source says.

    Bases are added up and response rates averaged either way. A wave that the file holds only in
    part gives a smaller sum: declare `coverage` where that can happen.
    """
    if source.rollup is None:
        return table, ()
    added = {m.base for m in measures}
    shared = {m.response for m in measures} | {m.weight for m in measures}
    columns = {}
    for name in needs.numbers:
        total = name in added or (source.rollup == "sum" and name not in shared)
        columns[name] = table[name].sum() if total else table[name].mean()
    kept = {"unit", "wave", *columns}
    texts = [c for c in table.columns if c not in kept and not c.startswith("__")]
    columns |= {c: table[c].min() for c in texts}
    found = table.group_by("unit", "wave").aggregate(**columns)
    rows, cells = (int(t.count().to_pyarrow().as_py()) for t in (table, found))
    if rows == cells:
        return found, ()
    note = ADDED if source.rollup == "sum" else AVERAGED
    return found, (Note(*note, n=cells, rows=rows),)


ADDED = (
    "{rows} rows were added up into {n} figure of a unit and wave.",
    "{rows} rows were added up into {n} figures of units and waves.",
)
AVERAGED = (
    "{rows} rows were averaged into {n} figure of a unit and wave.",
    "{rows} rows were averaged into {n} figures of units and waves.",
)
