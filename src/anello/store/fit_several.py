"""`anello fit lmm` with several groups, weights, other degrees of freedom, intervals or BLUPs.

Loaded only when a formula or an option asks for it: one group with Satterthwaite's df goes the
shorter way of `fit_lmm`.
"""

from collections.abc import Iterable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from anello.stats.mixed.formula import parse
from anello.stats.mixed.several.blups import Blups, blups
from anello.stats.mixed.several.fit import (
    Fitted,
    effects,
    fit,
    groups,
    robust_effects,
    spreads,
)
from anello.stats.mixed.several.gathered import Gathered
from anello.stats.mixed.several.layout import Layout, coded, columns_read, layout
from anello.stats.mixed.several.profile import Interval, profile
from anello.stats.mixed.terms import level_text

from .empty_columns import refuse_empty
from .files import File, loaded, opened
from .lmm_options import Options
from .lmm_result import criteria, finite, fixed, varcomp
from .predict_lmm import predicted
from .scan import levels
from .several_file import gather
from .unit_level import check_inside, check_named


def fit_several(formula: str, path: str | File, options: Options) -> dict[str, Any]:
    """Fit a linear mixed model with any groups; the keys are those of `fit_lmm`."""
    started = perf_counter()
    gathered, plan, file = gathered_file(formula, path, options)
    scanned = perf_counter()
    fitted = fit(gathered, plan, options.ml)
    table = robust_effects(fitted) if options.robust else effects(fitted, options.df)
    found = _plain(fitted, fixed(table[0]), options)
    if options.ci == "profile":
        _with_intervals(found, profile(fitted))
    if options.blups:
        found["blups"] = [row for term in blups(fitted) for row in _blup_rows(term)]
    if options.predict:
        found["predictions"] = predicted(fitted, Path(options.predict), file.kinds)
    seconds = {"scan": scanned - started, "fit": perf_counter() - scanned}
    return {**found, "dropped": fitted.gathered.dropped, "seconds": seconds}


def gathered_file(
    formula: str, path: str | File, options: Options
) -> tuple[Gathered, Layout, File]:
    """Return what a file says of a model: the sums, the model as columns, and the open file."""
    read = parse(formula)
    file = opened(path)
    named = coded(read, file.kinds)
    columns = columns_read(read)
    check_named(options.unit_level, file, columns)
    weights = options.weights
    kept = (*columns, weights) if weights in file.kinds else columns
    file = loaded(file, tuple(dict.fromkeys(kept)))
    refuse_empty(file, columns)
    found = layout(read, file.kinds, levels(file, named, columns))
    check_inside(options.unit_level, found.factors, file, found.design.reads)
    return gather(file, found, weights, outer=options.robust is not None), found, file


def fitted_file(formula: str, path: str, options: Options | None = None) -> Fitted:
    """Return the fitted model of a file as a value, for `effects`, `blups` and `profile`."""
    asked = options or Options()
    gathered, found, _ = gathered_file(formula, path, asked)
    return fit(gathered, found, asked.ml)


def _plain(fitted: Fitted, rows: list[dict[str, Any]], options: Options) -> dict[str, Any]:
    best = fitted.found.best
    return {
        "model": "lmm",
        "formula": fitted.layout.design.formula,
        "method": "ML" if options.ml else "REML",
        "n": fitted.gathered.n,
        "groups": groups(fitted),
        "loglik": fitted.loglik,
        **criteria(fitted.loglik, fitted.npar, fitted.gathered.n),
        "sigma": float(np.sqrt(fitted.sigma2)),
        "df": options.df if not options.robust else "satterthwaite",
        "robust": options.robust,
        "ci": options.ci,
        "weights": options.weights,
        "params": [{k: v for k, v in row.items() if k != "t"} for row in rows],
        "fixed": rows,
        "varcomp": varcomp(spreads(fitted)),
        "converged": best.converged,
        "singular": best.singular,
        "gradient": float(np.abs(np.where(best.point.theta == 0, 0, best.point.gradient)).max()),
    }


def _with_intervals(found: dict[str, Any], intervals: Iterable[Interval]) -> None:
    """Write profile intervals into the rows they belong to."""
    of = {(i.group, i.var1, i.var2): {"low": i.low, "high": i.high} for i in intervals}
    for row in found["varcomp"]:
        row |= finite(of[row["group"], row["var1"], row["var2"]])
    for key in ("params", "fixed"):
        for row in found[key]:
            row |= finite(of[None, row["term"], None])


def _blup_rows(term: Blups) -> Iterable[dict[str, Any]]:
    for j, level in enumerate(zip(*(column.tolist() for column in term.levels), strict=True)):
        label = ":".join(level_text(part) for part in level)
        for i, name in enumerate(term.names):
            value, sd = float(term.values[j, i]), float(term.sd[j, i])
            yield {"group": term.group, "level": label, "term": name, "value": value, "sd": sd}
