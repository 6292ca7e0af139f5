"""Moments in a file: the sums of one day or one region, so that no answer needs to be sent.

Moments of parts add up to those of the whole, so a model is fitted from many such files as if all
the rows had come. The file is Parquet: one line per group, the rest in its metadata.
"""

import json
from collections.abc import Sequence
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from anello.model.disclosure import Disclosure
from anello.model.errors import OutputError, SourceError
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
    pq.write_table(_table(taken, said), out)
    return {
        "formula": formula,
        "n": taken.n,
        "groups": len(taken.groups),
        "withheld_groups": taken.withheld,
        "dropped": taken.dropped,
        "fingerprint": taken.fingerprint,
    }


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
    except (pa.ArrowException, KeyError, ValueError):
        raise SourceError(
            "{file} holds no moments; write it with `anello moments`.", file=path
        ) from None
    r, m = told["varying"], len(told["columns"])
    by_group = np.array([[table[f"s{i}_{j}"].to_numpy() for j in range(m)] for i in range(r)])
    return (
        Moments(
            tuple(told["columns"]),
            np.array(told["shift"]),
            np.array(table["group"].to_pylist()),
            by_group,
            np.array(told["total"]),
            *(told[key] for key in ("dropped", "k", "withheld", "withheld_rows", "sql")),
        ),
        told,
    )


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
    kinds = {name: Kind(kind) for name, kind in first["kinds"].items()}
    known = {name: tuple(found) for name, found in first["levels"].items()}
    return whole, design(parse(first["formula"]), kinds, known)


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
