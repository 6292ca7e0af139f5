"""How single answers hang on rows, shops and regions: linear mixed models.

The formula is that of `anello fit lmm`. Below thirty levels of a group the intervals are
Kenward-Roger's; of fewer than ten units only estimates are told. No effect of any single group, no
fitted value and no residual leaves.
"""

from typing import Any

import numpy as np

from anello.listen.study_rows import StudyRows
from anello.model.disclosure import Disclosure
from anello.model.evidence import Check
from anello.model.study import Study, StudyEffect, StudyFindings
from anello.score.close.fits import Fits, RowFit
from anello.stats.mixed.design import ONES, Column
from anello.stats.mixed.formula import parse as read
from anello.stats.mixed.moved import moved
from anello.stats.mixed.terms import Name, columns_of
from anello.store.fit_lmm import fit_lmm
from anello.store.used_rows import Used, of_mixed

from . import answer_doubts as doubted
from . import answer_rows
from . import answer_words as words
from .answer_fits import (
    FEW_UNITS,
    FEWEST_UNITS,
    Fitted,
    Held,
    beside,
    deviations,
    findings,
    left,
    spread,
)
from .answer_rows import Asked
from .base import known_settings

MOST_LEVELS = 5000
"""Kenward-Roger is asked for up to so many levels of all groups together."""


def parse(text: str) -> Asked:
    """Return what a formula reads; raises `FormulaError`."""
    found = read(text)
    outcome = found.outcome
    bare = frozenset(columns_of(outcome.node))
    groups = tuple(random.by for random in found.random)
    return answer_rows.asked(text, (found,), groups, bare, frozenset())


def check(study: Study) -> None:
    """Raise `ChainFileError` when a role, setting or formula is none of a mixed model's."""
    known_settings(study, {})
    answer_rows.check(study, parse)


def columns(study: Study) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns that the formulas read, all of them as words at first."""
    return (), answer_rows.columns(study, parse)


def numbers(study: Study, rows: StudyRows) -> tuple[str, ...]:
    """Return the columns to be read as numbers, by a look at rows that were read as words."""
    answer_rows.placed(study, rows)
    return answer_rows.numbers(study, rows, parse)


def customers(study: Study) -> tuple[str, ...]:
    """Return nothing: single answers have one source."""
    return ()


def fit(rows: StudyRows, study: Study, disclosure: Disclosure, seed: int) -> StudyFindings:
    """Fit every formula; each one needs as many persons with complete rows as the floor asks."""
    return fitted(rows, study, disclosure)[0]


def fitted(rows: StudyRows, study: Study, disclosure: Disclosure) -> tuple[StudyFindings, Fits]:
    """Return the findings, and the designs by which the ledger audits them."""
    return findings(_one, rows, study, columns(study)[1], disclosure)


def _one(text: str, held: Held) -> Fitted:
    used = of_mixed(text, held.file())
    persons, units = held.persons(used), held.units(used)
    if persons < held.least:
        return Fitted((doubted.too_few(text, held.least),))
    levels = [len(v.units) for v in used.varying]
    guarded = min(levels) < FEW_UNITS and sum(levels) <= MOST_LEVELS
    found = fit_lmm(text, held.file(), df="kr" if guarded else "satterthwaite")
    if not found["converged"]:
        return Fitted((doubted.no_rest(text),))
    doubts = [doubted.flat(text)] if found["singular"] else []
    if min(levels) < FEW_UNITS:
        doubts.append(doubted.few_groups(text, guarded=guarded))
    if held.repeated(used):
        doubts.append(doubted.repeated(text, held.study.column("person") or ""))
    if parse(text).products:
        doubts.append(doubted.products(text))
    method = "mixed model, Kenward-Roger" if guarded else "mixed model, Satterthwaite"
    effects, told = _told(text, held, used, found, method, described=units < FEWEST_UNITS)
    return Fitted(
        tuple(doubts), effects, told, _behind(text, used, found), persons=persons, units=units
    )


def _told(
    text: str, held: Held, used: Used, found: dict[str, Any], method: str, *, described: bool
) -> tuple[tuple[StudyEffect, ...], tuple[Check, ...]]:
    """Return coefficients and spreads, and what they say; `described` leaves intervals out."""
    outcome = _outcome(text)
    label = held.study.label(outcome)
    sizes = _sizes(used)
    effects, told = [], []
    for column, row, whole in zip(used.fixed, found["fixed"], held.of_units(used), strict=True):
        low, high = (None, None) if described else (row["low"], row["high"])
        std = sizes.get(column.name)
        b = row["estimate"]
        effects.append(
            StudyEffect(
                formula=text, name="intercept" if column == ONES else "slope",
                level="units" if whole and column != ONES else "rows", estimate=b, se=row["se"],
                df=row["df"], p=None if described else row["p"], low=low, high=high,
                standardised=None if std is None else b * std,
                std_low=None if std is None or low is None else low * std,
                std_high=None if std is None or high is None else high * std,
                source=column.name, target=outcome, pair=words.pair(text, column), method=method,
                drawn=column != ONES,
            )
        )  # fmt: skip
        if column != ONES:
            said = words.named(held.study, used, column)
            told.append(words.slope(text, column, said, label, b, low, high, described))
    effects += [_spread(text, row, outcome, method) for row in found["varcomp"] if not row["var2"]]
    if all(v.names == (ONES.name,) for v in used.varying):
        parts = [_variance(found, v.label) for v in used.varying]
        told.append(words.shares(held.study, used, label, [*parts, found["sigma"] ** 2], False))
    return tuple(effects), tuple(told)


def _outcome(text: str) -> str:
    """Return what is explained: a column, or an expression as it is written."""
    outcome = read(text).outcome
    return columns_of(outcome.node)[0] if isinstance(outcome.node, Name) else outcome.label


def _spread(text: str, row: dict[str, Any], outcome: str, method: str) -> StudyEffect:
    where = str(row["group"]) + ("" if row["var1"] in (None, ONES.name) else f", {row['var1']}")
    return StudyEffect(
        formula=text, name="standard deviation", level=where, estimate=row["sd"], target=outcome,
        method=method, drawn=False,
    )  # fmt: skip


def _variance(found: dict[str, Any], label: str) -> float:
    return sum(float(r["variance"]) for r in found["varcomp"] if _group(r["group"], label))


def _group(name: str, label: str) -> bool:
    return name == label or (name.startswith(f"{label}.") and name[len(label) + 1 :].isdigit())


def _sizes(used: Used) -> dict[str, float]:
    """Return SD(column) / SD(outcome) for columns of numbers, by name."""
    assert used.outcome is not None
    sd = float(used.outcome.std(ddof=1))
    return {
        c.name: float(used.x[:, j].std(ddof=1)) / sd
        for j, c in enumerate(used.fixed)
        if _plain(c) and sd > 0
    }


def _plain(column: Column) -> bool:
    return isinstance(column.node, Name)


def _behind(text: str, used: Used, found: dict[str, Any]) -> RowFit:
    """Return the design behind every number that is told of a formula."""
    assert used.outcome is not None
    varied = spread(used, found["varcomp"], ("var1", "var2"))
    n = len(used.rows)
    w = np.full(n, 1.0 / max(float(found["sigma"]) ** 2, 1e-300))
    told = moved(used.x, varied, w, used.outcome - left(used, found["fixed"]), residual=True)
    sizes = {f"{c.name}, its spread": deviations(used.x[:, j])
             for j, c in enumerate(used.fixed) if _plain(c)}  # fmt: skip
    if sizes:
        sizes[f"{_outcome(text)}, its spread"] = deviations(used.outcome)
    names = tuple(c.name for c in used.fixed)
    spreads = {**told.spreads, "what the columns leave": told.columns, **sizes}
    others = {f"{c.name}, its spread": columns_of(c.node) for c in used.fixed if _plain(c)}
    others["what the columns leave"] = beside(used, columns_of(read(text).outcome.node))
    return RowFit(
        text, names, used.x, told.weighted, np.ones(n), spreads, used.rows,
        columns_of(read(text).outcome.node), others, frozenset(sizes),
    )  # fmt: skip
