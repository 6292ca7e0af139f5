"""`anello fit drivers`: which themes go with an outcome, from one file, ready for JSON."""

from math import isfinite
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from anello.model.errors import ModelError
from anello.stats.relations.driver_bootstrap import DRAWS
from anello.stats.relations.driver_shares import DriverShares, driver_shares
from anello.stats.relations.drivers import EXACT

from .driver_rows import DriverRows, driver_rows

Json = dict[str, Any]
FEW = 10


def fit_drivers(
    formula: str,
    path: str,
    *,
    unit: str | None = None,
    level: str = "pooled",
    wave: str | None = None,
    bootstrap: int = DRAWS,
    seed: int = 1,
) -> Json:
    """Share the explained variance of an outcome among themes: `y ~ a + b + c`.

    `params` has one row a theme: r, beta (None for a theme of several columns, see `columns`), lmg
    and johnson (both add up to `r2`), the bootstrap's low, high and p_first, `apart` (above the
    yardstick, the 95th percentile of a random column's share) and `group` (from 1). `groups` share
    near-copies (|r| >= 0.9) out as one. Units are drawn with replacement, rows where no `unit` is
    named. `notes` are codes (see `_notes`). Raises `FormulaError`, `SourceError` or `ModelError`.
    """
    started = perf_counter()
    if bootstrap < 1:
        raise ModelError("The bootstrap needs at least one draw; {n} is none.", n=bootstrap)
    rows = driver_rows(formula, Path(path), unit=unit, level=level, wave=wave)
    if len(rows.themes) > EXACT:
        raise ModelError(
            "{n} themes cannot be shared out exactly; name at most {most}, or one of each kind.",
            n=len(rows.themes),
            most=EXACT,
        )
    found = driver_shares(
        rows.values, rows.unit, df=rows.df, seed=seed, sizes=rows.sizes, draws=bootstrap
    )
    return {
        "model": "drivers",
        "formula": formula,
        "level": level,
        "n": len(rows.values),
        "units": int(rows.unit.max()) + 1,
        "dropped": rows.dropped,
        "r2": found.columns.r2,
        "params": _themes(rows, found),
        "columns": _columns(rows, found),
        "yardstick": found.noise,
        "groups": _groups(rows, found),
        "dominance": _dominance(rows, found),
        "bootstrap": bootstrap,
        "draws": found.sure.draws,
        "seed": seed,
        "notes": _notes(rows, unit, level, found.sure.draws, bootstrap),
        "seconds": perf_counter() - started,
    }


def _themes(rows: DriverRows, found: DriverShares) -> list[Json]:
    starts = np.concatenate([[0], np.cumsum(rows.sizes)])
    group = {t: i for i, one in enumerate(found.groups, 1) for t in one.themes}
    return [
        {
            "term": theme,
            "r": float(found.columns.r[starts[t]]) if rows.sizes[t] == 1 else None,
            "beta": float(found.columns.beta[starts[t]]) if rows.sizes[t] == 1 else None,
            "lmg": float(found.share[t]),
            "johnson": float(found.weight[t]),
            "low": _finite(found.sure.low[t]),
            "high": _finite(found.sure.high[t]),
            "p_first": _finite(found.sure.first[t]),
            "apart": bool(found.apart[t]),
            "group": group[t],
        }
        for t, theme in enumerate(rows.themes)
    ]


def _columns(rows: DriverRows, found: DriverShares) -> list[Json]:
    both = zip(rows.columns, found.columns.r, found.columns.beta, strict=True)
    return [{"column": name, "r": float(r), "beta": float(beta)} for name, r, beta in both]


def _groups(rows: DriverRows, found: DriverShares) -> list[Json]:
    return [
        {
            "terms": [rows.themes[t] for t in one.themes],
            "lmg": one.share,
            "low": _finite(one.low),
            "high": _finite(one.high),
            "p_first": _finite(one.first),
        }
        for one in found.groups
    ]


def _dominance(rows: DriverRows, found: DriverShares) -> Json:
    """Return three tables: general; conditional on how many others are in; complete over each."""
    grades = found.dominance
    return {
        "general": [
            {"term": theme, "gain": float(gain)}
            for theme, gain in zip(rows.themes, grades.general, strict=True)
        ],
        "conditional": [
            {"term": theme} | {f"beside_{s}": float(gain) for s, gain in enumerate(gains)}
            for theme, gains in zip(rows.themes, grades.conditional, strict=True)
        ],
        "complete": [
            {"term": theme, "over": dict(zip(rows.themes, map(float, over), strict=True))}
            for theme, over in zip(rows.themes, grades.complete, strict=True)
        ],
    }


def _notes(rows: DriverRows, unit: str | None, level: str, draws: int, asked: int) -> list[str]:
    """Return codes of what a careful reader would ask first.

    `few_units`: below 10, the draws say little. `rows_of_units`: rows of one unit are taken as
    independent by the yardstick, which is then too short. `draws_left_out`: in some draws the
    themes could not be told apart.
    """
    found = []
    if int(rows.unit.max()) + 1 < FEW:
        found.append("few_units")
    if unit is not None and level == "pooled":
        found.append("rows_of_units")
    if draws < asked:
        found.append("draws_left_out")
    return found


def _finite(value: float) -> float | None:
    return float(value) if isfinite(value) else None
