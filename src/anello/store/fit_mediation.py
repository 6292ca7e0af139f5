"""`anello fit mediation`: how x goes over m to y inside a person, from one file."""

from dataclasses import asdict
from math import isfinite
from time import perf_counter
from typing import Any

from anello.model.errors import FormulaError, ModelError
from anello.stats.diary.columns import complete
from anello.stats.diary.mediation import Asked, Mediation, mediation
from anello.stats.diary.terms import parse

from .diary_file import When, read
from .fit_diary import spreads


def fit_mediation(
    formula: str,
    path: str,
    *,
    person: str,
    day: str | None = None,
    prompt: str | None = None,
    by: str = "prompt",
    slopes: str = "random",
    draws: int = 20_000,
    bootstrap: int = 0,
    ml: bool = False,
    seed: int = 1,
) -> dict[str, Any]:
    """Fit a 1-1-1 mediation `y ~ m ~ x` (Bauer, Preacher & Gil, 2006).

    Keys: model, formula, slopes, method, n, persons, dropped, loglik, params (a, b, c by level),
    effects (a*b, cov(a,b), indirect, direct, total, indirect between; Monte Carlo limits `low`,
    `high`, bootstrap limits when asked), varcomp, converged, singular, seconds. Raises
    `FormulaError`, `SourceError` or `ModelError`, each one sentence.
    """
    started = perf_counter()
    asked = parse(formula)
    if asked.kind != "mediation" or asked.mediator is None:
        raise FormulaError(
            "A mediation is written y ~ m ~ x: the outcome, what lies between, the beginning."
        )
    if slopes not in ("random", "fixed"):
        raise ModelError(
            "`{name}` cannot be {value!r}; known are: {known}.",
            name="slopes",
            value=slopes,
            known="random, fixed",
        )
    if any(t.lag for t in asked.all) and day is None:
        raise ModelError("lag( ) needs to know when a row was written; name the column of the day.")
    loaded = read(path, asked, person, When(day, prompt, whole_days=by == "day"))
    terms = (asked.terms[0], asked.mediator, asked.outcome)
    found = complete(loaded.rows, terms)
    scanned = perf_counter()
    how = Asked(slopes == "random", not ml, draws, bootstrap, seed)
    x, m, y = found.columns
    fitted = mediation(found.diary.person, x, m, y, how)
    seconds = {"scan": scanned - started, "fit": perf_counter() - scanned}
    head = {"model": "mediation", "formula": formula}
    dropped = loaded.read - found.diary.n if by == "prompt" else found.dropped
    return {**head, **_plain(fitted), "dropped": dropped, "seconds": seconds}


def _plain(m: Mediation) -> dict[str, Any]:
    params = [{"level": "within", **asdict(e)} for e in m.paths]
    params += [{"level": "between", **asdict(e)} for e in m.between]
    residuals = [("residual m", m.residual_m), ("residual y", m.residual_y)]
    return {
        "slopes": m.slopes,
        "method": m.method,
        "n": m.n,
        "persons": m.persons,
        "loglik": m.loglik,
        "params": [_finite(p) for p in params],
        "effects": [_finite(asdict(p)) for p in m.parts],
        "varcomp": spreads(m.names, m.g, residuals),
        "draws": m.draws,
        "bootstraps": m.bootstraps,
        "failed": m.failed,
        "converged": m.converged,
        "singular": m.singular,
    }


def _finite(row: dict[str, Any]) -> dict[str, Any]:
    return {k: None if isinstance(v, float) and not isfinite(v) else v for k, v in row.items()}
