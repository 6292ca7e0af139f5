"""`anello fit sem`: one structural equation model from one file, as a dictionary ready for JSON.

For a person who already holds the rows. It starts neither Ibis nor anything that draws.
"""

from dataclasses import asdict
from math import isfinite
from pathlib import Path
from time import perf_counter
from typing import Any

from anello.model.words import say
from anello.stats.sem.chi_square import normal_tails
from anello.stats.sem.defined import Defined, defined
from anello.stats.sem.fit import Fitted, fit
from anello.stats.sem.language.syntax import parse
from anello.stats.sem.language.table import table
from anello.stats.sem.modification import modification_indices
from anello.stats.sem.standardise import standardised

from .files import open_file
from .sem_data import Asked, gathered, sensible, text_of, wish


def fit_sem(
    model: str,
    path: str,
    *,
    kind: str = "sem",
    cluster: str | None = None,
    missing: str = "listwise",
    estimator: str = "ML",
    group: str | None = None,
    equal: tuple[str, ...] = (),
    random_x: bool = False,
    modification: bool = False,
) -> dict[str, Any]:
    """Fit a structural equation model (lavaan's syntax, or a file that holds it) to a file of rows.

    Keys: model, kind, params, fit, converged, n, clusters, and beside them groups, dropped,
    defined, notes, modification (if asked), seconds. A number that does not exist is None. Level
    and group count from 1; a defined parameter of a model with several has 0. `chisq` is that of
    normal theory; robust estimators add `chisq_scaled`. Raises `FormulaError`, `SourceError` or
    `ModelError`, each one sentence.
    """
    asked = Asked(
        kind, cluster, missing, estimator.upper(), group, tuple(equal), random_x, modification
    )
    started = perf_counter()
    syntax = parse(text_of(model))
    sensible(asked)
    data = gathered(syntax, open_file(Path(path)), asked)
    found = table(syntax, wish(asked, len(data.labels)))
    sample = data.sample(found)
    scanned = perf_counter()
    fitted = fit(found, sample, asked.estimator)
    seconds = {"scan": scanned - started, "fit": perf_counter() - scanned}
    answer = plain(fitted, asked)
    groups = list(data.labels) if asked.group else []
    return {**answer, "groups": groups, "dropped": data.rows - sample.n, "seconds": seconds}


def plain(fitted: Fitted, asked: Asked) -> dict[str, Any]:
    """Return a fitted model as plain values."""
    several = len(fitted.sample.sizes) > 1
    found = defined(fitted)
    answer: dict[str, Any] = {
        "model": "sem",
        "kind": asked.kind,
        "estimator": asked.estimator,
        "params": [*_rows(fitted), *_defined(fitted, found, several)],
        "fit": finite(asdict(fitted.fit)),
        "converged": fitted.converged,
        "n": fitted.sample.n,
        "clusters": fitted.sample.clusters,
        "defined": [finite(asdict(d)) for d in found] if fitted.converged else [],
        "notes": _notes(fitted),
    }
    if asked.modification and fitted.converged:
        answer["modification"] = [finite(asdict(m)) for m in modification_indices(fitted)]
    return answer


def _rows(fitted: Fitted) -> list[dict[str, Any]]:
    estimates = fitted.estimates
    shape = fitted.structure
    std = standardised(fitted.table, shape, list(fitted.implied), estimates)
    out = []
    for row, estimate, se, one in zip(
        fitted.table.rows, estimates, fitted.errors, std, strict=True
    ):
        head = {"lhs": row.lhs, "op": row.op, "rhs": row.rhs, "level": row.level}
        tail = _tested(estimate, se, one)
        out.append({**head, "group": row.group, "label": row.label, **tail})
    return out


def _defined(fitted: Fitted, found: tuple[Defined, ...], several: bool) -> list[dict[str, Any]]:
    level = 0 if fitted.table.levels > 1 else 1
    return [
        {
            "lhs": d.name,
            "op": ":=",
            "rhs": d.text,
            "level": level,
            "group": 0 if several else 1,
            "label": d.name,
            **_tested(d.estimate, d.se, d.std),
        }
        for d in found
    ]


def _tested(estimate: float, se: float, std: float) -> dict[str, Any]:
    z = estimate / se if isfinite(se) and se > 0 else float("nan")
    p = normal_tails(z)
    return finite({"estimate": estimate, "se": se, "z": z, "p": p, "std": std})


def finite(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row in which what is not a finite number is None, as JSON has it."""
    return {k: None if isinstance(v, float) and not isfinite(v) else v for k, v in row.items()}


def _notes(fitted: Fitted) -> list[str]:
    notes = [_fault(code, what) for code, what in fitted.faults]
    clusters, npar = fitted.sample.clusters, fitted.fit.npar
    if not fitted.converged:
        notes.insert(
            0,
            say(
                "The search did not come to rest: these estimates are not a solution, and there "
                "are no errors and no fit."
            ),
        )
    elif not fitted.fit.df:
        notes.append(
            say("The model has no degrees of freedom: it fits any data, so its fit says nothing.")
        )
    if clusters is not None and npar > clusters:
        notes.append(
            say(
                "There are fewer clusters ({clusters}) than parameters ({npar}): errors and "
                "tests cannot be trusted.",
                clusters=clusters,
                npar=npar,
            )
        )
    return notes


def _fault(code: str, what: str) -> str:
    if code == "variance":
        return say("Improper solution: the variance {name} is negative.", name=what)
    if code == "marker":
        return say(
            "{name} hardly measures its latent variable and yet gives it its scale: name another "
            "indicator first.",
            name=what,
        )
    if code == "given":
        return say(
            "{name} is explained on one level and given on the other, where its mean and "
            "variance are held at the data; let covariates be random unless that is meant.",
            name=what,
        )
    return say(
        "Improper solution: the covariances of the latent variables on level {level} are "
        "impossible (a correlation beyond 1 or a negative variance).",
        level=what,
    )
