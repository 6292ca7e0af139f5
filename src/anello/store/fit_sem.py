"""`anello fit sem`: one structural equation model from one file, as a dictionary ready for JSON.

For a person who already holds the rows. It starts neither Ibis nor anything that draws.
"""

import re
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path
from time import perf_counter
from typing import Any

from scipy.special import ndtr

from anello.model.errors import ModelError, SourceError
from anello.model.words import say
from anello.stats.sem.defined import defined
from anello.stats.sem.fiml import fiml
from anello.stats.sem.fit import ESTIMATORS, Fitted, fit
from anello.stats.sem.modification import modification_indices
from anello.stats.sem.rows import Wish
from anello.stats.sem.sample import Sample
from anello.stats.sem.single import single
from anello.stats.sem.standardise import standardised
from anello.stats.sem.syntax import Syntax, parse
from anello.stats.sem.table import Table, table
from anello.stats.sem.two_level import two_level
from anello.stats.sem.two_level_missing import two_level_missing

from .files import File, open_file
from .sem_sums import (
    Columns,
    cluster_pattern_rows,
    cluster_sums,
    complete_sums,
    groups,
    opened,
    pattern_rows,
    rows_of,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked beside model and file."""

    kind: str = "sem"
    cluster: str | None = None
    missing: str = "listwise"
    estimator: str = "ML"
    group: str | None = None
    equal: tuple[str, ...] = ()
    random_x: bool = False
    modification: bool = False


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
    syntax = parse(_text(model))
    _sensible(asked)
    file = open_file(Path(path))
    found, sample, labels, rows = _sampled(syntax, file, asked)
    scanned = perf_counter()
    fitted = fit(found, sample, asked.estimator)
    seconds = {"scan": scanned - started, "fit": perf_counter() - scanned}
    answer = plain(fitted, asked)
    more = {"groups": list(labels) if asked.group else [], "dropped": rows - sample.n}
    return {**answer, **more, "seconds": seconds}


def _text(model: str) -> str:
    """Return the model's text: of the file of that name, if there is one."""
    path = Path(model)
    if "\n" in model or len(model) > 1000:
        return model
    if path.is_file():
        return path.read_text("utf-8-sig")
    if not re.search(r"[~=:]", model) and model.strip():
        raise SourceError("There is no file {file}.", file=path)
    return model


def _sensible(asked: Asked) -> None:
    if asked.missing not in ("listwise", "fiml"):
        raise ModelError(
            "Missing values are handled by listwise or fiml; {name!r} is not known.",
            name=asked.missing,
        )
    if asked.estimator not in ESTIMATORS:
        raise ModelError(
            "The estimator {name!r} is not known; use ML, MLR or MLM.", name=asked.estimator
        )
    if asked.estimator == "MLM" and (asked.cluster or asked.missing == "fiml"):
        raise ModelError("MLM needs complete rows without clusters; use MLR.")
    if asked.cluster and asked.missing == "fiml" and asked.estimator != "ML":
        raise ModelError(
            "Robust errors with missing values inside clusters are not offered; use ML, or "
            "listwise."
        )


def _sampled(
    syntax: Syntax, file: File, asked: Asked
) -> tuple[Table, Sample, tuple[str, ...], int]:
    """Return the parameter table, what the data say, the groups and the number of rows."""
    levels = 2 if asked.cluster else 1
    robust = asked.estimator != "ML"
    draft = table(syntax, _wish(asked, syntax.most, levels))
    columns = _columns(draft, asked)
    file = opened(file, columns)
    labels = _in_order(groups(file, columns), syntax)
    found = table(syntax, _wish(asked, len(labels), levels))
    if asked.cluster and asked.missing == "fiml":
        sample = two_level_missing(
            found, tuple(cluster_pattern_rows(file, columns, g) for g in labels)
        )
    elif asked.cluster:
        clustered = (cluster_sums(file, columns, g, robust=robust) for g in labels)
        sample = two_level(found, tuple(clustered))
    elif asked.missing == "fiml":
        sample = fiml(found, tuple(pattern_rows(file, columns, g, robust=robust) for g in labels))
    else:
        whole = tuple(complete_sums(file, columns, g, robust=robust) for g in labels)
        sample = single(found, whole, centred=asked.estimator == "MLM")
    return found, sample, labels, rows_of(file)


def _wish(asked: Asked, count: int, levels: int) -> Wish:
    means = True if asked.missing == "fiml" else None
    return Wish(asked.kind, count, levels, asked.equal, means, asked.random_x)


def _in_order(found: tuple[str, ...], syntax: Syntax) -> tuple[str, ...]:
    """Return the groups in the order of the model's blocks, where these bear their names."""
    return syntax.groups if set(syntax.groups) == set(found) else found


def _columns(draft: Table, asked: Asked) -> Columns:
    by_level: dict[int, dict[str, None]] = {1: {}, 2: {}}
    for (_, level), role in draft.blocks.items():
        by_level[level] |= dict.fromkeys(role.observed)
    given = {r.lhs for r in draft.rows if r.given and r.own_variance}
    within = tuple(by_level[1])
    between = tuple(name for name in by_level[2] if name not in by_level[1])
    return Columns(
        within,
        between,
        asked.cluster or "",
        asked.group or "",
        tuple(n for n in within if n in given),
    )


def plain(fitted: Fitted, asked: Asked) -> dict[str, Any]:
    """Return a fitted model as plain values."""
    several = len(fitted.sample.sizes) > 1
    answer: dict[str, Any] = {
        "model": "sem",
        "kind": asked.kind,
        "estimator": asked.estimator,
        "params": [*_rows(fitted), *_defined(fitted, several)],
        "fit": _finite(asdict(fitted.fit)),
        "converged": fitted.converged,
        "n": fitted.sample.n,
        "clusters": fitted.sample.clusters,
        "defined": [_finite(asdict(d)) for d in defined(fitted)] if fitted.converged else [],
        "notes": _notes(fitted),
    }
    if asked.modification and fitted.converged:
        answer["modification"] = [_finite(asdict(m)) for m in modification_indices(fitted)]
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


def _defined(fitted: Fitted, several: bool) -> list[dict[str, Any]]:
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
        for d in defined(fitted)
    ]


def _tested(estimate: float, se: float, std: float) -> dict[str, Any]:
    z = estimate / se if isfinite(se) and se > 0 else float("nan")
    p = 2 * float(ndtr(-abs(z)))
    return _finite({"estimate": estimate, "se": se, "z": z, "p": p, "std": std})


def _finite(row: dict[str, Any]) -> dict[str, Any]:
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
