"""Moments in a file: the sums of one day or one region, so that no answer needs to be sent.

Moments of parts add up to those of the whole, so a model is fitted from many such files as if all
the rows had come. The file is Parquet: one line per group, the rest in its metadata.
"""

import io
import json
import os
from collections.abc import Sequence
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from anello.model.disclosure import Disclosure
from anello.model.errors import FormulaError, OutputError, SourceError
from anello.stats.mixed.design import Design, Kind, design, factors, reads
from anello.stats.mixed.formula import parse
from anello.stats.mixed.lmm import fit
from anello.stats.moments import Moments

from .files import loaded, open_file
from .lmm_result import criteria, fixed, varcomp
from .moments_file import moments
from .scan import levels

FORMAT = b"anello moments"
SAME = ("formula", "kinds", "levels")
OTHERWISE = (KeyError, ValueError, TypeError, AttributeError, IndexError)
"""What reading another file as moments may raise."""


def ship(formula: str, path: Path, out: Path, k: int = 5) -> dict[str, Any]:
    """Write the moments that a formula needs of a file; groups of fewer than `k` rows stay behind.

    A group that is small every day is kept back every day: ship longer periods then. Raises
    `OutputError` if `out` exists; `FormulaError`, `SourceError` or `ModelError` as `fit_lmm` does.
    """
    if out.exists():
        raise OutputError("{file} exists already; name a new file.", file=out)
    read, file = parse(formula), open_file(path)
    named, columns = factors(read, file.kinds), reads(read)
    file = loaded(file, columns)
    known = levels(file, named, columns)
    taken = moments(file, design(read, file.kinds, known), Disclosure(k))
    kinds = {name: file.kinds[name].value for name in columns}
    said = {"formula": formula, "kinds": kinds, "levels": known}
    _write(_table(taken, said), out)
    return {
        "formula": formula,
        "n": taken.n,
        "groups": len(taken.groups),
        "withheld_groups": taken.withheld,
        "dropped": taken.dropped,
        "fingerprint": taken.fingerprint,
    }


def _write(table: pa.Table, out: Path) -> None:
    """Write a new file whole or not at all."""
    sink = io.BytesIO()
    pq.write_table(table, sink)
    try:
        with out.open("xb") as file:
            try:
                file.write(sink.getvalue())
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                out.unlink()
                raise
    except OSError as error:
        raise OutputError(
            "{file} cannot be written: {reason}.", file=out, reason=error.strerror or error
        ) from None


def _table(taken: Moments, said: dict[str, Any]) -> pa.Table:
    r, m, _ = taken.by_group.shape
    columns = {f"s{i}_{j}": taken.by_group[i, j] for i in range(r) for j in range(m)}
    rest = {
        "columns": taken.columns,
        "shift": taken.shift.tolist(),
        "total": taken.total.tolist(),
        "varying": r,
        "dropped": taken.dropped,
        "k": taken.k,
        "withheld": taken.withheld,
        "withheld_rows": taken.withheld_rows,
        "sql": taken.sql,
    }
    table = pa.table({"group": pa.array(taken.groups.tolist()), **columns})
    return table.replace_schema_metadata({FORMAT: json.dumps(said | rest).encode()})


def received(path: Path) -> tuple[Moments, dict[str, Any]]:
    """Return the moments of a file and what they are of; `SourceError` if it holds none."""
    if not path.is_file():
        raise SourceError("There is no file {file}.", file=path)
    try:
        table = pq.read_table(path)
        told = json.loads((table.schema.metadata or {})[FORMAT])
        taken, found = _moments_of(table, told), _design_of(told)
        if (taken.columns, len(taken.by_group)) == (_names(found), len(found.varying)):
            return taken, told
        raise ValueError("columns")
    except (pa.ArrowException, OSError, RecursionError, FormulaError, *OTHERWISE):
        raise SourceError(
            "{file} holds no moments; write it with `anello moments`.", file=path
        ) from None


def _moments_of(table: pa.Table, told: dict[str, Any]) -> Moments:
    """Return the moments of a table; raise what any other table makes of it."""
    columns, r = tuple(map(str, told["columns"])), int(told["varying"])
    m, counts = len(columns), [told[key] for key in ("dropped", "k", "withheld", "withheld_rows")]
    if not all(type(n) is int and n >= 0 for n in counts) or not 0 < r <= m:
        raise ValueError("counts")
    by_group = np.array(
        [[table[f"s{i}_{j}"].to_numpy() for j in range(m)] for i in range(r)], dtype=float
    )
    shift, total = (np.array(told[key], dtype=float) for key in ("shift", "total"))
    whole = shift.shape == (m,) and total.shape == (m, m)
    if not whole or not all(np.isfinite(a).all() for a in (by_group, shift, total)):
        raise ValueError("shapes")
    groups = np.array(table["group"].to_pylist())
    dropped, k, withheld, rows = counts
    sql = str(told["sql"])
    return Moments(columns, shift, groups, by_group, total, dropped, k, withheld, rows, sql)


def together(paths: Sequence[Path]) -> tuple[Moments, Design]:
    """Return the moments of all files as one, with the design they were taken for.

    Raises `SourceError` if two files answer different formulas, or know other levels of a factor.
    """
    parts = [(path, *received(path)) for path in paths]
    _, _, first = parts[0]
    for path, _, told in parts[1:]:
        for key in SAME:
            if told[key] != first[key]:
                raise SourceError(
                    "{file} and {other} are moments of different models ({what} differ), so they "
                    "do not add.",
                    file=path,
                    other=paths[0],
                    what=key,
                )
    whole = reduce(lambda a, b: a + b, (part for _, part, _ in parts))
    return whole, _design_of(first)


def _design_of(told: dict[str, Any]) -> Design:
    kinds = {name: Kind(kind) for name, kind in told["kinds"].items()}
    known = {name: tuple(found) for name, found in told["levels"].items()}
    return design(parse(told["formula"]), kinds, known)


def _names(found: Design) -> tuple[str, ...]:
    return tuple(column.name for column in found.columns)


def fit_shipped(paths: Sequence[Path], ml: bool = False) -> dict[str, Any]:
    """Fit the mixed model that the files were written for, from their sums alone.

    Keys as `fit_lmm`, but for those that need rows; `files` and what was withheld beside them.
    """
    whole, found = together(paths)
    model = fit(whole, found, ml=ml)
    rows = fixed(model.effects)
    return {
        "model": "lmm",
        "formula": model.formula,
        "method": model.method,
        "files": len(paths),
        "n": model.n,
        "groups": {found.group: model.groups},
        "withheld_rows": whole.withheld_rows,
        "dropped": whole.dropped,
        "loglik": model.loglik,
        **criteria(model.loglik, len(rows) + len(model.spreads), model.n),
        "fixed": rows,
        "varcomp": varcomp(model.spreads),
        "converged": model.converged,
        "singular": model.singular,
        "gradient": model.gradient,
        "fingerprint": model.fingerprint,
    }
