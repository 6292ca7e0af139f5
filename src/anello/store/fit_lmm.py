"""`anello fit lmm`: one mixed model from one file, as a dictionary ready for JSON.

For a person who already holds the rows. It starts neither Ibis nor anything that draws, because
starting them would take longer than the fit; and numpy is loaded while DuckDB scans.
"""

from dataclasses import asdict
from importlib import import_module
from math import isfinite
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from anello.stats.mixed.design import design, factors, reads
from anello.stats.mixed.formula import parse
from anello.store.files import loaded, open_file
from anello.store.scan import Started, levels

if TYPE_CHECKING:
    from anello.stats.mixed.lmm import MixedModel


def fit_lmm(formula: str, path: str, *, ml: bool = False) -> dict[str, Any]:
    """Fit a linear mixed model to a CSV, TSV or Parquet file, by REML unless `ml`.

    Keys: model, formula, method, n, dropped, groups, loglik, params, varcomp, converged, singular,
    seconds; terms and variance components are named as lme4 names them, and a number that does not
    exist is None. Raises `FormulaError`, `SourceError` or `ModelError`, each one sentence.
    """
    started = perf_counter()
    read = parse(formula)
    file = open_file(Path(path))
    named = factors(read, file.kinds)
    columns = reads(read)
    file = loaded(file, columns)
    found = design(read, file.kinds, levels(file, named, columns))
    scan = Started(file, found)
    numerics = import_module("anello.stats.mixed.lmm")
    gathered = import_module("anello.store.moments_file").gathered(file, scan)
    scanned = perf_counter()
    model: MixedModel = numerics.fit(gathered, found, ml=ml)
    seconds = {"scan": scanned - started, "fit": perf_counter() - scanned}
    return {**_plain(model, found.group), "dropped": gathered.dropped, "seconds": seconds}


def _plain(model: "MixedModel", group: str) -> dict[str, Any]:
    return {
        "model": "lmm",
        "formula": model.formula,
        "method": model.method,
        "n": model.n,
        "groups": {group: model.groups},
        "loglik": model.loglik,
        "params": [_finite(asdict(effect)) for effect in model.effects],
        "varcomp": [_finite(asdict(spread)) for spread in model.spreads],
        "converged": model.converged,
        "singular": model.singular,
    }


def _finite(row: dict[str, Any]) -> dict[str, Any]:
    return {k: None if isinstance(v, float) and not isfinite(v) else v for k, v in row.items()}
