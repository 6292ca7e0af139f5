"""`anello fit ar1`: the inertia of one variable of a diary, from one file."""

from dataclasses import asdict
from math import inf
from time import perf_counter
from typing import Any

import numpy as np

from anello.model.errors import FormulaError, ModelError
from anello.stats.diary.ar1 import Inertia, Problem, broken, inertia, steps
from anello.stats.diary.columns import Complete, complete, controls
from anello.stats.diary.rows import Diary
from anello.stats.diary.terms import DiaryFormula, parse

from .diary_file import DAY, When, read


def fit_ar1(
    formula: str,
    path: str,
    *,
    person: str,
    time: str | None = None,
    day: str | None = None,
    prompt: str | None = None,
    night: str = "1",
    reml: bool = False,
) -> dict[str, Any]:
    """Fit y (or `y ~ x + z`) with a latent mean for each person and AR(1) deviations, exactly.

    `time` counts in steps, or `day` and `prompt` do: prompts one step apart, the night `night`
    steps ("break" begins each day anew). Keys: model, formula, method, phi, phi_se, phi_low,
    phi_high, phi_p, tau, sigma, params, loglik, naive_phi, pairs, n, persons, dropped, converged,
    seconds.
    """
    started = perf_counter()
    text = formula.strip()
    asked = parse(text if text.startswith("ar1(") else f"ar1({text})")
    if (time is None) == (day is None):
        raise FormulaError("Say when each row was written: either `time`, or `day` and `prompt`.")
    if day is None and night != "1":
        raise FormulaError("A night lies between days; name the column of the day.")
    when = When(day, prompt, time, night=_night(night))
    loaded = read(path, asked, person, when)
    found = complete(loaded.rows, asked.all)
    scanned = perf_counter()
    fitted = inertia_of(found, loaded.rows, asked, when.night, not reml)
    seconds = {"scan": scanned - started, "fit": perf_counter() - scanned}
    dropped = loaded.read - found.diary.n
    return {"model": "ar1", "formula": formula, **_plain(fitted), "dropped": dropped,
            "seconds": seconds}  # fmt: skip


def _night(text: str) -> float:
    if text == "break":
        return inf
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < inf:
        raise ModelError(
            "The night is a number of steps above 0, or `break`; {value!r} is neither.", value=text
        )
    return value


def inertia_of(
    found: Complete, rows: Diary, formula: DiaryFormula, night: float, ml: bool
) -> Inertia:
    """Fit complete rows; an infinite `night` begins each day anew."""
    kept = found.diary
    step = steps(kept.person, kept.time)
    if night == inf:
        day = kept.values[DAY]
        step = broken(step, np.concatenate([[True], np.diff(day) != 0]))
    columns, names = controls(found, rows, formula.terms)
    x = np.column_stack([np.ones(kept.n), columns])
    problem = Problem(kept.person, step, x, found[formula.outcome], not ml)
    return inertia(problem, ("(Intercept)", *names))


def _plain(m: Inertia) -> dict[str, Any]:
    return {
        "method": m.method,
        "phi": m.phi,
        "phi_se": m.se,
        "phi_low": m.low,
        "phi_high": m.high,
        "phi_p": m.p,
        "tau": m.tau,
        "sigma": m.sigma,
        "params": [asdict(t) for t in m.terms],
        "loglik": m.loglik,
        "naive_phi": m.naive,
        "pairs": m.pairs,
        "n": m.n,
        "persons": m.persons,
        "converged": m.converged,
    }
