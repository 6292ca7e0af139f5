"""`anello fit lmm`: one mixed model from one file, as a dictionary ready for JSON.

For a person who already holds the rows. It starts neither Ibis nor anything that draws, because
starting them would take longer than the fit; and numpy is loaded while DuckDB scans.
"""

from importlib import import_module
from time import perf_counter
from typing import TYPE_CHECKING, Any

from anello.model.errors import ModelError
from anello.stats.mixed.design import Design, design, factors, reads
from anello.stats.mixed.formula import Formula, parse
from anello.store.files import File, loaded, opened
from anello.store.scan import Started, levels

from .lmm_options import Options
from .lmm_result import criteria, fixed, varcomp

if TYPE_CHECKING:
    from anello.stats.mixed.lmm import MixedModel


def fit_lmm(formula: str, path: str | File, **said: Any) -> dict[str, Any]:
    """Fit a linear mixed model to a CSV, TSV or Parquet file, or an open one; REML unless `ml`.

    `said` are the fields of `Options`. Keys: model, formula, method, n, dropped, groups, loglik,
    criterion (-2 loglik), aic, bic, sigma, fixed (params is the same without t), varcomp,
    converged, singular, gradient, seconds, what was asked (df, robust, ci, weights), and, if asked
    for, blups and predictions. Terms and variance components are named as lme4 names them, and a
    number that does not exist is None. Raises `FormulaError`, `SourceError` or `ModelError`, each
    one sentence.
    """
    options = Options(**said)
    options.check()
    read = parse(formula)
    if read.simple and options.plain:
        return _one_group(read, path, options)
    several: dict[str, Any] = import_module("anello.store.fit_several").fit_several(
        formula, path, options
    )
    return several


def _one_group(read: Formula, path: str | File, options: Options) -> dict[str, Any]:
    """Fit a model with one grouping column and nothing special asked, the quickest way."""
    started = perf_counter()
    file = opened(path)
    named = factors(read, file.kinds)
    columns = reads(read)
    if options.unit_level:
        import_module("anello.store.unit_level").check_named(options.unit_level, file, columns)
    file = loaded(file, columns)
    try:
        found = design(read, file.kinds, levels(file, named, columns))
        return _fitted(file, found, options, started)
    except ModelError:
        import_module("anello.store.empty_columns").refuse_empty(file, columns)
        raise


def _fitted(file: File, found: Design, options: Options, started: float) -> dict[str, Any]:
    scan = Started(file, found, constant=options.unit_level)
    numerics = import_module("anello.stats.mixed.lmm")
    gathered = import_module("anello.store.moments_file").gathered(file, scan)
    scanned = perf_counter()
    model: MixedModel = numerics.fit(gathered, found, ml=options.ml)
    seconds = {"scan": scanned - started, "fit": perf_counter() - scanned}
    plain = _plain(model, found.group, options)
    return {**plain, "dropped": gathered.dropped, "seconds": seconds}


def _plain(model: "MixedModel", group: str, options: Options) -> dict[str, Any]:
    rows = fixed(model.effects)
    return {
        "model": "lmm",
        "formula": model.formula,
        "method": model.method,
        "n": model.n,
        "groups": {group: model.groups},
        "loglik": model.loglik,
        **criteria(model.loglik, len(rows) + len(model.spreads), model.n),
        "sigma": model.spreads[-1].sd,
        "df": options.df,
        "robust": None,
        "ci": options.ci,
        "weights": None,
        "params": [{k: v for k, v in row.items() if k != "t"} for row in rows],
        "fixed": rows,
        "varcomp": varcomp(model.spreads),
        "converged": model.converged,
        "singular": model.singular,
        "gradient": model.gradient,
    }
