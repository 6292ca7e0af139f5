"""The design behind every number of a model of counts, as a linear model at the estimate."""

from typing import Any

import numpy as np

from anello.score.close.fits import RowFit
from anello.stats.discrete.formula import Outcome, read
from anello.stats.discrete.working import Working, binomial, ordinal, poisson
from anello.stats.mixed.design import ONES
from anello.stats.mixed.moved import moved
from anello.stats.mixed.terms import level_text
from anello.stats.moments import Floats
from anello.store.used_rows import Used

from .answer_fits import beside, left, spread


def behind(text: str, used: Used, found: dict[str, Any], family: str) -> RowFit:
    """Return the design behind every number that is told of a formula, at the estimate."""
    fixed = found["fixed"]
    if family == "ordinal":
        fixed = [{"term": ONES.name, "estimate": 0.0}, *fixed]
    mean = left(used, fixed)
    offset = np.zeros(len(mean)) if used.offset is None else used.offset
    modes = {(b["group"], b["unit"], b["term"]): b["mode"] for b in found["blups"]}
    varies = np.zeros(len(mean))
    for v in used.varying:
        own = np.array([[modes[v.label, unit, name] for name in v.names] for unit in v.units])
        varies += (v.z * own[v.index]).sum(axis=1)
    working = _working(read(text).outcome, used, found, family, mean + offset + varies)
    varied = spread(used, found["varcomp"], ("name1", "name2"))
    told = moved(used.x, varied, working.w, varies + working.left, residual=False)
    spreads = {name: row * working.per for name, row in told.spreads.items()}
    spreads["what the columns leave"] = told.columns
    names = tuple(c.name for c in used.fixed)
    outcome = read(text).outcome.columns
    return RowFit(
        text, names, used.x, told.weighted, working.per, spreads, used.rows,
        outcome, {"what the columns leave": beside(used, outcome)},
    )  # fmt: skip


def _working(
    outcome: Outcome, used: Used, found: dict[str, Any], family: str, eta: Floats
) -> Working:
    first = used.cells[outcome.columns[0]]
    if outcome.kind != "one":
        yes, other = first.astype(float), used.cells[outcome.columns[1]].astype(float)
        return binomial(eta, yes, yes + other if outcome.kind == "both" else other)
    if family == "poisson":
        return poisson(eta, first.astype(float))
    place = {text: i for i, text in enumerate(found["answers"])}
    category = np.array([place[level_text(v)] for v in first.tolist()], dtype=float)
    if family == "binomial":
        return binomial(eta, category, np.ones(len(eta)))
    return ordinal(eta, category, np.array([row["estimate"] for row in found["thresholds"]]))
