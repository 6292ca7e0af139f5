"""The rows that a fit used, one by one: what is needed to tell how it hangs on each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from anello.stats.discrete.formula import read as read_counted
from anello.stats.mixed.arrays import matrix, values
from anello.stats.mixed.design import Column
from anello.stats.mixed.formula import parse
from anello.stats.mixed.moved import Ints, Varied
from anello.stats.mixed.several.layout import coded, columns_read, layout
from anello.stats.moments import Floats

from .counts_file import columns
from .files import File, quoted
from .fit_glmm import designs
from .rows_file import ROW
from .scan import complete, levels, run


@dataclass(frozen=True, eq=False)
class Varying:
    """What varies by one group: `units` names its levels, `index` (n) says whose row it is."""

    label: str
    by: tuple[str, ...]
    units: tuple[str, ...]
    index: Ints
    names: tuple[str, ...]
    z: Floats

    def spread(self, found: Mapping[tuple[str, str], float]) -> Varied:
        """Return it with the covariance matrix of its effects, by the names of two of them."""
        g = np.zeros((len(self.names), len(self.names)))
        for i, one in enumerate(self.names):
            for j, other in enumerate(self.names):
                g[i, j] = found.get((one, other), found.get((other, one), 0.0))
        return Varied(self.label, self.names, self.index, self.z, g)


@dataclass(frozen=True, eq=False)
class Used:
    """The n rows that miss nothing: `rows` (n) are their places in the table that was given.

    `fixed` are the columns of the model and `x` (n x p) their values, `cells` the columns that the
    formula reads, as they stand.
    """

    rows: Ints
    fixed: tuple[Column, ...]
    x: Floats
    varying: tuple[Varying, ...]
    cells: Mapping[str, Any]
    outcome: Floats | None = None
    offset: Floats | None = None


def of_mixed(formula: str, file: File) -> Used:
    """Return the rows that a linear mixed model uses of a file made by `rows_file.file_of`."""
    parsed = parse(formula)
    names = columns_read(parsed)
    found = layout(parsed, file.kinds, levels(file, coded(parsed, file.kinds), names))
    cells, rows = _cells(file, names)
    varying = [_varying(t.label, t.by, t.columns, cells) for t in found.terms]
    return Used(
        rows,
        found.design.fixed,
        matrix(found.design.fixed, cells, len(rows)),
        _merged(varying),
        cells,
        values(found.design.outcome.node, cells, len(rows)),
    )


def of_counted(formula: str, file: File, family: str) -> Used:
    """Return the rows that a model of counts uses; an ordinal one keeps a column of ones."""
    parsed = read_counted(formula, ordinal=family == "ordinal")
    names = columns(parsed, file.kinds, None)
    found = designs(file, parsed, names)
    cells, rows = _cells(file, names)
    varying = []
    for part, design in zip(parsed.varying, found, strict=True):
        by = part.group[::-1] if part.nested else part.group
        inside = tuple(c for block in design.blocks for c in block)
        varying.append(_varying(part.name, by, inside, cells))
    offset = None if parsed.offset is None else values(parsed.offset.node, cells, len(rows))
    x = matrix(found[0].fixed, cells, len(rows))
    return Used(rows, found[0].fixed, x, _merged(varying), cells, offset=offset)


def _cells(file: File, names: Sequence[str]) -> tuple[dict[str, Any], Ints]:
    wanted = ", ".join(quoted(name) for name in (*names, ROW))
    where = complete(file, tuple(names))
    sql = f"select {wanted} from {file.name} where {where} order by {quoted(ROW)}"
    found = run(file, sql).fetchnumpy()
    return {name: np.asarray(found[name]) for name in names}, np.asarray(found[ROW], np.int64)


def _varying(
    label: str, by: Sequence[str], inside: Sequence[Column], cells: Mapping[str, Any]
) -> Varying:
    """Return what varies by one group; levels are named as the fit names them."""
    parts = [cells[name] for name in by]
    said = [":".join(map(str, row)) for row in zip(*parts, strict=True)]
    units, index = np.unique(np.array(said, dtype=str), return_inverse=True)
    z = matrix(inside, cells, len(said))
    names = tuple(column.name for column in inside)
    return Varying(label, tuple(by), tuple(units.tolist()), index.astype(np.int64), names, z)


def _merged(found: Sequence[Varying]) -> tuple[Varying, ...]:
    """Return terms of one group as one; a column that varies twice by it stands once."""
    out: dict[str, Varying] = {}
    for one in found:
        held = out.get(one.label)
        if held is None:
            out[one.label] = one
            continue
        fresh = [i for i, name in enumerate(one.names) if name not in held.names]
        names = (*held.names, *(one.names[i] for i in fresh))
        z = np.hstack((held.z, one.z[:, fresh]))
        out[one.label] = Varying(one.label, one.by, one.units, one.index, names, z)
    return tuple(out.values())
