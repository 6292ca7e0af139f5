"""`anello fit diary`: inside a person and between persons, from one file.

For a person who already holds the rows. It starts neither Ibis nor anything that draws.
"""

from dataclasses import asdict
from math import isfinite
from time import perf_counter
from typing import Any

import numpy as np

from anello.model.errors import FormulaError, ModelError
from anello.stats.diary.columns import Complete, complete, controls, is_text
from anello.stats.diary.compliance import compliance
from anello.stats.diary.confounder import sensitivity
from anello.stats.diary.latent import Latent, latent
from anello.stats.diary.rows import Diary
from anello.stats.diary.sums import Effect
from anello.stats.diary.terms import DiaryFormula, Term, parse
from anello.stats.diary.within_between import WithinBetween, centred, within_between
from anello.stats.linear.student import quantile

from .diary_file import Loaded, When, read


def fit_diary(
    formula: str,
    path: str,
    *,
    person: str,
    day: str | None = None,
    prompt: str | None = None,
    by: str = "prompt",
    centring: str = "manifest",
    slopes: str = "random",
    ml: bool = False,
    confounder: float = 0.3,
) -> dict[str, Any]:
    """Fit what goes with what inside a person and between persons.

    Keys: model, formula, centring, slopes, method, n, persons, dropped, loglik, params, varcomp,
    sensitivity, compliance (with day), converged, singular, seconds. In `params` the `level` is
    intercept, within, between, difference (between minus within) or control. Columns named by `day`
    and `prompt`, texts and `raw(x)` enter as controls, not split. Raises `FormulaError`,
    `SourceError` or `ModelError`, each one sentence.
    """
    started = perf_counter()
    _choose("centring", centring, ("manifest", "latent"))
    _choose("slopes", slopes, ("random", "fixed"))
    _choose("by", by, ("prompt", "day"))
    if not 0 < confounder < 1:
        raise ModelError("The size of an unasked cause is a correlation between 0 and 1.")
    asked = parse(formula)
    if asked.kind != "levels":
        raise FormulaError(
            "This formula is of another model: use `anello fit mediation` for y ~ m ~ x and "
            "`anello fit ar1` for inertia."
        )
    when = When(day, prompt, whole_days=by == "day")
    loaded = read(path, asked, person, when)
    split, held = parted(asked, loaded.rows, (day, prompt))
    if any(t.lag for t in asked.all) and day is None:
        raise ModelError("lag( ) needs to know when a row was written; name the column of the day.")
    found = complete(loaded.rows, (asked.outcome, *split, *held))
    scanned = perf_counter()
    head = {"model": "diary", "formula": formula, "centring": centring}
    if centring == "latent":
        if held:
            raise ModelError(
                "Latent centring takes no controls; leave {terms} out, or centre on observed "
                "means.",
                terms=", ".join(t.label for t in held),
            )
        fitted = latent_of(found, asked, split)
        body = head | {"slopes": "fixed", "method": "ML"} | _plain_latent(fitted)
        effects = fitted.within
    else:
        made = manifest(found, loaded.rows, asked, split, held, slopes == "random", not ml)
        body = head | {"slopes": slopes, "method": made.method} | _plain(made)
        effects = tuple(s.within for s in made.slopes)
    body["dropped"] = loaded.read - found.diary.n if by == "prompt" else found.dropped
    body["sensitivity"] = _doubts(effects, found, confounder)
    if day is not None:
        body["compliance"] = _compliance(loaded, by)
    seconds = {"scan": scanned - started, "fit": perf_counter() - scanned}
    return {**body, "seconds": seconds}


def _choose(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ModelError(
            "`{name}` cannot be {value!r}; known are: {known}.",
            name=name,
            value=value,
            known=", ".join(known),
        )


def parted(
    formula: DiaryFormula, rows: Diary, clock: tuple[str | None, ...]
) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """Return the terms that are split in two, and the controls."""
    held = tuple(t for t in formula.terms if t.raw or is_text(rows, t) or t.column in clock)
    split = tuple(t for t in formula.terms if t not in held)
    if not split:
        raise ModelError(
            "Every term is a control; a diary asks after at least one x that changes inside people."
        )
    return split, held


def manifest(
    found: Complete,
    rows: Diary,
    formula: DiaryFormula,
    split: tuple[Term, ...],
    held: tuple[Term, ...],
    random: bool,
    reml: bool,
) -> WithinBetween:
    """Fit the model with observed person means."""
    x = np.column_stack([found[t] for t in split])
    names = tuple(t.label for t in split)
    others, other_names = controls(found, rows, held)
    y = found[formula.outcome]
    data = centred(found.diary.person, y, x, names, others, other_names)
    return within_between(data, random=random, reml=reml)


def latent_of(found: Complete, formula: DiaryFormula, split: tuple[Term, ...]) -> Latent:
    """Fit the model with latent person means."""
    x = np.column_stack([found[t] for t in split])
    names = tuple(t.label for t in split)
    return latent(found.diary.person, found[formula.outcome], x, names)


def _row(level: str, e: Effect, std: float | None = None) -> dict[str, Any]:
    fields = asdict(e)
    return _finite({"term": fields.pop("term"), "level": level, **fields, "std": std})


def _plain(m: WithinBetween) -> dict[str, Any]:
    params = [_row("intercept", m.intercept)]
    params += [_row("within", s.within, s.within_std) for s in m.slopes]
    params += [_row("between", s.between, s.between_std) for s in m.slopes if s.between]
    params += [_row("difference", s.difference) for s in m.slopes if s.difference]
    params += [_row("control", e) for e in m.controls]
    return {
        "n": m.n,
        "persons": m.persons,
        "loglik": m.loglik,
        "params": params,
        "varcomp": spreads(m.varying, m.g, [("residual", m.residual)]),
        "converged": m.converged,
        "singular": m.singular,
    }


def spreads(
    names: tuple[str, ...], g: Any, residuals: list[tuple[str, float]]
) -> list[dict[str, Any]]:
    """Return variances, then covariances (`sd` is the correlation), then residual variances."""
    sd = np.sqrt(np.diag(g))
    rows: list[dict[str, Any]] = []
    for i, one in enumerate(names):
        rows.append({"var1": one, "var2": None, "variance": float(g[i, i]), "sd": float(sd[i])})
    for i, one in enumerate(names):
        for k in range(i + 1, len(names)):
            size = float(sd[i] * sd[k])
            corr = float(g[i, k] / size) if size > 0 else None
            rows.append({"var1": one, "var2": names[k], "variance": float(g[i, k]), "sd": corr})
    for name, variance in residuals:
        rows.append({"var1": name, "var2": None, "variance": variance, "sd": float(variance**0.5)})
    return rows


def _plain_latent(m: Latent) -> dict[str, Any]:
    params = [_row("within", e) for e in m.within]
    params += [_row("between", e) for e in m.between]
    params += [_row("difference", e) for e in m.difference]
    residuals = [("residual within", m.residual[0]), ("residual between", m.residual[1])]
    varcomp = [
        {"var1": name, "var2": None, "variance": v, "sd": float(v**0.5) if v >= 0 else None}
        for name, v in residuals
    ]
    return {
        "n": m.n,
        "persons": m.persons,
        "loglik": m.loglik,
        "params": params,
        "varcomp": varcomp,
        "converged": m.converged,
        "singular": min(m.residual) <= 0,
    }


def _doubts(effects: tuple[Effect, ...], found: Complete, size: float) -> list[dict[str, Any]]:
    df = float(found.diary.n - found.diary.persons - len(effects))
    out = []
    for e in effects:
        if not (e.se > 0 and df > 0):
            continue
        t = quantile(0.975, e.df) if isfinite(e.df) else 1.959963984540054
        out.append({"term": e.term, **asdict(sensitivity(e.estimate, e.se, df, size, t))})
    return out


def _compliance(loaded: Loaded, by: str) -> dict[str, Any]:
    asked = loaded.asked // max(len(loaded.prompts), 1) if by == "day" else loaded.asked
    found = compliance(loaded.rows.person, max(asked, 1))
    classes = [{"from": a, "to": b, "persons": n} for a, b, n in found.classes]
    return {"asked": found.asked, "share": found.share, "classes": classes}


def _finite(row: dict[str, Any]) -> dict[str, Any]:
    return {k: None if isinstance(v, float) and not isfinite(v) else v for k, v in row.items()}
