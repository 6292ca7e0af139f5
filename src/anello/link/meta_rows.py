"""The studies of one file as arrays: effects, variances, moderators, clusters."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anello.model.errors import ModelError
from anello.stats.meta.effect_sizes import (
    Effects,
    correlation,
    fisher_z,
    log_odds_ratio,
    log_risk_ratio,
)
from anello.stats.mixed.design import (
    Design,
    Kind,
    check_column,
    design,
    factors,
    logarithms,
    variables,
)
from anello.stats.mixed.terms import Algebra, Level, columns_of, evaluate, label
from anello.store.files import File, open_file, quoted
from anello.store.scan import complete

from .meta_spec import COUNTED, ROW, Spec

Array = NDArray[np.float64]
OPTIONAL = ("rxx", "ryy")


@dataclass(frozen=True, slots=True, eq=False)
class Studies:
    """What a meta-analysis reads of a file; `terms` are the columns of `x`, named as R names them.

    `r`, `n`, `rxx`, `ryy` are there for correlations only. `dropped` rows miss a value.
    """

    effects: Effects
    x: Array
    terms: tuple[str, ...]
    cluster: NDArray[Any] | None
    study: NDArray[Any] | None
    dropped: int
    extra: dict[str, Array]


class _Columns(Algebra):
    """Says columns in numpy."""

    def __init__(self, columns: dict[str, NDArray[Any]]) -> None:
        self.columns = columns

    def column(self, name: str) -> Any:
        return self.columns[name].astype(float)

    def log(self, value: Any) -> Any:
        return np.log(value)

    def equals(self, column: str, level: Level) -> Any:
        return (self.columns[column] == level).astype(float)


def read_studies(spec: Spec, path: Path) -> Studies:
    """Read the studies that a specification asks for; rows that miss a value are dropped.

    A reliability (`rxx`, `ryy`) may be missing. Raises `SourceError` for the file, `FormulaError`
    for columns it does not have, `ModelError` for figures that no study can have.
    """
    file = open_file(path)
    kinds = file.kinds | {ROW: Kind.INTEGER}
    needed, optional = _reads(spec, file.kinds)
    columns, dropped = _fetched(file, needed, optional)
    spoken = _spoken(spec, kinds)
    named = factors(spec.formula, spoken)
    levels = {name: tuple(sorted(set(columns[name].tolist()))) for name in named}
    made = design(spec.formula, spoken, levels)
    algebra = _Columns(columns)
    _check_logarithms(made, algebra)
    k = len(next(iter(columns.values())))
    x = np.column_stack([np.broadcast_to(evaluate(c.node, algebra), k) for c in made.fixed])
    extra = {key: columns[c].astype(float) for key, c in spec.columns.items()}
    if spec.measure not in COUNTED:
        extra["y"] = np.asarray(evaluate(made.outcome.node, algebra), dtype=float)
    return Studies(
        effects=_effects(spec.measure, extra),
        x=x.astype(float),
        terms=tuple(c.name for c in made.fixed),
        cluster=columns[spec.cluster] if spec.cluster else None,
        study=columns[spec.study] if spec.study else None,
        dropped=dropped,
        extra=extra,
    )


def _spoken(spec: Spec, kinds: dict[str, Kind]) -> dict[str, Kind]:
    """Return the kinds; the outcome of counts is only a name, and counts as a number."""
    if spec.measure not in COUNTED:
        return kinds
    return kinds | dict.fromkeys(columns_of(spec.formula.outcome.node), Kind.NUMBER)


def _reads(spec: Spec, kinds: dict[str, Kind]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns that every row must have, and those that a row may miss."""
    read = variables(spec.formula)[1 if spec.measure in COUNTED else 0 :]
    names = [name for v in read for name in columns_of(v.node)]
    names += [c for key, c in spec.columns.items() if key not in OPTIONAL]
    names += [name for name in (spec.cluster, spec.study) if name]
    optional = [c for key, c in spec.columns.items() if key in OPTIONAL]
    for name in (*names, *optional):
        check_column(name, kinds, spec.formula)
    for key, name in spec.columns.items():
        if kinds[name] not in (Kind.INTEGER, Kind.NUMBER):
            raise ModelError(
                "{key}={column}: the column {column!r} must hold numbers.", key=key, column=name
            )
    wanted = tuple(dict.fromkeys(name for name in names if name != ROW))
    return wanted, tuple(name for name in dict.fromkeys(optional) if name not in wanted)


def _fetched(
    file: File, needed: tuple[str, ...], optional: tuple[str, ...]
) -> tuple[dict[str, NDArray[Any]], int]:
    chosen = ", ".join(quoted(name) for name in (*needed, *optional))
    sql = f"select {chosen} from {file.name} where {complete(file, needed)}"
    rows = file.connection.execute(sql).fetchall()
    total = (file.connection.execute(f"select count(*) from {file.name}").fetchone() or (0,))[0]
    if not rows:
        raise ModelError("No study is left: every row of {file} misses a value.", file=file.path)
    found = {}
    for i, name in enumerate((*needed, *optional)):
        column = [row[i] for row in rows]
        missing = any(value is None for value in column)
        found[name] = np.array(column, dtype=float) if missing else np.array(column)
    return found, int(total) - len(rows)


def _check_logarithms(made: Design, algebra: _Columns) -> None:
    for node in logarithms(made):
        bad = int(np.sum(np.asarray(evaluate(node, algebra)) <= 0))
        if bad:
            raise ModelError(
                "log({term}) meets {rows} rows with zero or less; a logarithm needs numbers above "
                "zero.",
                term=label(node),
                rows=bad,
            )


def _effects(measure: str, given: dict[str, Array]) -> Effects:
    if measure == "cor":
        return correlation(given["y"], given["n"])
    if measure == "zcor":
        return fisher_z(given["y"], given["n"])
    if measure == "gen":
        return Effects(given["y"], given["v"] if "v" in given else given["se"] ** 2)
    ratio = log_risk_ratio if measure == "rr" else log_odds_ratio
    return ratio(given["ai"], given["bi"], given["ci"], given["di"])
