"""`anello fit riclpm`: who leads whom between two measures over waves, as a dictionary."""

import re
from pathlib import Path
from time import perf_counter
from typing import Any

from anello.model.errors import ModelError
from anello.model.words import say
from anello.stats.sem.fit import fit
from anello.stats.sem.language.syntax import parse
from anello.stats.sem.language.table import table
from anello.stats.sem.panel_models import clpm, dynamic_panel, riclpm

from .files import File, open_file
from .fit_sem import plain
from .sem_data import Asked, gathered, sensible, wish
from .wide import Wide, chosen, widened

MODELS = {"riclpm": riclpm, "clpm": clpm, "dpm": dynamic_panel}
WORD = re.compile(r'"([^"]+)"|([^\s,;]+)')


def fit_riclpm(
    measures: str,
    path: str,
    *,
    unit: str | None = None,
    wave: str | None = None,
    model: str = "riclpm",
    equal: bool = True,
    estimator: str = "ML",
) -> dict[str, Any]:
    """Fit a panel model of two measures to long rows, or to wide ones.

    Long: `measures` is "x y", with the columns of the `unit` and the `wave`. Wide, without these:
    "x1 x2 x3; y1 y2 y3", one row per unit. Names with spaces stand in double quotes. Missing
    waves are kept by full information. `equal` holds each lag the same over waves.

    Keys: those of `fit_sem`, and `lags` (x_to_y, y_to_x, stability and the difference, per wave if
    free, with 95 % intervals), `waves`, `names` (what x and y are), `text` (the model).
    Raises `ModelError` or `SourceError`, each one sentence.
    """
    started = perf_counter()
    if model not in MODELS:
        raise ModelError(
            "The panel model {name!r} is not known; use riclpm, clpm or dpm.", name=model
        )
    asked = Asked("lavaan", missing="fiml", estimator=estimator.upper())
    sensible(asked)
    wide, names = _wide(measures, open_file(Path(path)), unit, wave)
    x, y = wide.names
    text = MODELS[model](x, y, equal=equal)
    syntax = parse(text)
    data = gathered(syntax, wide.file, asked)
    shape = table(syntax, wish(asked, 1))
    sample = data.sample(shape)
    scanned = perf_counter()
    found = plain(fit(shape, sample, asked.estimator), asked)
    return {
        **found,
        "model": model,
        "lags": _lags(found),
        "names": dict(zip("xy", names, strict=True)),
        "waves": list(wide.waves),
        "text": text,
        "notes": [*_notes(model), *found["notes"]],
        "dropped": data.rows - sample.n,
        "seconds": {"scan": scanned - started, "fit": perf_counter() - scanned},
    }


def _wide(
    measures: str, file: File, unit: str | None, wave: str | None
) -> tuple[Wide, tuple[str, ...]]:
    lists = tuple(_words(part) for part in measures.split(";"))
    if unit is None and wave is None:
        if len(lists) != 2 or not all(lists):
            raise ModelError(
                "Name the columns of both measures wave by wave, as in {example!r}, or name the "
                "columns of unit and wave.",
                example="x1 x2 x3; y1 y2 y3",
            )
        return chosen(file, lists), (lists[0][0], lists[1][0])
    if unit is None or wave is None:
        raise ModelError("Long rows need both columns: that of the unit and that of the wave.")
    if len(lists) != 1 or len(lists[0]) != 2:
        raise ModelError("Name two measures, as in {example!r}.", example="engagement loyalty")
    return widened(file, lists[0], unit, wave), lists[0]


def _words(text: str) -> tuple[str, ...]:
    return tuple(quoted or plain_ for quoted, plain_ in WORD.findall(text))


def _lags(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each lag once, with its interval, then the differences of the directions."""
    lags: dict[str, dict[str, Any]] = {}
    for row in found["params"]:
        if row["op"] in ("~", ":=") and row["label"]:
            half = None if row["se"] is None else 1.959963984540054 * row["se"]
            lags.setdefault(
                row["label"],
                {
                    "lag": row["label"],
                    **{k: row[k] for k in ("estimate", "se", "z", "p", "std")},
                    "low": None if half is None else row["estimate"] - half,
                    "high": None if half is None else row["estimate"] + half,
                },
            )
    return list(lags.values())


def _notes(model: str) -> list[str]:
    if model != "clpm":
        return []
    return [
        say(
            "The CLPM cannot separate stable differences between units from change: where units "
            "differ for good, it shows a loop that is not there."
        )
    ]
