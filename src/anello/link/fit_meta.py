"""`anello fit meta`: many studies of one effect, from one file, as a dictionary ready for JSON."""

from dataclasses import asdict
from math import isfinite, tanh
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from anello.model.errors import ModelError
from anello.stats.meta.heterogeneity import q_profile
from anello.stats.meta.hunter_schmidt import (
    artefact_distribution,
    bare_bones,
    individually_corrected,
)
from anello.stats.meta.moderators import MetaRegression, Prediction, regress
from anello.stats.meta.three_level import ThreeLevel, three_level

from .meta_rows import Studies, read_studies
from .meta_spec import Spec, read_spec

Json = dict[str, Any]
MEAN = ("(Intercept)",)
FEW = 10


def fit_meta(
    spec: str,
    path: str,
    *,
    method: str = "REML",
    knapp_hartung: bool = False,
    measure: str = "gen",
) -> Json:
    """Fit a meta-analysis to a CSV, TSV or Parquet file with one row per study (or effect).

    `spec` reads `r ~ 1 + moderator | study, n=ni`; see `meta_spec`. `| country/study` fits three
    levels, where `knapp_hartung` means t with k - p df. `measure`: cor (correlations as they are),
    zcor (as Fisher's z, given back as r too), gen (any effect, with v= or se=), rr and or (log
    ratios of counts). Correlations bring a Hunter-Schmidt synthesis when there is no moderator.
    `notes` are codes (see `_notes`). Raises `FormulaError`, `SourceError` or `ModelError`, each one
    sentence.
    """
    started = perf_counter()
    read = read_spec(spec, measure)
    studies = read_studies(read, Path(path))
    fitted = _nested if read.cluster else _flat
    found = {
        "model": "meta",
        "spec": spec,
        "measure": measure,
        "method": method,
        "knapp_hartung": knapp_hartung,
        "dropped": studies.dropped,
        "notes": _notes(read, studies),
        **fitted(studies, method, knapp_hartung),
    }
    if measure in ("cor", "zcor") and studies.terms == MEAN:
        found["hunter_schmidt"] = _psychometric(studies)
    if measure == "zcor" and studies.terms == MEAN:
        found["as_r"] = _as_r(found)
    found["seconds"] = perf_counter() - started
    return {key: _plain(value) for key, value in found.items()}


def _flat(studies: Studies, method: str, knapp_hartung: bool) -> Json:
    y, v, x = studies.effects.y, studies.effects.v, studies.x
    fit = regress(y, v, x, studies.terms, method=method, knapp_hartung=knapp_hartung)
    low, high = (None, None) if method == "FE" else q_profile(y, v, x)
    return _told(fit, studies) | {
        "tau2": fit.tau2,
        "tau": fit.tau2**0.5,
        "se_tau2": fit.se_tau2,
        "tau2_low": low,
        "tau2_high": high,
        "i2": fit.i2,
        "h2": fit.h2,
        "r2": fit.r2,
        "aic": fit.aic,
        "bic": fit.bic,
        "converged": True,
    }


def _nested(studies: Studies, method: str, knapp_hartung: bool) -> Json:
    cluster, study = studies.cluster, studies.study
    assert cluster is not None
    assert study is not None
    pairs = list(zip(cluster.tolist(), study.tolist(), strict=True))
    if len(set(pairs)) < len(pairs):
        twice = next(pair for pair in pairs if pairs.count(pair) > 1)
        raise ModelError(
            "{study!r} stands twice in {cluster!r}; after the bar the second name must tell the "
            "rows of a cluster apart.",
            study=twice[1],
            cluster=twice[0],
        )
    y, v, x = studies.effects.y, studies.effects.v, studies.x
    fit = three_level(y, v, cluster, x, studies.terms, method=method, t_test=knapp_hartung)
    return _told(fit, studies) | {
        "clusters": fit.clusters,
        "sigma2_between": fit.sigma2_between,
        "sigma2_within": fit.sigma2_within,
        "i2_between": fit.i2_between,
        "i2_within": fit.i2_within,
        "converged": fit.converged,
    }


def _told(fit: MetaRegression | ThreeLevel, studies: Studies) -> Json:
    new = fit.predict(np.ones(1)) if studies.terms == MEAN else None
    return {
        "k": fit.k,
        "params": [asdict(c) for c in fit.coefficients],
        "prediction": _interval(new) if new else None,
        "q": asdict(fit.q),
        "moderators": asdict(fit.moderators) if fit.moderators else None,
        "loglik": fit.loglik,
    }


def _interval(new: Prediction) -> Json:
    return {"low": new.new_low, "high": new.new_high}


def _psychometric(studies: Studies) -> Json:
    """Return the Hunter-Schmidt synthesis; corrected when both reliabilities have columns."""
    extra = studies.extra
    found: Json = {"bare_bones": asdict(bare_bones(extra["y"], extra["n"]))}
    if "rxx" in extra and "ryy" in extra:
        given = (extra["y"], extra["n"], extra["rxx"], extra["ryy"])
        found["artefact_distribution"] = asdict(artefact_distribution(*given))
        if (np.isfinite(extra["rxx"]) & np.isfinite(extra["ryy"])).sum() > 1:
            found["individually_corrected"] = asdict(individually_corrected(*given))
    return found


def _as_r(found: Json) -> Json:
    mean, new = found["params"][0], found["prediction"]
    numbers = {key: mean[key] for key in ("estimate", "low", "high")}
    numbers |= {"new_low": new["low"], "new_high": new["high"]}
    return {key: tanh(value) for key, value in numbers.items()}


def _notes(spec: Spec, studies: Studies) -> list[str]:
    """Return codes of what a careful reader would ask first.

    `repeated_studies`: some studies fill several rows, which count as independent; write
    `study/row` after the bar. `few_studies`: below 10, intervals without the Knapp-Hartung
    correction are too narrow.
    """
    study, notes = studies.study, list[str]()
    if study is not None and spec.cluster is None and len(set(study.tolist())) < len(study):
        notes.append("repeated_studies")
    if len(studies.effects.y) < FEW:
        notes.append("few_studies")
    return notes


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return None if isinstance(value, float) and not isfinite(value) else value
